import { describe, expect, it } from 'vitest';
import type { Reason } from '#src/api/reasons.ts';
import type { BedrockMonitor, BedrockMonitorStatus } from '#src/api/v1alpha1.ts';
import type { Findings } from '#src/domain/conclude.ts';
import { conclude } from '#src/domain/conclude.ts';
import { concludeDeletion } from '#src/domain/conclude-deletion.ts';
import { concludeBlocked } from '#src/domain/conclude-early.ts';
import type { Next } from '#src/domain/outcome.ts';
import { nextOf } from '#src/domain/outcome.ts';
import type { Part, Planned } from '#src/domain/plan.ts';
import type { Result, Trouble } from '#src/domain/result.ts';

const NOW = Date.parse('2026-01-01T00:00:00Z');
const trouble = (kind: Trouble['kind'], reason: Reason, retryAfterMs?: number): Trouble => ({
  kind,
  reason,
  message: `${reason}!`,
  ...(retryAfterMs !== undefined && { retryAfterMs }),
});
const wait = trouble('wait', 'Throttled');
const stall = trouble('stall', 'NotOwned');
const held = trouble('held', 'Suspended');

const monitor: BedrockMonitor = {
  apiVersion: 'bedrockmonitor.io/v1alpha1',
  kind: 'BedrockMonitor',
  metadata: { namespace: 'genai', name: 'one', uid: 'u', generation: 3, creationTimestamp: '2026-01-01T00:00:00Z' },
  spec: {
    region: 'us-east-1',
    alarms: [{ name: 'a', preset: 'Throttling' }],
    dashboards: [{ name: 'd', preset: 'Overview' }],
  },
};

function planned(name: string, part: Part = 'Alarms'): Planned {
  const resource = { kind: 'Dashboard', name, body: {}, tags: {} } as const;
  return { resource, part, path: name, after: [] };
}

function result(rest: Partial<Result> = {}, name = 'a'): Result {
  return { ref: { kind: 'Dashboard', name }, part: 'Alarms', path: name, state: 'InSync', ...rest };
}

function findings(rest: Partial<Findings>): Findings {
  return {
    monitor,
    now: NOW,
    identity: { accountID: '111122223333', arn: 'arn' },
    fresh: false,
    plan: { resources: [planned('a'), planned('d', 'Dashboards')], remarks: [], keep: [], models: [] },
    mode: 'Enforce',
    results: [result(), result({ part: 'Dashboards' }, 'd')],
    cost: { amountUSD: '0.00', pricesOf: '2026-11-01' },
    features: new Set(),
    recovered: true,
    inventory: [],
    ...rest,
  };
}

function read({ conditions = [] }: BedrockMonitorStatus): Record<string, string> {
  return Object.fromEntries(conditions.map(({ type, status, reason }) => [type, `${status} ${reason}`]));
}

const failing = (first: Trouble, second?: Trouble) =>
  findings({
    results: [
      result({ state: 'Failed', trouble: first }),
      result({ part: 'Dashboards', ...(second && { state: 'Failed', trouble: second }) }, 'd'),
    ],
  });

