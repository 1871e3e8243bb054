import {
  DeleteAlarmMuteRuleCommand,
  GetAlarmMuteRuleCommand,
  ListAlarmMuteRulesCommand,
  type ListAlarmMuteRulesCommandInput,
  ListTagsForResourceCommand,
  PutAlarmMuteRuleCommand,
  type PutAlarmMuteRuleCommandInput,
  PutMetricAlarmCommand,
  TagResourceCommand,
} from '@aws-sdk/client-cloudwatch';
import { describe, expect, test } from 'vitest';
import { accountID, failure, region, simulated } from './clients.ts';

const arn = `arn:aws:cloudwatch:${region}:${accountID}:alarm-mute-rule:nights`;
const schedule = { Expression: 'cron(0 2 * * SUN)', Duration: 'PT3H' };

async function rules() {
  const simulation = simulated();
  const { monitoring } = simulation;
  for (const AlarmName of ['a', 'b']) {
    await monitoring.send(
      new PutMetricAlarmCommand({
        AlarmName,
        Namespace: 'AWS/Bedrock',
        MetricName: 'Invocations',
        Statistic: 'Sum',
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 1,
        ComparisonOperator: 'GreaterThanThreshold',
      }),
    );
  }
  return {
    ...simulation,
    put: (changes: Partial<PutAlarmMuteRuleCommandInput> = {}) =>
      monitoring.send(new PutAlarmMuteRuleCommand({ Name: 'nights', Rule: { Schedule: schedule }, ...changes })),
    get: (name = 'nights') => monitoring.send(new GetAlarmMuteRuleCommand({ AlarmMuteRuleName: name })),
    list: async (input: ListAlarmMuteRulesCommandInput = {}) => {
      const { AlarmMuteRuleSummaries = [] } = await monitoring.send(new ListAlarmMuteRulesCommand(input));
      return AlarmMuteRuleSummaries.map(
        ({ AlarmMuteRuleArn, Status }) => `${AlarmMuteRuleArn?.split(':').at(-1)} ${Status}`,
      );
    },
    remove: (name = 'nights') => monitoring.send(new DeleteAlarmMuteRuleCommand({ AlarmMuteRuleName: name })),
  };
}

