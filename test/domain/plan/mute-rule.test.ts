import { describe, expect, test } from 'vitest';
import type { BedrockMonitorSpec, MuteRuleEntry } from '#src/api/v1alpha1.ts';
import { planAllAlarms } from '#src/domain/plan/all-alarms.ts';
import { asISODuration, secondsOfISO } from '#src/domain/plan/iso-duration.ts';
import type { Facts } from '#src/domain/plan.ts';
import { facts, planned, remarks, spec } from './given.ts';

const prefix = 'bedrockmonitor/test/genai/production';
const route = { alarmActions: ['arn:aws:sns:us-east-1:111122223333:page'] };
const base = {
  notifications: { routes: (['Critical', 'Warning', 'Info'] as const).map((severity) => ({ severity, ...route })) },
  alarms: [
    { name: 'errors', preset: 'ErrorRate' },
    { name: 'calls', metric: { name: 'Invocations', statistic: 'Sum' }, threshold: 1, severity: 'Info' },
    { name: 'latency', preset: 'LatencyP99', models: ['m1', 'm2'] },
  ],
  slos: [{ name: 'goal', objective: 99, errors: {} }],
  compositeAlarms: [{ name: 'both', anyOf: ['errors', 'latency'], severity: 'Critical' }],
} satisfies Partial<BedrockMonitorSpec>;
const nights: MuteRuleEntry = { name: 'nights', cron: '0 2 * * SUN', duration: '3h' };

const plan = (entry: Partial<MuteRuleEntry>, members: Partial<BedrockMonitorSpec> = {}, given: Partial<Facts> = {}) =>
  planAllAlarms(spec({ ...base, muteRules: [{ ...nights, ...entry }], ...members }), facts(given));
const rules = (...args: Parameters<typeof plan>) => planned('AlarmMuteRule', plan(...args));
const muted = (...args: Parameters<typeof plan>) =>
  rules(...args).flatMap(({ alarmNames }) => alarmNames.map((name) => name.slice(prefix.length + 1)));

