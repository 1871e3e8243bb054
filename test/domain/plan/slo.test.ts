import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SLOEntry } from '#src/api/v1alpha1.ts';
import { badRequests, burnRate, burns, burnThreshold } from '#src/domain/plan/burn-rate.ts';
import { planSLOs } from '#src/domain/plan/slo.ts';
import type { Facts } from '#src/domain/plan.ts';
import { facts, planned, remarks, spec } from './given.ts';
import { evaluate, type Point, type Points } from './metric-math.ts';

const topic = (name: string) => `arn:aws:sns:us-east-1:111122223333:${name}`;
const routes = [
  { severity: 'Critical' as const, alarmActions: [topic('page')], okActions: [topic('page')] },
  { severity: 'Warning' as const, alarmActions: [topic('ticket')] },
];
const available: SLOEntry = { name: 'available', objective: 99.9, errors: {} };
const prompt: SLOEntry = { name: 'prompt', objective: 99, latency: { under: '2s' } };
const prefix = 'bedrockmonitor/test/genai/production';

const plan = (entry: SLOEntry, members: Parameters<typeof spec>[0] = {}, given: Partial<Facts> = {}, room = 500) =>
  planSLOs(spec({ notifications: { routes }, slos: [entry], ...members }), facts(given), room);

describe('an slo', () => {
  test('is four burn-rate alarms that set nothing off, and two composites that do', () => {
    const outcome = plan(available);
    expect(outcome.resources?.map(({ path, resource }) => `${resource.kind} ${resource.name} = ${path}`)).toEqual([
      `MetricAlarm ${prefix}/available/fast-1h = slos/available/fast-1h`,
      `MetricAlarm ${prefix}/available/fast-5m = slos/available/fast-5m`,
      `MetricAlarm ${prefix}/available/slow-6h = slos/available/slow-6h`,
      `MetricAlarm ${prefix}/available/slow-30m = slos/available/slow-30m`,
      `CompositeAlarm ${prefix}/available/fast = slos/available/fast`,
      `CompositeAlarm ${prefix}/available/slow = slos/available/slow`,
    ]);
    const windows = planned('MetricAlarm', outcome);
    expect(windows.map(({ threshold }) => threshold)).toEqual([1.44, 1.44, 0.6, 0.6]);
    expect(windows.map(({ metrics = [] }) => metrics.flatMap(({ metric }) => metric?.period ?? [])[0])).toEqual([
      3600, 300, 21_600, 1800,
    ]);
    for (const window of windows) {
      expect(window).toMatchObject({
        comparisonOperator: 'GreaterThanThreshold',
        evaluationPeriods: 1,
        datapointsToAlarm: 1,
        treatMissingData: 'notBreaching',
        alarmActions: [],
        okActions: [],
        insufficientDataActions: [],
      });
    }
    const [fast, slow] = planned('CompositeAlarm', outcome);
    expect(fast).toMatchObject({
      rule: `ALARM("${prefix}/available/fast-1h") AND ALARM("${prefix}/available/fast-5m")`,
      description:
        'The error budget of all models (99.9 % without failure over 30 days) burns more than 14.4 times too fast: at this rate 2 % of it are gone within 1h.',
      alarmActions: [topic('page')],
      okActions: [topic('page')],
    });
    expect(slow).toMatchObject({
      rule: `ALARM("${prefix}/available/slow-6h") AND ALARM("${prefix}/available/slow-30m")`,
      alarmActions: [topic('ticket')],
      okActions: [],
    });
    expect(outcome.resources?.[4]?.after.map(({ name }) => name)).toEqual([
      `${prefix}/available/fast-1h`,
      `${prefix}/available/fast-5m`,
    ]);
    expect(outcome).toMatchObject({ remarks: [], keep: [] });
  });

  test('per model all six, named by it', () => {
    const outcome = plan(available, { models: ['amazon.nova-pro-v1:0', 'm'] });
    expect(outcome.resources).toHaveLength(12);
    expect(outcome.resources?.[0]?.resource.name).toBe(`${prefix}/available/amazon.nova-pro-v1:0/fast-1h`);
    expect(outcome.resources?.at(-1)?.path).toBe('slos/available/m/slow');
    const dimensions = planned('MetricAlarm', outcome).flatMap(({ metrics = [] }) =>
      metrics.flatMap(({ metric }) => metric?.dimensions['ModelId'] ?? []),
    );
    expect(new Set(dimensions)).toEqual(new Set(['amazon.nova-pro-v1:0', 'm']));
    expect(plan({ ...available, models: [] }, { models: ['m'] }).resources).toHaveLength(6);
  });

  test('description, runbook and severities are those of the composites', () => {
    const outcome = plan({
      ...available,
      description: 'Chat is down.',
      runbookURL: 'https://runbooks.example.com/chat',
      fastBurn: { severity: 'Warning' },
      slowBurn: { severity: 'Info' },
    });
    const [fast, slow] = planned('CompositeAlarm', outcome);
    expect(fast?.description).toBe('Chat is down.\nRunbook: https://runbooks.example.com/chat');
    expect(fast?.alarmActions).toEqual([topic('ticket')]);
    expect(slow?.alarmActions).toEqual([]);
    expect(remarks(outcome)).toEqual(['NobodyNotified (note) slos']);
    expect(planned('MetricAlarm', outcome)[0]?.description).toContain('Part of slo available');
  });

  test('over latency counts the requests that take longer', () => {
    const [window] = planned('MetricAlarm', plan(prompt));
    expect(window?.threshold).toBe(14.4);
    expect(window?.metrics).toEqual([
      { id: 'slow', expression: '100 - FILL(within, 100)', label: 'Slow requests (%)', returnData: true },
      {
        id: 'within',
        metric: {
          namespace: 'AWS/Bedrock',
          name: 'InvocationLatency',
          dimensions: {},
          statistic: 'PR(:2000)',
          period: 3600,
        },
        returnData: false,
      },
    ]);
  });

  test('over TimeToFirstToken needs models', () => {
    const entry: SLOEntry = { ...prompt, latency: { under: '1s', metric: 'TimeToFirstToken' } };
    expect(remarks(plan(entry))).toEqual(['InvalidSpec slos/prompt']);
    expect(plan(entry, { models: ['m'] }).resources).toHaveLength(6);
  });

  test('may not notify what the platform does not allow', () => {
    const elsewhere = 'arn:aws:sns:us-east-1:999988887777:pager';
    const outcome = plan(available, {
      notifications: { routes: [{ severity: 'Critical', alarmActions: [elsewhere] }] },
    });
    expect(remarks(outcome)).toEqual(['ActionNotAllowed slos/available']);
    expect(outcome).toMatchObject({ resources: [], keep: ['Alarms'] });
  });

  test('patterns stand for the models in use; unknown, nothing is removed', () => {
    const entry = { ...available, models: ['amazon.*'] };
    const outcome = plan(entry, {}, { modelsInUse: { known: ['amazon.nova-pro-v1:0', 'cohere.embed-v4:0'] } });
    expect(outcome.resources).toHaveLength(6);
    expect(outcome.models).toEqual(['amazon.nova-pro-v1:0']);
    const unknown = plan(entry, {}, { modelsInUse: { unknown: 'time-out' } });
    expect(unknown).toMatchObject({ resources: [], keep: ['Alarms'] });
  });

  test('all of a model or nothing, within the room that there is', () => {
    const outcome = plan({ ...available, models: ['a', 'b', 'c'] }, {}, {}, 15);
    expect(outcome.resources).toHaveLength(12);
    expect(remarks(outcome)).toEqual(['TooManyResources slos/available']);
    expect(outcome.keep).toEqual(['Alarms']);
    expect(outcome.remarks?.[0]?.message).toContain('slo available needs 6 AWS alarms more');
  });
});