describe('alarm mute rules', () => {
  test('read back with a time zone that nobody wrote, and dates without seconds', async () => {
    const { put, get } = await rules();
    await put({
      Description: 'load test',
      MuteTargets: { AlarmNames: ['b', 'a'] },
      StartDate: new Date('2026-02-01T00:00:59Z'),
      ExpireDate: new Date('2026-03-01T00:00:00Z'),
    });
    expect(await get()).toMatchObject({
      Name: 'nights',
      AlarmMuteRuleArn: arn,
      Description: 'load test',
      Rule: { Schedule: { ...schedule, Timezone: 'UTC' } },
      MuteTargets: { AlarmNames: ['b', 'a'] },
      StartDate: new Date('2026-02-01T00:00:00Z'),
      ExpireDate: new Date('2026-03-01T00:00:00Z'),
      Status: 'SCHEDULED',
      MuteType: 'RECURRING',
    });
  });

  test('a second put replaces all but the tags', async () => {
    const { monitoring, put, get } = await rules();
    await put({ Description: 'x', MuteTargets: { AlarmNames: ['a'] }, Tags: [{ Key: 'a', Value: '1' }] });
    await put({ Tags: [{ Key: 'b', Value: '2' }] });
    const found = await get();
    expect(found).not.toHaveProperty('Description');
    expect(found).not.toHaveProperty('MuteTargets');
    await monitoring.send(new TagResourceCommand({ ResourceARN: arn, Tags: [{ Key: 'c', Value: '3' }] }));
    const { Tags } = await monitoring.send(new ListTagsForResourceCommand({ ResourceARN: arn }));
    expect(Tags).toEqual([
      { Key: 'a', Value: '1' },
      { Key: 'c', Value: '3' },
    ]);
  });

  test('are listed by ARN, alarm and status, page by page', async () => {
    const { clock, put, list, monitoring } = await rules();
    await put({ MuteTargets: { AlarmNames: ['a'] } });
    await put({
      Name: 'once',
      Rule: { Schedule: { Expression: 'at(2026-01-01T02:00)', Duration: 'P1DT1H', Timezone: 'Europe/Berlin' } },
    });
    expect(await list()).toEqual(['nights SCHEDULED', 'once SCHEDULED']);
    expect(await list({ AlarmName: 'a' })).toEqual(['nights SCHEDULED']);
    const first = await monitoring.send(new ListAlarmMuteRulesCommand({ MaxRecords: 1 }));
    expect(await list({ MaxRecords: 1, NextToken: first.NextToken })).toEqual(['once SCHEDULED']);
    await clock.advance(3_600_000);
    expect(await list({ Statuses: ['ACTIVE'] })).toEqual(['once ACTIVE']);
    await clock.advance(25 * 3_600_000);
    expect(await list({ Statuses: ['EXPIRED'] })).toEqual(['once EXPIRED']);
  });

  test('one that is not there is ResourceNotFoundException to Get, and no error to Delete', async () => {
    const { put, get, remove } = await rules();
    await put();
    await remove();
    await remove();
    await expect(failure(get())).resolves.toMatchObject({ name: 'ResourceNotFoundException', status: 404 });
  });

  test.each<[string, Partial<PutAlarmMuteRuleCommandInput>]>([
    ['no schedule', { Rule: undefined }],
    ['four fields', { Rule: { Schedule: { ...schedule, Expression: 'cron(0 2 * *)' } } }],
    ['six fields', { Rule: { Schedule: { ...schedule, Expression: 'cron(0 2 * * SUN *)' } } }],
    ['a step', { Rule: { Schedule: { ...schedule, Expression: 'cron(*/5 2 * * *)' } } }],
    ['a question mark', { Rule: { Schedule: { ...schedule, Expression: 'cron(0 2 ? * SUN)' } } }],
    ['minute 60', { Rule: { Schedule: { ...schedule, Expression: 'cron(60 2 * * *)' } } }],
    ['a name where none can be', { Rule: { Schedule: { ...schedule, Expression: 'cron(0 SUN * * *)' } } }],
    ['a rate', { Rule: { Schedule: { ...schedule, Expression: 'rate(5 minutes)' } } }],
    ['a date that is none', { Rule: { Schedule: { ...schedule, Expression: 'at(2026-02-30T00:00)' } } }],
    ['seconds', { Rule: { Schedule: { ...schedule, Expression: 'at(2026-02-20T00:00:00)' } } }],
    ['no time at all', { Rule: { Schedule: { ...schedule, Duration: 'PT0M' } } }],
    ['more than 15 days', { Rule: { Schedule: { ...schedule, Duration: 'P15DT1M' } } }],
    ['a Go duration', { Rule: { Schedule: { ...schedule, Duration: '3h' } } }],
    ['an unknown time zone', { Rule: { Schedule: { ...schedule, Timezone: 'Mars/Olympus' } } }],
    ['an end before its start', { StartDate: new Date(120_000), ExpireDate: new Date(60_000) }],
    ['an alarm that is not there', { MuteTargets: { AlarmNames: ['a', 'none'] } }],
    ['101 alarms', { MuteTargets: { AlarmNames: Array.from({ length: 101 }, () => 'a') } }],
    ['a name of 256 characters', { Name: 'n'.repeat(256) }],
  ])('refuses %s', async (_, changes) => {
    const { put, list } = await rules();
    await expect(failure(put(changes))).resolves.toMatchObject({ name: 'ValidationException', status: 400 });
    expect(await list()).toEqual([]);
  });

  test.each(['cron(0 2 * * SUN)', 'cron(0,30 8-18 1,15 JAN-MAR MON-FRI)', 'cron(* * * * *)', 'at(2026-12-05T22:00)'])(
    'takes %s',
    async (Expression) => {
      const { put, get } = await rules();
      await put({ Rule: { Schedule: { Expression, Duration: 'P15D' } } });
      expect((await get()).Rule?.Schedule?.Expression).toBe(Expression);
    },
  );

  test('a caller needs the permission on the rule and on every alarm that it mutes', async () => {
    const { aws, put } = await rules();
    aws.deny(accountID, 'cloudwatch:PutAlarmMuteRule', `arn:aws:cloudwatch:${region}:${accountID}:alarm:b`);
    await put({ MuteTargets: { AlarmNames: ['a'] } });
    await expect(failure(put({ MuteTargets: { AlarmNames: ['a', 'b'] } }))).resolves.toMatchObject({
      name: 'AccessDenied',
    });
  });

  test('the quota of rules is LimitExceededFault', async () => {
    const { aws, put } = await rules();
    aws.enforceQuotas({ rates: {}, counts: { AlarmMuteRules: 1 } });
    await put();
    await put();
    await expect(failure(put({ Name: 'more' }))).resolves.toMatchObject({ name: 'LimitExceededFault' });
  });
});
