import { describe, expect, it } from 'vitest';
import type { Decision, Terms } from '#src/domain/decide.ts';
import { decide, isOurs } from '#src/domain/decide.ts';
import type { Owner, Place } from '#src/domain/owner.ts';
import type { Planned } from '#src/domain/plan.ts';
import type { Change, LogGroup, Mark, Observed } from '#src/domain/resource.ts';

const owner: Owner = { cluster: 'prod', namespace: 'genai', name: 'production', uid: 'u' };
const place: Place = { accountID: '111122223333', region: 'us-east-1', partition: 'aws' };
const owned = (by: string): Mark => ({ state: 'Owned', by });
const mine = owned('prod/genai/production');
const never: Terms = { adoption: 'Never', hideForeignNames: false };
const change: Change = { path: 'retentionInDays', from: 30, to: 90 };

function group(management: LogGroup['management'] = 'Managed'): Planned {
  const resource: LogGroup = { kind: 'LogGroup', name: '/logs', management, tags: {} };
  return { resource, part: 'Logging', path: 'invocationLogging/logGroup', after: [] };
}

function policy(): Planned {
  const resource = { kind: 'DataProtectionPolicy', name: '/logs', document: {} } as const;
  return { resource, part: 'DataProtection', path: 'dataProtection', after: [] };
}

function tagged(by: string): LogGroup {
  return { kind: 'LogGroup', name: '/logs', management: 'Managed', tags: { 'bedrockmonitor.io/adopt-by': by } };
}

function seen({ resource }: Planned, mark: Mark): Observed {
  return { resource, mark };
}

function told(decision: Decision): string {
  return decision.do === 'refuse' ? `${decision.trouble.kind} ${decision.trouble.reason}` : decision.do;
}

describe('what to do about a resource', () => {
  it.each<[string, Planned, Mark | undefined, readonly Change[], string]>([
    ['nothing is there', group(), undefined, [], 'create'],
    ['ours, and as wanted', group(), mine, [], 'nothing'],
    ['ours, and different', group(), mine, [change], 'update'],
    ['nobody’s, though it looks as wanted', group(), { state: 'None' }, [], 'stall NotOwned'],
    ['nobody’s, and different', group(), { state: 'None' }, [change], 'stall NotOwned'],
    ['another monitor’s', group(), owned('prod/genai/other'), [change], 'stall OwnedByAnotherMonitor'],
    [
      'the same name in another namespace',
      group(),
      owned('prod/research/production'),
      [],
      'stall OwnedByAnotherMonitor',
    ],
    ['the same name in another cluster', group(), owned('test/genai/production'), [], 'stall OwnedByAnotherCluster'],
    ['a mark that is not of our form', group(), owned('terraform'), [], 'stall NotOwned'],
    ['not read, with nothing to change', group(), { state: 'Unread' }, [], 'nothing'],
    ['Unmanaged, and nobody’s: it is only used', group('Unmanaged'), { state: 'None' }, [], 'nothing'],
    [
      'Unmanaged, and another monitor’s',
      group('Unmanaged'),
      owned('prod/research/other'),
      [],
      'stall OwnedByAnotherMonitor',
    ],
    ['a policy under our document name', policy(), owned('bedrockmonitor_prod_genai_production'), [change], 'update'],
    ['a policy under a name of people', policy(), owned('audit'), [], 'stall NotOwned'],
    [
      'a policy of another monitor',
      policy(),
      owned('bedrockmonitor_prod_genai_other'),
      [],
      'stall OwnedByAnotherMonitor',
    ],
  ])('%s', (_, planned, mark, changes, expected) => {
    const observed = mark === undefined ? undefined : seen(planned, mark);
    expect(told(decide(planned, observed, changes, owner, place, never))).toBe(expected);
  });

  it.each<[string, Planned, Mark, Partial<Terms>, Partial<Observed>, string]>([
    ['nobody’s, under Always', group(), { state: 'None' }, { adoption: 'Always' }, {}, 'adopt'],
    [
      'nobody’s, as wanted already, under IfTagged without the tag',
      group(),
      { state: 'None' },
      { adoption: 'IfTagged' },
      {},
      'stall NotOwned',
    ],
    [
      'tagged for us',
      group(),
      { state: 'None' },
      { adoption: 'IfTagged' },
      { resource: tagged('genai/production') },
      'adopt',
    ],
    [
      'tagged for another',
      group(),
      { state: 'None' },
      { adoption: 'IfTagged' },
      { resource: tagged('genai/other') },
      'stall NotOwned',
    ],
    [
      'tagged for us, under Never',
      group(),
      { state: 'None' },
      {},
      { resource: tagged('genai/production') },
      'stall NotOwned',
    ],
    [
      'another monitor’s, under Always',
      group(),
      owned('prod/genai/other'),
      { adoption: 'Always' },
      {},
      'stall OwnedByAnotherMonitor',
    ],
    [
      'another cluster’s, under Always',
      group(),
      owned('test/genai/production'),
      { adoption: 'Always' },
      {},
      'stall OwnedByAnotherCluster',
    ],
    ['a policy under a name of people, under Always', policy(), owned('audit'), { adoption: 'Always' }, {}, 'adopt'],
    [
      'an alarm of another kind, under Always',
      group(),
      { state: 'None' },
      { adoption: 'Always' },
      { notAdoptable: 'It is a composite alarm.' },
      'stall NotOwned',
    ],
    [
      'an alarm of another kind that this monitor is about to delete',
      group(),
      { state: 'None' },
      { adoption: 'Always' },
      { goesFirst: true },
      'wait DependencyNotReady',
    ],
    [
      'Unmanaged, under Always: it is only used',
      group('Unmanaged'),
      { state: 'None' },
      { adoption: 'Always' },
      {},
      'nothing',
    ],
  ])('adopts: %s', (_, planned, mark, terms, rest, expected) => {
    const observed = { ...seen(planned, mark), ...rest };
    expect(told(decide(planned, observed, [], owner, place, { ...never, ...terms }))).toBe(expected);
  });

  it('keeps the names of other namespaces to itself where it is told to', () => {
    const terms = { ...never, hideForeignNames: true };
    const there = decide(group(), seen(group(), owned('prod/research/secret')), [], owner, place, terms);
    const here = decide(group(), seen(group(), owned('prod/genai/other')), [], owner, place, terms);
    expect(JSON.stringify('trouble' in there && there.trouble)).not.toMatch(/research|secret/);
    expect(here).toMatchObject({ trouble: { message: expect.stringContaining('genai/other') } });
  });

  it('names the owner and what to do', () => {
    const decision = decide(group(), seen(group(), owned('test/genai/other')), [], owner, place, never);
    expect(decision).toMatchObject({
      trouble: {
        message: expect.stringMatching(
          /log group \/logs belongs to BedrockMonitor genai\/other of cluster test.*remove the tags/,
        ),
      },
    });
  });

  it('never takes an unread mark for a licence to delete', () => {
    const { resource } = group();
    expect(isOurs(resource, { resource, mark: { state: 'Unread' } }, owner, place)).toBe(false);
    expect(isOurs(resource, { resource, mark: mine }, owner, place)).toBe(true);
  });
});