describe('a mute rule', () => {
  test('with nothing but what is required is over all alarms that can notify', () => {
    expect(plan({}).resources?.at(-1)).toEqual({
      resource: {
        kind: 'AlarmMuteRule',
        name: 'bedrockmonitor_test_genai_production_nights',
        expression: 'cron(0 2 * * SUN)',
        duration: 'PT3H',
        timeZone: 'UTC',
        alarmNames: ['both', 'calls', 'errors', 'goal/fast', 'goal/slow', 'latency/m1', 'latency/m2'].map(
          (name) => `${prefix}/${name}`,
        ),
        tags: { 'bedrockmonitor.io/cluster': 'test', 'bedrockmonitor.io/monitor': 'genai/production' },
      },
      part: 'Alarms',
      path: 'muteRules/nights',
      after: [],
    });
    expect(plan({})).toMatchObject({ remarks: [], keep: [] });
  });

  test('with everything written', () => {
    const { cron: _, ...once } = nights;
    const [rule] = planned(
      'AlarmMuteRule',
      planAllAlarms(
        spec({
          ...base,
          muteRules: [
            {
              ...once,
              at: '2026-12-05T22:00',
              duration: '26h30m',
              timeZone: 'Europe/Berlin',
              startDate: '2026-12-01T01:00:59+01:00',
              expireDate: '2027-01-01T00:00:00Z',
              alarms: ['errors'],
              description: 'Migration.',
              awsName: 'migration',
            },
          ],
        }),
        facts(),
      ),
    );
    expect(rule).toMatchObject({
      name: 'migration',
      description: 'Migration.',
      expression: 'at(2026-12-05T22:00)',
      duration: 'P1DT2H30M',
      timeZone: 'Europe/Berlin',
      startDate: '2026-12-01T00:00:00.000Z',
      expireDate: '2027-01-01T00:00:00.000Z',
      alarmNames: [`${prefix}/errors`],
    });
  });

  test.each<[string, Partial<MuteRuleEntry>, string[]]>([
    ['by entry, all of its models', { alarms: ['latency'] }, ['latency/m1', 'latency/m2']],
    ['an slo by its composites', { alarms: ['goal'] }, ['goal/fast', 'goal/slow']],
    ['a composite', { alarms: ['both'] }, ['both']],
    ['by severity, also that of presets', { severities: ['Warning'] }, ['goal/slow', 'latency/m1', 'latency/m2']],
    ['by several', { severities: ['Critical', 'Info'] }, ['both', 'calls', 'errors', 'goal/fast']],
    ['by both: these of those', { alarms: ['goal', 'calls'], severities: ['Critical'] }, ['goal/fast']],
  ])('chooses %s', (_, entry, names) => {
    expect(muted(entry)).toEqual(names);
  });

  test('of more than 100 alarms is several', () => {
    const models = Array.from({ length: 50 }, (_, index) => `m${index}`);
    const alarms = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ name, preset: 'Throttling' as const, models }));
    const { slos: _, compositeAlarms: __, ...few } = base;
    const outcome = planAllAlarms(spec({ ...few, alarms, muteRules: [nights] }), facts());
    const made = planned('AlarmMuteRule', outcome);
    expect(made.map(({ name, alarmNames }) => [name, alarmNames.length])).toEqual([
      ['bedrockmonitor_test_genai_production_nights', 100],
      ['bedrockmonitor_test_genai_production_nights_2', 100],
      ['bedrockmonitor_test_genai_production_nights_3', 50],
    ]);
    expect(new Set(made.flatMap(({ alarmNames }) => alarmNames)).size).toBe(250);
    expect(outcome.resources?.slice(-3).map(({ path }) => path)).toEqual([
      'muteRules/nights',
      'muteRules/nights/2',
      'muteRules/nights/3',
    ]);
  });

  test('over no alarm is none, and says so', () => {
    const outcome = plan({ alarms: ['errors'], severities: ['Info'] });
    expect(planned('AlarmMuteRule', outcome)).toEqual([]);
    expect(remarks(outcome)).toEqual(['InvalidSpec muteRules/nights']);
    expect(outcome.keep).toEqual(['Alarms']);
  });

  test('over alarms without a model in use yet is none, which is no fault', () => {
    const slos = [{ name: 'goal', objective: 99, errors: {}, models: ['amazon.*'] }];
    const outcome = plan({ alarms: ['goal'] }, { slos });
    expect(planned('AlarmMuteRule', outcome)).toEqual([]);
    expect(remarks(outcome)).toEqual(['NoModelsMatched (note) slos/goal', 'NoModelsMatched (note) muteRules/nights']);
    expect(outcome.keep).toEqual([]);
  });

  test('over alarms that are left out is left out too', () => {
    const far = { name: 'far', preset: 'Throttling' as const, alarmActions: ['arn:aws:sns:us-east-1:999988887777:x'] };
    const outcome = plan({ alarms: ['far'] }, { alarms: [...base.alarms, far] });
    expect(remarks(outcome)).toEqual(['ActionNotAllowed alarms/far', 'ActionNotAllowed muteRules/nights']);
  });

  test('waits while the models in use are not known: an alarm that is not planned may exist', () => {
    const slos = [{ name: 'goal', objective: 99, errors: {}, models: ['amazon.*'] }];
    const given = { modelsInUse: { unknown: 'time-out' } } as const;
    const outcome = plan({}, { slos }, given);
    expect(planned('AlarmMuteRule', outcome)).toEqual([]);
    expect(remarks(outcome)).toEqual(['DependencyNotReady slos/goal', 'DependencyNotReady muteRules/nights']);
    expect(outcome.keep).toEqual(['Alarms']);
    expect(muted({ alarms: ['errors'] }, { slos }, given)).toEqual(['errors']);
  });

  test('the delivery alarm of logging is among all', () => {
    const invocationLogging: BedrockMonitorSpec['invocationLogging'] = {
      dataTypes: ['Text'],
      cloudWatchLogs: { logGroup: { name: '/g' }, role: { arn: 'arn:aws:iam::111122223333:role/bedrockmonitor/r' } },
    };
    expect(muted({ severities: ['Critical'] }, { invocationLogging })).toContain('log-delivery-failure');
  });
});

test.each([
  [60, 'PT1M'],
  [10_800, 'PT3H'],
  [86_400, 'P1D'],
  [95_400, 'P1DT2H30M'],
  [1_296_000, 'P15D'],
  [61, 'PT1M1S'],
  [0, 'PT0S'],
])('%i seconds are %s', (total, written) => {
  expect(asISODuration(total)).toBe(written);
  expect(secondsOfISO(written)).toBe(total);
});

test('PT26H is as long as P1DT2H, and what is no duration is no number', () => {
  expect(secondsOfISO('PT26H')).toBe(secondsOfISO('P1DT2H'));
  expect(['3h', 'P', 'PT', 'P1W', ''].map(secondsOfISO)).toEqual(Array.from({ length: 5 }, () => Number.NaN));
});