describe('burn rates', () => {
  test.each([
    [30, [14.4, 6]],
    [28, [13.44, 5.6]],
    [7, [3.36, 1.4]],
  ])('over %i days', (days, expected) => {
    expect(burns.map((burn) => burnRate(burn, days))).toEqual(expected);
  });

  test('stay under 100 percent for the loosest objective', () => {
    expect(burns.map((burn) => burnThreshold(burnRate(burn, 30), 95))).toEqual([72, 30]);
  });

  test('at which the share of the budget is gone after the long window', () => {
    for (const burn of burns) {
      for (const days of [7, 28, 30]) {
        const [long] = burn.windows;
        expect((burnRate(burn, days) * long.period) / (days * 86_400)).toBeCloseTo(burn.share, 10);
      }
    }
  });
});

/** What CloudWatch would compare with the threshold, from one window's sums by metric name. */
function bad(entry: SLOEntry, values: Readonly<Record<string, number>>): Point {
  const signal = badRequests(entry, 300, undefined);
  if (!('metrics' in signal)) throw new Error('no metric math');
  const points: Points = Object.fromEntries(
    signal.metrics.flatMap(({ id, metric }) => (metric ? [[id, values[metric.name]]] : [])),
  );
  const expressions = signal.metrics.filter(({ expression }) => expression !== undefined).reverse();
  const all = expressions.reduce<Points>(
    (known, { id, expression = '' }) => ({ ...known, [id]: evaluate(expression, known) }),
    points,
  );
  const [returned, ...more] = signal.metrics.filter(({ returnData }) => returnData);
  expect(more).toEqual([]);
  return all[returned?.id ?? ''];
}

