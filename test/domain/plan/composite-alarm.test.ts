import { describe, expect, test } from 'vitest';
import type { BedrockMonitorSpec, CompositeAlarmEntry } from '#src/api/v1alpha1.ts';
import { planAllAlarms } from '#src/domain/plan/all-alarms.ts';
import type { Facts } from '#src/domain/plan.ts';
import { facts, planned, remarks, spec } from './given.ts';

const topic = 'arn:aws:sns:us-east-1:111122223333:page';
const routes = (['Critical', 'Warning', 'Info'] as const).map((severity) => ({ severity, alarmActions: [topic] }));
const prefix = 'bedrockmonitor/test/genai/production';
const other = 'arn:aws:cloudwatch:us-east-1:111122223333:alarm:other';

/** `errors` is one alarm, `latency` one for each of two models. */
const base = {
  notifications: { routes },
  alarms: [
    { name: 'errors', preset: 'ErrorRate' },
    { name: 'latency', preset: 'LatencyP99', models: ['m1', 'm2'] },
  ],
} satisfies Partial<BedrockMonitorSpec>;

function plan(
  entry: Omit<CompositeAlarmEntry, 'name'>,
  members: Partial<BedrockMonitorSpec> = {},
  given: Partial<Facts> = {},
) {
  return planAllAlarms(spec({ ...base, compositeAlarms: [{ name: 'both', ...entry }], ...members }), facts(given));
}

function composite(...[entry, members, given]: Parameters<typeof plan>) {
  const outcome = plan(entry, members, given);
  const found = planned('CompositeAlarm', outcome).find(({ name }) => !/\/(fast|slow)$/.test(name));
  if (found === undefined) throw new Error(remarks(outcome).join(', '));
  return found;
}

const alarm = (state: string, name: string) => `${state}("${prefix}/${name}")`;