describe('what a pass comes to', () => {
  it.each<[string, Findings, Record<string, string>, Next['kind']]>([
    [
      'all was read back and is equal',
      findings({}),
      { Ready: 'True InSync', AlarmsConfigured: 'True InSync', DashboardsConfigured: 'True InSync' },
      'resync',
    ],
    ['the same, for the first time: reads lag', findings({ fresh: true }), { Ready: 'True InSync' }, 'confirm'],
    [
      'a person must act: Ready takes over the first failing part',
      failing(stall),
      {
        Ready: 'False NotOwned',
        AlarmsConfigured: 'False NotOwned',
        DashboardsConfigured: 'True InSync',
        Stalled: 'True NotOwned',
      },
      'stalled',
    ],
    ['waiting', failing(wait), { Ready: 'False Throttled', Reconciling: 'True Throttled' }, 'retry'],
    [
      'a stall and a wait: kstatus is patient as long as something moves',
      failing(stall, wait),
      { Ready: 'False NotOwned', Reconciling: 'True Throttled' },
      'retry',
    ],
    ['the user’s own wish is neither', failing(held), { Ready: 'False Suspended' }, 'resync'],
    [
      'a note leaves the part True',
      findings({
        plan: {
          resources: [planned('a')],
          remarks: [{ part: 'Alarms', path: 'a', reason: 'NobodyNotified', message: 'nobody', note: true }],
          keep: [],
          models: [],
        },
      }),
      { Ready: 'True InSync', AlarmsConfigured: 'True NobodyNotified' },
      'resync',
    ],
    [
      'a deletion of a part that the spec does not declare any more has no condition but Ready',
      findings({ results: [result({ part: 'Queries', state: 'Failed', trouble: stall }, 'q')] }),
      { Ready: 'False NotOwned', Stalled: 'True NotOwned', AlarmsConfigured: 'True InSync' },
      'stalled',
    ],
    [
      'logging that is still to be let go comes first',
      findings({ letGo: { done: false, trouble: trouble('wait', 'Progressing', 5_000) } }),
      { Ready: 'False Progressing', Reconciling: 'True Progressing' },
      'retry',
    ],
  ])('%s', (_, given, conditions, next) => {
    const outcome = conclude(given);
    const said = read(outcome.status);
    expect(said).toMatchObject(conditions);
    expect('Reconciling' in said && 'Stalled' in said).toBe(false);
    expect('Reconciling' in said).toBe('Reconciling' in conditions);
    expect('Stalled' in said).toBe('Stalled' in conditions);
    expect(outcome.next.kind).toBe(next);
    expect(outcome.status.observedGeneration).toBe(3);
  });

  it('says how many more troubles there are, and counts what is planned and what is in sync', () => {
    const { status } = conclude(
      findings({
        plan: { resources: [planned('a'), planned('b'), planned('c')], remarks: [], keep: [], models: [] },
        results: [
          result({ state: 'Failed', trouble: stall }, 'a'),
          result({ state: 'Waiting', trouble: wait }, 'b'),
          result({}, 'c'),
        ],
      }),
    );
    expect(status.conditions?.find(({ type }) => type === 'AlarmsConfigured')?.message).toBe('NotOwned! (and 1 more)');
    expect(status.alarms).toEqual({
      summary: '1/3',
      total: 3,
      inSync: 1,
      ok: 0,
      firing: 0,
      insufficientData: 0,
      firingNames: [],
    });
  });

  it('says the same twice in the same words, so that nothing is written', () => {
    const { status } = conclude(failing(stall));
    const again = conclude({ ...failing(stall), monitor: { ...monitor, status }, now: NOW + 600_000 });
    expect(again.status).toEqual(status);
    expect(again.events).toEqual([]);
  });

  it('lists those not in sync first, at most a hundred, and counts the rest', () => {
    const results = Array.from({ length: 150 }, (_, index) =>
      result(index === 149 ? { state: 'Failed', trouble: stall } : {}, `r${index}`),
    );
    const { status } = conclude(findings({ results }));
    expect(status.resources).toHaveLength(100);
    expect(status.resources?.[0]).toMatchObject({ name: 'r149', state: 'Failed', reason: 'NotOwned' });
    expect(status.resourcesOmitted).toBe(50);
  });

  it('takes out of the inventory only what was seen to be gone', () => {
    const inventory = ['gone', 'stays', 'newer'].map((name) => ({ kind: 'Dashboard', name }));
    const results = [
      result({ state: 'Gone', action: 'deleted' }, 'gone'),
      result({ state: 'Deleting', trouble: wait }, 'stays'),
    ];
    expect(conclude(findings({ inventory, results })).status.inventory?.map(({ name }) => name)).toEqual([
      'stays',
      'newer',
    ]);
  });

  it('calls the inventory whole only once everything was looked up', () => {
    expect(conclude(findings({ recovered: false })).status.inventoryUID).toBeUndefined();
    expect(conclude(findings({})).status.inventoryUID).toBe('u');
  });
});