describe('bad requests', () => {
  test.each<[string, SLOEntry, Parameters<typeof bad>[1], number]>([
    ['no traffic', available, {}, 0],
    ['no failure', available, { Invocations: 1000 }, 0],
    ['5 of 100, failures counted as invocations', available, { Invocations: 100, InvocationServerErrors: 5 }, 5],
    ['5 of 100, not counted: a little high', available, { Invocations: 95, InvocationServerErrors: 5 }, 500 / 95],
    ['throttles, which are never invocations', available, { Invocations: 95, InvocationThrottles: 5 }, 5],
    ['an outage, counted', available, { Invocations: 40, InvocationServerErrors: 40 }, 100],
    ['an outage, not counted', available, { InvocationServerErrors: 40 }, 100],
    ['all throttled', available, { InvocationThrottles: 40 }, 100],
    ['client errors do not count', available, { Invocations: 95, InvocationClientErrors: 5 }, 0],
    [
      'throttles below the line only where they count',
      { ...available, errors: { include: ['ServerErrors'] } },
      { Invocations: 100, InvocationServerErrors: 5, InvocationThrottles: 900 },
      5,
    ],
    ['latency without traffic', prompt, {}, 0],
    ['latency, 97 % in time', prompt, { InvocationLatency: 97 }, 3],
  ])('%s', (_, entry, values, expected) => {
    expect(bad(entry, values)).toBeCloseTo(expected, 10);
  });

  test('never come too late, whichever way AWS counts, and at most r/(1-r) too early', () => {
    const traffic = fc
      .record({ requests: fc.integer({ min: 1, max: 100_000 }), failed: fc.nat(100_000), throttled: fc.nat(1000) })
      .filter(({ requests, failed }) => failed <= requests);
    fc.assert(
      fc.property(traffic, ({ requests, failed, throttled }) => {
        const share = (failed + throttled) / (requests + throttled);
        const metrics = { InvocationServerErrors: failed, InvocationThrottles: throttled };
        const within = bad(available, { ...metrics, Invocations: requests }) ?? Number.NaN;
        const apart = bad(available, { ...metrics, Invocations: requests - failed }) ?? Number.NaN;
        expect(within).toBeCloseTo(100 * share, 8);
        expect(apart).toBeGreaterThanOrEqual(100 * share - 1e-8);
        expect(apart).toBeLessThanOrEqual(Math.min(100, share === 1 ? 100 : (100 * share) / (1 - share)) + 1e-8);
      }),
      { seed: 20_302, numRuns: 300 },
    );
  });
});
