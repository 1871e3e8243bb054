import { describe, expect, test } from 'vitest';
import { Stalled, Waiting } from '#src/domain/failure.ts';
import { ownerMark } from '#src/domain/owner.ts';
import type { CompositeAlarm, LogAlarm } from '#src/domain/resource.ts';
import { keepsItsPromises } from './promises.ts';
import type { Stage } from './stage.ts';
import { accountID, givenAway, owner, region, signal, stage, tags, written } from './stage.ts';

const name = 'bedrockmonitor/prod/genai/production/errors';
const ref = { kind: 'LogAlarm', name } as const;
const roleARN = `arn:aws:iam::${accountID}:role/bedrockmonitor/queries`;
const alarm: LogAlarm = {
  ...ref,
  description: 'Records with errors.',
  queryString: 'filter ispresent(errorCode)',
  aggregationExpression: 'count(*)',
  logGroupNames: ['/aws/bedrock/a', '/aws/bedrock/b'],
  every: 300,
  startTimeOffset: 300,
  endTimeOffset: 0,
  roleARN,
  threshold: 5,
  comparisonOperator: 'GreaterThanThreshold',
  resultsToEvaluate: 3,
  resultsToAlarm: 2,
  treatMissingData: 'notBreaching',
  actionsEnabled: true,
  alarmActions: [`arn:aws:sns:${region}:${accountID}:pages`],
  okActions: [],
  insufficientDataActions: [],
  tags,
};

const over: CompositeAlarm = {
  kind: 'CompositeAlarm',
  name: `${name}-over`,
  description: 'Over the log alarm.',
  rule: 'FALSE',
  actionsEnabled: true,
  alarmActions: [],
  okActions: [],
  insufficientDataActions: [],
  tags,
};

keepsItsPromises({
  kind: 'LogAlarm',
  desired: () => alarm,
  edited: () => ({
    ...alarm,
    every: 3600,
    startTimeOffset: 7200,
    logGroupNames: ['/aws/bedrock/a'],
    logLines: { count: 5, roleARN },
    tags: { ...tags, team: 'ads' },
  }),
  edit: ['every', 'startTimeOffset', 'logGroupNames', 'logLines', 'tags'],
  foreign: (on) => seedLogAlarm(on),
  mark: ownerMark(owner),
  undeclared(on) {
    const found = on.region.alarms.get(name);
    const warmUp = { WarmUpPeriodDurationInMinutes: 5, OnlyStartEvaluatingAfterWarmUpPeriodEnds: false };
    if (found) found.configuration = { ...found.configuration, WarmUpConfiguration: warmUp };
    if (found) found.tags['owner'] = 'somebody';
    return () => [found?.configuration['WarmUpConfiguration'], on.region.alarms.get(name)?.tags['owner']];
  },
});

