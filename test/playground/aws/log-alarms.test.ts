import {
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  type DescribeAlarmsCommandInput,
  ListTagsForResourceCommand,
  PutLogAlarmCommand,
  type PutLogAlarmCommandInput,
  PutMetricAlarmCommand,
} from '@aws-sdk/client-cloudwatch';
import { describe, expect, test } from 'vitest';
import { accountID, failure, region, simulated, unlisted } from './clients.ts';

const role = `arn:aws:iam::${accountID}:role/bedrockmonitor/queries`;
const topic = `arn:aws:sns:${region}:${accountID}:alerts`;
const query = {
  QueryString: 'filter ispresent(errorCode)',
  LogGroupIdentifiers: ['/aws/bedrock'],
  ScheduledQueryRoleARN: role,
  ScheduleConfiguration: { ScheduleExpression: 'rate(5 minutes)', StartTimeOffset: 300 },
  AggregationExpression: 'count(*)',
};
const alarm = {
  AlarmName: 'errors',
  ScheduledQueryConfiguration: query,
  QueryResultsToEvaluate: 3,
  QueryResultsToAlarm: 2,
  Threshold: 5,
  ComparisonOperator: 'GreaterThanThreshold',
} as const satisfies PutLogAlarmCommandInput;
const arn = `arn:aws:cloudwatch:${region}:${accountID}:alarm:errors`;

function alarms() {
  const simulation = simulated();
  const { monitoring } = simulation;
  return {
    ...simulation,
    put: (changes: Partial<PutLogAlarmCommandInput> = {}) =>
      monitoring.send(new PutLogAlarmCommand({ ...alarm, ...changes })),
    describe: (input: DescribeAlarmsCommandInput = { AlarmTypes: ['LogAlarm'] }) =>
      monitoring.send(new DescribeAlarmsCommand(input)),
    putMetricAlarm: (AlarmName: string) =>
      monitoring.send(
        new PutMetricAlarmCommand({
          AlarmName,
          Namespace: 'AWS/Bedrock',
          MetricName: 'Invocations',
          Statistic: 'Sum',
          Period: 60,
          EvaluationPeriods: 1,
          Threshold: 0,
          ComparisonOperator: 'GreaterThanThreshold',
        }),
      ),
  };
}