describe('a composite alarm', () => {
  test('with nothing but what is required', () => {
    const outcome = plan({ anyOf: ['errors'] });
    expect(outcome.resources?.at(-1)).toEqual({
      resource: {
        kind: 'CompositeAlarm',
        name: `${prefix}/both`,
        description: 'Any of these alarms fires: errors.',
        rule: alarm('ALARM', 'errors'),
        actionsEnabled: true,
        alarmActions: [topic],
        okActions: [],
        insufficientDataActions: [],
        tags: { 'bedrockmonitor.io/cluster': 'test', 'bedrockmonitor.io/monitor': 'genai/production' },
      },
      part: 'Alarms',
      path: 'compositeAlarms/both',
      after: [{ kind: 'MetricAlarm', name: `${prefix}/errors` }],
    });
    expect(outcome).toMatchObject({ remarks: [], keep: [] });
  });

  test.each<[string, Omit<CompositeAlarmEntry, 'name'>, string]>([
    [
      'anyOf, a name that stands for many: any of them',
      { anyOf: ['errors', 'latency'] },
      [alarm('ALARM', 'errors'), alarm('ALARM', 'latency/m1'), alarm('ALARM', 'latency/m2')].join(' OR '),
    ],
    [
      'allOf, of them any',
      { allOf: ['errors', 'latency'] },
      `${alarm('ALARM', 'errors')} AND (${alarm('ALARM', 'latency/m1')} OR ${alarm('ALARM', 'latency/m2')})`,
    ],
    [
      'atLeast counts AWS alarms',
      { atLeast: { count: 3, alarms: ['errors', 'latency'] } },
      `AT_LEAST(3, ALARM, ("${prefix}/errors", "${prefix}/latency/m1", "${prefix}/latency/m2"))`,
    ],
    ['an ARN stands for itself', { anyOf: [other] }, `ALARM("${other}")`],
    [
      'rule: OK is all of them',
      { rule: 'OK(latency) AND NOT INSUFFICIENT_DATA(latency)' },
      `${alarm('OK', 'latency/m1')} AND ${alarm('OK', 'latency/m2')} AND NOT (${alarm('INSUFFICIENT_DATA', 'latency/m1')} AND ${alarm('INSUFFICIENT_DATA', 'latency/m2')})`,
    ],
    [
      'rule: in double quotes a name in AWS',
      { rule: 'ALARM(errors) AND NOT ALARM("errors")' },
      `${alarm('ALARM', 'errors')} AND NOT ALARM("errors")`,
    ],
    [
      'rule: a percentage',
      { rule: 'AT_LEAST(50%, NOT OK, (latency, "x"))' },
      `AT_LEAST(50%, NOT OK, ("${prefix}/latency/m1", "${prefix}/latency/m2", "x"))`,
    ],
  ])('%s', (_, entry, rule) => {
    expect(composite(entry).rule).toBe(rule);
  });

  test('an slo stands for its two composites, which come first', () => {
    const slos = [{ name: 'available', objective: 99, errors: {} }];
    const outcome = plan({ rule: 'ALARM(available)' }, { slos });
    const last = outcome.resources?.at(-1);
    expect(last?.resource).toMatchObject({
      rule: `${alarm('ALARM', 'available/fast')} OR ${alarm('ALARM', 'available/slow')}`,
    });
    expect(last?.after).toEqual(
      ['fast', 'slow'].map((burn) => ({ kind: 'CompositeAlarm', name: `${prefix}/available/${burn}` })),
    );
  });

  test('comes after its own alarms however they are named', () => {
    const arn = `arn:aws:cloudwatch:us-east-1:111122223333:alarm:${prefix}/latency/m1`;
    const outcome = plan({ rule: `ALARM("${prefix}/errors") OR ALARM(${arn}) OR ALARM(${other})` });
    expect(outcome.resources?.at(-1)?.after.map(({ name }) => name)).toEqual([
      `${prefix}/errors`,
      `${prefix}/latency/m1`,
    ]);
  });

  test('with everything written', () => {
    expect(
      composite({
        anyOf: ['latency'],
        awsName: 'slow',
        description: 'Slow.',
        runbookURL: 'https://runbooks.example.com/slow',
        severity: 'Info',
        okActions: [topic],
        actionsEnabled: false,
        actionsSuppressor: { alarm: 'errors', waitPeriod: '2m', extensionPeriod: '0s' },
      }),
    ).toMatchObject({
      name: 'slow',
      description: 'Slow.\nRunbook: https://runbooks.example.com/slow',
      alarmActions: [],
      okActions: [topic],
      actionsEnabled: false,
      actionsSuppressor: { alarm: `${prefix}/errors`, waitPeriod: 120, extensionPeriod: 0 },
    });
  });

  test('a suppressor is waited for too', () => {
    const suppressor = { alarm: 'errors', waitPeriod: '1m', extensionPeriod: '1m' };
    const outcome = plan({ anyOf: [other], actionsSuppressor: suppressor });
    expect(outcome.resources?.at(-1)?.after.map(({ name }) => name)).toEqual([`${prefix}/errors`]);
  });

  test('while no model is in use, what they would say never holds', () => {
    const alarms = [{ name: 'errors', preset: 'ErrorRate' as const, models: ['amazon.*'] }];
    const slos = [{ name: 'goal', objective: 99, errors: {}, models: ['amazon.*'] }];
    const none = { modelsInUse: { known: [] } };
    expect(composite({ anyOf: ['goal'] }, { alarms: [], slos }, none).rule).toBe('FALSE');
    expect(composite({ rule: 'AT_LEAST(2, ALARM, (goal))' }, { alarms: [], slos }, none).rule).toBe('FALSE');
    expect(composite({ rule: `ALARM("x") AND NOT ALARM(goal)` }, { alarms, slos }, none).rule).toBe(
      'ALARM("x") AND NOT FALSE',
    );
  });

  test('a long rule is cut in the sentence that says it', () => {
    const { description } = composite({ rule: `ALARM(errors)${' OR ALARM(errors)'.repeat(60)}` });
    expect(description).toHaveLength(512);
    expect(description.endsWith('…')).toBe(true);
  });

  test('nobody notified is a note', () => {
    expect(remarks(plan({ anyOf: ['errors'] }, { notifications: {} }))).toContain(
      'NobodyNotified (note) compositeAlarms',
    );
    expect(remarks(plan({ anyOf: ['errors'], actionsEnabled: false }, { notifications: {} }))).not.toContain(
      'NobodyNotified (note) compositeAlarms',
    );
  });
});

