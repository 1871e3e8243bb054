import { describe, expect, it } from 'vitest';
import { denyAll, parseAccessList } from '#src/operator/access-list.ts';
import type { ConfigMap } from '#src/operator/access-watch.ts';
import { createAccessWatch } from '#src/operator/access-watch.ts';

describe('the credentials list', () => {
  it('adds up all entries that name a namespace, by name or glob', () => {
    const list = parseAccessList(`
- namespaces: ["*"]
  ownAccount: true
- namespaces: [team-*]
  roleARNs: ["arn:aws:iam::444455556666:role/team-*"]
  externalID: abc
- namespaces: [team-a]
  actionARNs: ["arn:aws:sns:*:999988887777:pager"]
`);
    expect(list('team-a')).toEqual({
      ownAccount: true,
      roleARNs: ['arn:aws:iam::444455556666:role/team-*'],
      actionARNs: ['arn:aws:sns:*:999988887777:pager'],
      externalID: 'abc',
    });
    expect(list('other')).toEqual({ ownAccount: true, roleARNs: [], actionARNs: [] });
  });

  it('denies what no entry names', () => {
    expect(parseAccessList('- {namespaces: [a], ownAccount: true}')('ab')).toEqual(denyAll('ab'));
    expect(parseAccessList('[]')('a').ownAccount).toBe(false);
  });

  it.each([
    ['namespaces: a', 'must be a list of entries'],
    ['- {ownAccount: true}', 'entry 1: namespaces must name at least one'],
    ['- {namespaces: [a], ownAcount: true}', 'entry 1: unknown member ownAcount'],
    ['- {namespaces: [a]}\n- {namespaces: [b], ownAccount: "yes"}', 'entry 2: ownAccount must be true or false'],
    ['- {namespaces: [a], roleARNs: arn}', 'entry 1: roleARNs must be a list of strings'],
  ])('refuses %j with a sentence', (text, sentence) => {
    expect(() => parseAccessList(text)).toThrow(sentence);
  });
});

describe('the watch on the credentials list', () => {
  const holding = (text?: string): ConfigMap => ({
    metadata: { name: 'bedrock-monitor-credentials', namespace: 'bedrock-monitor-system' },
    ...(text !== undefined && { data: { 'credentials.yaml': text } }),
  });
  const good = '- {namespaces: [a], ownAccount: true, roleARNs: [r], externalID: e}';
  const watched = () => {
    const seen = { changes: 0, problems: new Array<unknown>() };
    const watch = createAccessWatch(
      () => void (seen.changes += 1),
      (error) => void seen.problems.push(error),
    );
    const put = (text?: string) =>
      watch.onConfigMap({ kind: 'added', key: 'k', object: holding(text), initial: false });
    return { watch, seen, put };
  };

  it('allows nothing before the list was read', () => {
    expect(watched().watch.current('a')).toEqual(denyAll('a'));
  });

  it('takes each change at once, and has every monitor looked at again', () => {
    const { watch, seen, put } = watched();
    put(good);
    expect(watch.current('a')).toMatchObject({ ownAccount: true, roleARNs: ['r'], externalID: 'e' });
    put('- {namespaces: [b], ownAccount: true}');
    expect(watch.current('a')).toEqual(denyAll('a'));
    expect(watch.current('b').ownAccount).toBe(true);
    expect(seen).toEqual({ changes: 2, problems: [] });
  });

  it.each([
    ['is no YAML', '- {namespaces: ['],
    ['is empty', ''],
    ['has one entry that is not understood', `${good}\n- {namespaces: [b], ownAcount: true}`],
  ])('allows nothing while the list %s, says why once, and goes on with the next good one', (_, text) => {
    const { watch, seen, put } = watched();
    put(good);
    put(text);
    expect(watch.current('a')).toEqual({ ...denyAll('a'), unreadable: true });
    expect(seen).toEqual({ changes: 2, problems: [expect.any(Error)] });
    put(good);
    expect(watch.current('a')).toMatchObject({ ownAccount: true });
    expect(watch.current('a').unreadable).toBeUndefined();
  });

  it('allows nothing where the ConfigMap has no list, or is gone', () => {
    const { watch, put } = watched();
    put(good);
    put();
    expect(watch.current('a')).toEqual(denyAll('a'));
    put(good);
    watch.onConfigMap({ kind: 'deleted', key: 'k', object: holding(good) });
    expect(watch.current('a')).toEqual(denyAll('a'));
  });
});
