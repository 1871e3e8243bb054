import { describe, expect, it } from 'vitest';
import { denyAll, parseAccessList } from '#src/operator/access-list.ts';

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