describe('log alarms', () => {
  test('show only to who asks for the type, with the query that AWS made for them', async () => {
    const { put, describe: read } = alarms();
    await put({ AlarmActions: [topic] });
    expect((await read({ AlarmNames: ['errors'] })).LogAlarms).toEqual([]);
    const [found] = (await read()).LogAlarms ?? [];
    expect(found).toMatchObject({
      AlarmArn: arn,
      StateValue: 'INSUFFICIENT_DATA',
      ActionsEnabled: true,
      AlarmActions: [topic],
      ActionLogLineCount: 0,
      ScheduledQueryConfiguration: query,
    });
    expect(found?.ScheduledQueryConfiguration?.QueryARN).toMatch(
      /^arn:aws:logs:us-east-1:111122223333:scheduled-query:/,
    );
  });

  test('a second put overwrites everything silently, and ignores tags', async () => {
    const { put, describe: read, monitoring } = alarms();
    await put({ AlarmDescription: 'first', Tags: [{ Key: 'a', Value: '1' }] });
    await put({ Threshold: 7, Tags: [{ Key: 'a', Value: '2' }] });
    const [found] = (await read()).LogAlarms ?? [];
    expect(found?.Threshold).toBe(7);
    expect(found?.AlarmDescription).toBeUndefined();
    const { Tags } = await monitoring.send(new ListTagsForResourceCommand({ ResourceARN: arn }));
    expect(Tags).toEqual([{ Key: 'a', Value: '1' }]);
  });

  test('share the names of all alarms', async () => {
    const { put, putMetricAlarm } = alarms();
    await putMetricAlarm('errors');
    expect(await failure(put())).toMatchObject({ name: 'ValidationException' });
    await put({ AlarmName: 'other' });
    expect(await failure(putMetricAlarm('other'))).toMatchObject({ name: 'ValidationException' });
  });

  test('are deleted one by one: a batch with one in it deletes nothing', async () => {
    const { put, putMetricAlarm, describe: read, monitoring } = alarms();
    await put();
    await putMetricAlarm('metric');
    const together = monitoring.send(new DeleteAlarmsCommand({ AlarmNames: ['errors', 'metric'] }));
    expect(await failure(together)).toMatchObject({
      name: 'ValidationException',
      message: 'Log alarms cannot be deleted in a batch.',
    });
    const both = await read({ AlarmTypes: ['LogAlarm', 'MetricAlarm'] });
    expect([both.LogAlarms?.length, both.MetricAlarms?.length]).toEqual([1, 1]);
    await monitoring.send(new DeleteAlarmsCommand({ AlarmNames: ['errors'] }));
    expect((await read()).LogAlarms).toEqual([]);
  });

  test('need the permission to pass both roles, each to its service', async () => {
    const { put, aws } = alarms();
    aws.deny(accountID, 'iam:PassRole', `${role}-lines`);
    await put();
    const withLines = put({ ActionLogLineCount: 5, ActionLogLineRoleArn: `${role}-lines` });
    expect(await failure(withLines)).toMatchObject({ name: 'AccessDenied' });
    aws.account(accountID).state.policies = [
      {
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Action: 'cloudwatch:PutLogAlarm', Resource: '*' },
          {
            Effect: 'Allow',
            Action: 'iam:PassRole',
            Resource: '*',
            Condition: { StringEquals: { 'iam:PassedToService': 'bedrock.amazonaws.com' } },
          },
        ],
      },
    ];
    expect(await failure(put())).toMatchObject({ name: 'AccessDenied' });
  });

  test('two changes at a time are a conflict', async () => {
    const { put } = alarms();
    const outcomes = await Promise.allSettled([put(), put()]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(outcomes.flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : []))).toEqual([
      expect.stringContaining('ResourceConflict'),
    ]);
  });

  const schedule = (changes: Partial<typeof query.ScheduleConfiguration> & { EndTimeOffset?: number }) => ({
    ScheduledQueryConfiguration: { ...query, ScheduleConfiguration: { ...query.ScheduleConfiguration, ...changes } },
  });
  test.each([
    ['a cron expression', schedule({ ScheduleExpression: 'cron(0 * * * ? *)' })],
    ['one minutes', schedule({ ScheduleExpression: 'rate(1 minutes)' })],
    ['an end before the start', schedule({ EndTimeOffset: 300 })],
    ['a start over 30 days ago', schedule({ StartTimeOffset: 2_592_001 })],
    ['no log group', { ScheduledQueryConfiguration: { ...query, LogGroupIdentifiers: undefined } }],
    ['a long aggregation', { ScheduledQueryConfiguration: { ...query, AggregationExpression: 'x'.repeat(257) } }],
    ['M over N', { QueryResultsToAlarm: 4 }],
    ['101 results', { QueryResultsToEvaluate: 101 }],
    ['lines without a role', { ActionLogLineCount: 1 }],
    ['51 lines', { ActionLogLineCount: 51, ActionLogLineRoleArn: role }],
    ['a band', { ComparisonOperator: 'GreaterThanUpperThreshold' }],
    ['an unknown word', { TreatMissingData: 'silence' }],
    ['a topic of another Region', { AlarmActions: [topic.replace(region, 'eu-west-1')] }],
    ['an unknown operator', { ComparisonOperator: unlisted<'LessThanThreshold'>('Equals') }],
  ] as const satisfies readonly (readonly [string, Partial<PutLogAlarmCommandInput>])[])(
    '%s is refused',
    async (_case, changes) => {
      const { put } = alarms();
      expect(await failure(put(changes))).toMatchObject({ name: 'ValidationException', status: 400 });
    },
  );
});