describe('LogAlarm', () => {
  test('whoever owns one by tags may be asked to give it away', async () => {
    const on = stage();
    seedLogAlarm(on, givenAway);
    const found = await on.run(on.handlers().LogAlarm.observe(ref, 'Always', signal));
    expect(found).toMatchObject({ mark: { state: 'None' }, resource: { tags: givenAway } });
  });

  test('a metric alarm under the name is neither taken nor overwritten', async () => {
    const on = stage();
    const { LogAlarm, MetricAlarm } = on.handlers();
    on.region.alarms.set(name, { ...seeded(), kind: 'MetricAlarm', configuration: {} });
    expect(await on.run(LogAlarm.observe(ref, 'Always', signal))).toMatchObject({
      mark: { state: 'None' },
      notAdoptable:
        'It is a metric alarm, and only a log alarm can be taken over: set another awsName, or delete it in AWS.',
    });
    seedLogAlarm(on);
    expect(await on.run(MetricAlarm.observe({ kind: 'MetricAlarm', name }, 'Always', signal))).toMatchObject({
      notAdoptable: expect.stringContaining('It is a log alarm'),
    });
    expect(written(on.aws)).toEqual([]);
  });

  test('a group that AWS answers as an ARN, and a rate in hours, are what was written', async () => {
    const on = stage();
    const { LogAlarm } = on.handlers();
    await on.run(LogAlarm.apply({ ...alarm, every: 7200 }, undefined, signal));
    await on.settle();
    const found = on.region.alarms.get(name);
    if (found === undefined) throw new Error('absent');
    const group = (one: string) => `arn:aws:logs:${region}:${accountID}:log-group:/aws/bedrock/${one}`;
    found.configuration = {
      ...found.configuration,
      ScheduledQueryConfiguration: {
        QueryString: alarm.queryString,
        LogGroupIdentifiers: [group('b'), group('a')],
        ScheduledQueryRoleARN: roleARN,
        ScheduleConfiguration: { ScheduleExpression: 'rate(2 hours)', StartTimeOffset: 300 },
        AggregationExpression: alarm.aggregationExpression,
      },
    };
    const read = await on.run(LogAlarm.observe(ref, 'IfFree', signal));
    expect(read && LogAlarm.diff({ ...alarm, every: 7200 }, read)).toEqual([]);
  });

  test('each is deleted in a call of its own', async () => {
    const on = stage();
    const { LogAlarm } = on.handlers();
    const all = [alarm, { ...alarm, name: `${name}-2` }];
    for (const one of all) await on.run(LogAlarm.apply(one, undefined, signal));
    await on.settle();
    const found = await on.run(LogAlarm.observe(ref, 'Always', signal));
    if (found === undefined) throw new Error('absent');
    await on.run(Promise.all(all.map((one) => LogAlarm.delete(one, found, signal))));
    expect([...on.region.alarms.keys()]).toEqual([]);
    expect(written(on.aws).filter((one) => one === 'DeleteAlarms')).toHaveLength(2);
  });

  test('one that a composite names is waited for, since it may be about to let go', async () => {
    const on = stage();
    const { LogAlarm, CompositeAlarm } = on.handlers();
    await on.run(LogAlarm.apply(alarm, undefined, signal));
    await on.settle();
    const composite = { ...over, rule: `ALARM("${name}")` };
    await on.run(CompositeAlarm.apply(composite, undefined, signal));
    const found = await on.run(LogAlarm.observe(ref, 'Always', signal));
    if (found === undefined) throw new Error('absent');
    const refused = await on.failure(LogAlarm.delete(ref, found, signal));
    expect(refused).toMatchObject({ name: 'Waiting', reason: 'DependencyNotReady' });
  });

  test('are found again under the names of their monitor', async () => {
    const on = stage();
    const { LogAlarm } = on.handlers();
    await on.run(LogAlarm.apply(alarm, undefined, signal));
    await on.settle();
    expect(await on.run(Promise.resolve(LogAlarm.find?.(owner, signal)))).toEqual([ref]);
  });

  test('a Region without log alarms has none', async () => {
    const on = stage();
    on.aws.fault(
      { operation: 'DescribeAlarms' },
      { kind: 'Error', code: 'ValidationError', message: "Value '[LogAlarm]' at 'alarmTypes'", status: 400 },
      5,
    );
    expect(await on.run(Promise.resolve(on.handlers().LogAlarm.find?.(owner, signal)))).toEqual([]);
  });

  test('without iam:PassRole the message has the statement to paste', async () => {
    const on = stage();
    on.aws.deny(accountID, 'iam:PassRole');
    const error = await on.failure(on.handlers().LogAlarm.apply(alarm, undefined, signal));
    expect(error instanceof Waiting || error instanceof Stalled).toBe(true);
    expect(String(error)).toContain(
      `{"Effect":"Allow","Action":"iam:PassRole","Resource":"${roleARN}","Condition":{"StringEquals":{"iam:PassedToService":["logs.amazonaws.com","cloudwatch.amazonaws.com"]}}}`,
    );
  });
});

function seeded() {
  return {
    kind: 'LogAlarm' as const,
    name,
    tags: {},
    configuration: {
      AlarmDescription: 'mine',
      ScheduledQueryConfiguration: {
        QueryString: 'fields @message',
        LogGroupIdentifiers: ['/other'],
        ScheduledQueryRoleARN: roleARN,
        ScheduleConfiguration: { ScheduleExpression: 'rate(1 day)', StartTimeOffset: 60 },
        AggregationExpression: 'count(*)',
      },
      QueryResultsToEvaluate: 1,
      QueryResultsToAlarm: 1,
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
    },
    configurationUpdatedAt: 0,
    state: 'OK' as const,
    stateReason: '',
    stateReasonData: undefined,
    stateUpdatedAt: 0,
    stateTransitionedAt: 0,
  };
}

function seedLogAlarm(on: Stage, itsTags: Readonly<Record<string, string>> = {}): void {
  on.region.alarms.set(name, { ...seeded(), tags: { ...itsTags } });
}