describe('what is next', () => {
  it.each<[string, readonly Trouble[], Next]>([
    ['nothing wrong', [], { kind: 'resync' }],
    ['the slice is used up', [stall, trouble('wait', 'Progressing', 0)], { kind: 'continue' }],
    [
      'the shortest wait counts',
      [trouble('wait', 'Propagating', 9), trouble('wait', 'Paced', 5)],
      { kind: 'retry', afterMs: 5 },
    ],
    ['a wait that names no time grows', [wait], { kind: 'retry' }],
    ['a stall alone', [stall, held], { kind: 'stalled' }],
    ['only the user’s wish', [held], { kind: 'resync' }],
  ])('%s', (_, troubles, next) => {
    expect(nextOf(troubles)).toEqual(next);
  });
});

describe('a pass that could not begin', () => {
  it('keeps what is known, and says Unknown of every part', () => {
    const before = { ...monitor, status: conclude(findings({})).status };
    const { status, next, events } = concludeBlocked(before, trouble('stall', 'RoleNotAllowed'), NOW, {
      dryRunAll: false,
      features: new Set(),
    });
    expect(read(status)).toEqual({
      Ready: 'False RoleNotAllowed',
      AlarmsConfigured: 'Unknown RoleNotAllowed',
      DashboardsConfigured: 'Unknown RoleNotAllowed',
      Stalled: 'True RoleNotAllowed',
    });
    expect(status.inventory).toEqual(before.status.inventory);
    expect(next).toEqual({ kind: 'stalled' });
    expect(events.map(({ action, reason }) => `${action} ${reason}`)).toEqual(['Ready RoleNotAllowed']);
  });
});

describe('a deletion', () => {
  it('waits for a while, then says how to force it', () => {
    const blocked = { monitor, now: NOW, results: [], blockedBy: stall, release: false };
    expect(read(concludeDeletion(blocked).status)).toEqual({ Ready: 'False NotOwned', Stalled: 'True NotOwned' });
    const late = concludeDeletion({ ...blocked, leftMs: 0 });
    expect(read(late.status)).toEqual({ Ready: 'False DeletionBlocked', Stalled: 'True DeletionBlocked' });
    expect(late.status.conditions?.[0]?.message).toMatch(/force-orphan=true.*NotOwned!/);
  });

  it('tells in one Event each what was deleted and what stays', () => {
    const results = [
      result({ state: 'Gone', action: 'deleted' }, 'a'),
      result({ state: 'Gone', action: 'deleted' }, 'b'),
      result({ state: 'Gone', action: 'retained', ref: { kind: 'LogGroup', name: '/logs' } }),
      result({ state: 'Gone' }, 'seen by nobody'),
    ];
    const { events, next } = concludeDeletion({ monitor, now: NOW, results, release: true });
    expect(events.map(({ reason, note }) => `${reason}: ${note}`)).toEqual([
      'Deleted: deleted in AWS: Dashboard a, Dashboard b',
      'Retained: left in AWS: LogGroup /logs',
    ]);
    expect(next).toEqual({ kind: 'release' });
  });

  it('forgets logging once it is let go, so that it is not looked at again', () => {
    const holding = { ...monitor, status: { invocationLogging: { claimedBy: 'genai/one' } } };
    const given = { monitor: holding, now: NOW, results: [], blockedBy: wait, release: false };
    expect(
      concludeDeletion({ ...given, letGo: { done: true, message: 'off' } }).status.invocationLogging,
    ).toBeUndefined();
    expect(concludeDeletion({ ...given, letGo: { done: false, trouble: wait } }).status.invocationLogging).toEqual({
      claimedBy: 'genai/one',
    });
  });
});