describe('a composite that cannot be is left out, and then nothing is pruned', () => {
  test.each<[string, Omit<CompositeAlarmEntry, 'name'>, string, string]>([
    ['no rule', { rule: 'ALARM(errors' }, 'AlarmRuleInvalid', "not in CloudWatch's grammar: ) is expected at the end"],
    ['an unknown name', { rule: 'ALARM(error)' }, 'UnknownAlarmReference', 'error is no alarm or slo of this monitor'],
    ['another composite', { rule: 'ALARM(more)' }, 'UnknownAlarmReference', 'write the combined rule'],
    ['itself by its name in AWS', { rule: `ALARM("${prefix}/both")` }, 'AlarmRuleInvalid', 'may go in a circle'],
    [
      'another of its composites by ARN',
      { rule: `ALARM(arn:aws:cloudwatch:us-east-1:111122223333:alarm:${prefix}/more)` },
      'AlarmRuleInvalid',
      'may go in a circle',
    ],
    [
      'an alarm of another Region',
      { anyOf: [other.replace('us-east-1', 'eu-west-1')] },
      'AlarmRuleInvalid',
      'CloudWatch combines no others',
    ],
    [
      'more than there are',
      { atLeast: { count: 4, alarms: ['errors', 'latency'] } },
      'AlarmRuleInvalid',
      'at least 4 of 3 alarms can never be',
    ],
    [
      'a suppressor that is many',
      { anyOf: ['errors'], actionsSuppressor: { alarm: 'latency', waitPeriod: '0s', extensionPeriod: '0s' } },
      'AlarmRuleInvalid',
      'stands for 2 AWS alarms, and CloudWatch takes one',
    ],
    [
      'a target of another account',
      { anyOf: ['errors'], alarmActions: ['arn:aws:sns:us-east-1:999988887777:x'] },
      'ActionNotAllowed',
      'may not notify arn:aws:sns:us-east-1:999988887777:x',
    ],
  ])('%s', (_, entry, reason, sentence) => {
    const outcome = planAllAlarms(
      spec({
        ...base,
        compositeAlarms: [
          { name: 'both', ...entry },
          { name: 'more', anyOf: ['errors'] },
        ],
      }),
      facts(),
    );
    expect(remarks(outcome)).toEqual([`${reason} compositeAlarms/both`]);
    expect(outcome.remarks?.[0]?.message).toContain(sentence);
    expect(planned('CompositeAlarm', outcome).map(({ name }) => name)).toEqual([`${prefix}/more`]);
    expect(outcome.keep).toEqual(['Alarms']);
  });

  test.each([
    [100, 'm', '101 alarms, and AWS takes 100'],
    [60, 'm'.repeat(200), 'characters, and AWS takes 10240'],
  ])('%i alarms of long names', (count, model, sentence) => {
    const each = Array.from({ length: Math.ceil(count / 2) }, (_, index) => `${model}${index}`);
    const alarms = ['a', 'b'].map((name) => ({ name, preset: 'Throttling' as const, models: each }));
    const more = { name: 'c', preset: 'Throttling' as const, models: [] };
    const outcome = plan({ anyOf: ['a', 'b', 'c'] }, { alarms: [...alarms, more] });
    expect(remarks(outcome)).toEqual(['AlarmRuleInvalid compositeAlarms/both']);
    expect(outcome.remarks?.[0]?.message).toContain(sentence);
  });

  test('too many elements', () => {
    const alarms = [{ name: 'e', preset: 'Throttling' as const, awsName: 'x' }];
    const rule = (count: number) => Array.from({ length: count }, () => 'OK(e)').join(' OR ');
    expect(remarks(plan({ rule: rule(166) }, { alarms }))).toEqual([]);
    const many = plan({ rule: rule(167) }, { alarms });
    expect(remarks(many)).toEqual(['AlarmRuleInvalid compositeAlarms/both']);
    expect(many.remarks?.[0]?.message).toContain('501 elements, and AWS takes 500');
  });

  test('because an alarm that it names is left out, for the same reason', () => {
    const elsewhere = 'arn:aws:sns:us-east-1:999988887777:x';
    const alarms = [...base.alarms, { name: 'far', preset: 'Throttling' as const, alarmActions: [elsewhere] }];
    const outcome = plan({ anyOf: ['errors', 'far'] }, { alarms });
    expect(remarks(outcome)).toEqual(['ActionNotAllowed alarms/far', 'ActionNotAllowed compositeAlarms/both']);
  });

  test('because the models of one are not known', () => {
    const slos = [{ name: 'goal', objective: 99, errors: {}, models: ['m1', 'amazon.*'] }];
    const outcome = plan({ anyOf: ['goal'] }, { slos }, { modelsInUse: { unknown: 'time-out' } });
    expect(remarks(outcome)).toEqual(['DependencyNotReady slos/goal', 'DependencyNotReady compositeAlarms/both']);
  });

  test('because some models of an slo that it names are left out: it would say less', () => {
    const models = (count: number) => Array.from({ length: count }, (_, index) => `m${index}`);
    const alarms = [{ name: 'errors', preset: 'ErrorRate' as const }];
    const throttling = Array.from({ length: 9 }, (_, index) => ({
      name: `a${index}`,
      preset: 'Throttling' as const,
      models: models(50),
    }));
    const slos = [{ name: 'goal', objective: 99, errors: {}, models: models(9) }];
    const outcome = plan({ anyOf: ['goal'] }, { alarms: [...alarms, ...throttling], slos });
    expect(remarks(outcome)).toEqual(['TooManyResources slos/goal', 'TooManyResources compositeAlarms/both']);
  });

  test('but not because an alarm has a name that an slo makes, which costs the slo alone', () => {
    const alarms = [...base.alarms, { name: 'own', preset: 'ErrorRate' as const, awsName: `${prefix}/goal/slow` }];
    const slos = [{ name: 'goal', objective: 99, errors: {} }];
    const outcome = plan({ anyOf: ['own'] }, { alarms, slos });
    expect(remarks(outcome)).toEqual(['InvalidSpec slos/goal']);
    expect(outcome.keep).toEqual(['Alarms']);
    const names = (outcome.resources ?? []).map(({ resource }) => resource.name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain(`${prefix}/both`);
  });

  test('because its name in AWS is taken by an alarm of this monitor', () => {
    const outcome = plan({ anyOf: ['errors'], awsName: `${prefix}/errors` });
    expect(remarks(outcome)).toEqual(['InvalidSpec compositeAlarms/both']);
  });

  test('because the monitor is full', () => {
    const models = Array.from({ length: 50 }, (_, index) => `m${index}`);
    const alarms = Array.from({ length: 10 }, (_, index) => ({
      name: `a${index}`,
      preset: 'Throttling' as const,
      models,
    }));
    const outcome = plan({ anyOf: ['a0'] }, { alarms });
    expect(planned('MetricAlarm', outcome)).toHaveLength(500);
    expect(remarks(outcome)).toEqual(['TooManyResources compositeAlarms']);
  });
});
