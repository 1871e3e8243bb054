import {
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  ListTagsForResourceCommand,
  PutCompositeAlarmCommand,
  type PutCompositeAlarmCommandInput,
  PutMetricAlarmCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { describe, expect, test } from 'vitest';
import type { AwsOptions } from '#src/playground/aws/simulator.ts';
import { accountID, failure, region, simulated } from './clients.ts';

const topic = `arn:aws:sns:${region}:${accountID}:alerts`;
const alarmARN = (name: string) => `arn:aws:cloudwatch:${region}:${accountID}:alarm:${name}`;

function composites(options: Omit<AwsOptions, 'clock'> = {}) {
  const simulation = simulated(options);
  const { monitoring } = simulation;
  const metric = (AlarmName: string) =>
    monitoring.send(
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
  return {
    ...simulation,
    metric,
    children: async (...names: string[]) => {
      for (const name of names) await metric(name);
    },
    put: (AlarmRule: string | undefined, changes: Partial<PutCompositeAlarmCommandInput> = {}) =>
      monitoring.send(new PutCompositeAlarmCommand({ AlarmName: 'both', AlarmRule, ...changes })),
    set: (AlarmName: string, StateValue: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA') =>
      monitoring.send(new SetAlarmStateCommand({ AlarmName, StateValue, StateReason: 'test' })),
    look: async (name = 'both') => {
      const found = await monitoring.send(
        new DescribeAlarmsCommand({ AlarmNames: [name], AlarmTypes: ['CompositeAlarm'] }),
      );
      return found.CompositeAlarms?.[0];
    },
    remove: (...AlarmNames: string[]) => monitoring.send(new DeleteAlarmsCommand({ AlarmNames })),
  };
}

describe('composite alarms', () => {
  test('a second put overwrites everything silently, but keeps tags', async () => {
    const { monitoring, children, put, look } = composites();
    await children('a', 'b');
    await put('ALARM(a)', { AlarmDescription: 'first', AlarmActions: [topic], Tags: [{ Key: 'x', Value: '1' }] });
    expect(await look()).toMatchObject({
      AlarmArn: alarmARN('both'),
      AlarmRule: 'ALARM(a)',
      AlarmDescription: 'first',
      ActionsEnabled: true,
      AlarmActions: [topic],
      OKActions: [],
    });
    await put('ALARM(b)', { Tags: [{ Key: 'y', Value: '2' }] });
    expect(await look()).toMatchObject({ AlarmRule: 'ALARM(b)', AlarmActions: [] });
    expect(await look()).not.toHaveProperty('AlarmDescription');
    const { Tags } = await monitoring.send(new ListTagsForResourceCommand({ ResourceARN: alarmARN('both') }));
    expect(Tags).toEqual([{ Key: 'x', Value: '1' }]);
  });

  test('the state follows the children, but for what SetAlarmState says until one of them changes', async () => {
    const { children, put, set, look } = composites();
    await children('a', 'b');
    await put('ALARM(a) AND NOT OK(b)');
    expect((await look())?.StateValue).toBe('OK');
    await set('a', 'ALARM');
    expect((await look())?.StateValue).toBe('ALARM');
    await set('both', 'INSUFFICIENT_DATA');
    expect((await look())?.StateValue).toBe('INSUFFICIENT_DATA');
    await set('b', 'OK');
    expect((await look())?.StateValue).toBe('OK');
  });

  test.each<[string, string, boolean]>([
    ['OR of both', 'ALARM(a) OR ALARM(b)', true],
    ['AND binds before OR', 'ALARM(a) OR ALARM(b) AND FALSE', true],
    ['parentheses', '(ALARM(a) OR ALARM(b)) AND FALSE', false],
    ['NOT binds first', 'NOT ALARM(a) OR TRUE', true],
    ['quotes', 'ALARM("a")', true],
    ['an ARN', `ALARM(${alarmARN('a')})`, true],
    ['a quoted ARN', `ALARM("${alarmARN('a')}")`, true],
    ['a name with blanks, parentheses and quotes', String.raw`INSUFFICIENT_DATA("b (\"x\"), y")`, true],
    ['at least 1 of 2', 'AT_LEAST(1, ALARM, (a, b))', true],
    ['at least 2 of 2', 'AT_LEAST(2, ALARM, (a, b))', false],
    ['at least half', 'AT_LEAST(50%, ALARM, (a, "b"))', true],
    ['at least 51 %', 'AT_LEAST(51%, ALARM, (a, b))', false],
    ['at least 2 not OK', 'AT_LEAST(2, NOT OK, (a, b))', true],
    ['no blanks at all', '(ALARM(a))OR(OK(b))', true],
    ['blanks everywhere', '(  ALARM ( a )\n OR  OK(b) )', true],
    ['a constant', 'FALSE', false],
  ])('evaluates %s', async (_, rule, fires) => {
    const { children, put, set, look } = composites();
    await children('a', 'b', 'b ("x"), y');
    await set('a', 'ALARM');
    await put(rule);
    expect((await look())?.StateValue).toBe(fires ? 'ALARM' : 'OK');
  });

  test.each<[string, string | undefined]>([
    ['no rule', undefined],
    ['an empty rule', ''],
    ['empty parentheses', '()'],
    ['a blank before it', ' ALARM(a)'],
    ['a function without alarm', 'ALARM()'],
    ['an unknown function', 'FIRING(a)'],
    ['lower case', 'alarm(a)'],
    ['an operator without a right side', 'ALARM(a) AND'],
    ['two functions without operator', 'ALARM(a) ALARM(b)'],
    ['an unclosed parenthesis', '(ALARM(a)'],
    ['an unclosed quotation mark', 'ALARM("a)'],
    ['a name with a blank, unquoted', 'ALARM(a b)'],
    ['at least none', 'AT_LEAST(0, ALARM, (a))'],
    ['at least 2 of 1', 'AT_LEAST(2, ALARM, (a))'],
    ['at least 101 %', 'AT_LEAST(101%, ALARM, (a))'],
    ['at least of nothing', 'AT_LEAST(1, ALARM, ())'],
    ['10,241 characters', `ALARM(a)${' OR ALARM(a)'.repeat(1000)}`],
    ['501 elements', `TRUE${' OR TRUE'.repeat(500)}`],
    ['an alarm of another Region', `ALARM(${alarmARN('a').replace(region, 'eu-west-1')})`],
    ['an alarm of another account', `ALARM(${alarmARN('a').replace(accountID, '444455556666')})`],
  ])('refuses %s', async (_, rule) => {
    const { children, put, look } = composites();
    await children('a', 'b');
    await expect(failure(put(rule))).resolves.toMatchObject({ name: 'ValidationException', status: 400 });
    expect(await look()).toBeUndefined();
  });

  test('takes 100 alarms and refuses 101', async () => {
    const { children, put } = composites();
    const names = Array.from({ length: 101 }, (_, index) => `a${index}`);
    await children(...names);
    const rule = (count: number) => `AT_LEAST(1, ALARM, (${names.slice(0, count).join(', ')}))`;
    await put(rule(100));
    await expect(failure(put(rule(101)))).resolves.toMatchObject({ name: 'ValidationException' });
  });

  test('an alarm that is not there, or was made a moment ago, does not exist', async () => {
    const { clock, children, put } = composites({ consistency: { windowMs: 1000 } });
    await children('a');
    await expect(failure(put('ALARM(a) OR ALARM(c)'))).resolves.toMatchObject({
      name: 'ValidationException',
      message: 'Could not save the composite alarm as alarms [a, c] in the alarm rule do not exist',
    });
    await clock.advance(1000);
    await put('ALARM(a)');
  });

  test('a suppressor needs both periods, and holds the actions back', async () => {
    const { children, put, set, look } = composites();
    await children('a', 'deploying');
    const suppressor = { ActionsSuppressor: 'deploying', ActionsSuppressorWaitPeriod: 60 };
    await expect(failure(put('ALARM(a)', suppressor))).resolves.toMatchObject({ name: 'ValidationException' });
    await expect(failure(put('ALARM(a)', { ActionsSuppressorWaitPeriod: 60 }))).resolves.toMatchObject({
      name: 'ValidationException',
    });
    const both = { ...suppressor, ActionsSuppressorExtensionPeriod: 120 };
    await expect(failure(put('ALARM(a)', { ...both, ActionsSuppressor: 'none' }))).resolves.toMatchObject({
      message: expect.stringContaining('do not exist'),
    });
    await put('ALARM(a)', both);
    expect(await look()).toMatchObject(both);
    expect(await look()).not.toHaveProperty('ActionsSuppressedBy');
    await set('a', 'ALARM');
    await set('deploying', 'ALARM');
    expect(await look()).toMatchObject({ StateValue: 'ALARM', ActionsSuppressedBy: 'Alarm' });
  });

  test('an alarm that a composite names, or is suppressed by, cannot be deleted, and nothing of that call is', async () => {
    const { aws, children, put, remove } = composites();
    await children('a', 's', 'free');
    await put('ALARM(a)', {
      ActionsSuppressor: alarmARN('s'),
      ActionsSuppressorWaitPeriod: 1,
      ActionsSuppressorExtensionPeriod: 1,
    });
    await expect(failure(remove('free', 'a'))).resolves.toMatchObject({
      name: 'ValidationException',
      message: 'Cannot delete a as there are composite alarm(s) depending on it.',
    });
    await expect(failure(remove('a', 's'))).resolves.toMatchObject({
      message: 'Cannot delete a,s as there are composite alarm(s) depending on them.',
    });
    const { alarms } = aws.account(accountID).region(region);
    expect([...alarms.keys()]).toEqual(['a', 's', 'free', 'both']);
    await remove('both');
    await remove('a', 's', 'free');
    expect(alarms.size).toBe(0);
  });

  test('a composite that let go of an alarm still holds it for as long as reads lag', async () => {
    const { clock, children, put, remove } = composites({ consistency: { windowMs: 1000 } });
    await children('a', 'b');
    await clock.advance(1000);
    await put('ALARM(a)');
    await clock.advance(1000);
    await put('ALARM(b)');
    await expect(failure(remove('a'))).resolves.toMatchObject({ name: 'ValidationException' });
    await clock.advance(1000);
    await remove('a');
  });

  test('only one composite a call is deleted', async () => {
    const { children, put, remove } = composites();
    await children('a');
    await put('ALARM(a)');
    await put('ALARM(a)', { AlarmName: 'other' });
    await expect(failure(remove('both', 'other'))).resolves.toMatchObject({ name: 'ValidationException' });
    await remove('both');
    await remove('other');
  });

  test('a cycle is taken, stops evaluation, and holds its members until one lets go', async () => {
    const { children, put, set, look, remove } = composites();
    await children('a');
    await put('ALARM(a)');
    await put('ALARM(both)', { AlarmName: 'other' });
    await put('ALARM(a) OR ALARM(other)');
    await set('a', 'ALARM');
    expect((await look())?.StateValue).toBe('OK');
    await expect(failure(remove('both'))).resolves.toMatchObject({ name: 'ValidationException' });
    await put('FALSE', { AlarmName: 'other' });
    expect((await look())?.StateValue).toBe('ALARM');
    await remove('both');
    await remove('other');
  });

  test('shares the names of other alarms, and their quota', async () => {
    const { aws, children, metric, put } = composites();
    await children('a');
    await expect(failure(put('TRUE', { AlarmName: 'a' }))).resolves.toMatchObject({ name: 'ValidationException' });
    aws.enforceQuotas({ rates: {}, counts: { Alarms: 1 } });
    await expect(failure(put('TRUE'))).resolves.toMatchObject({ name: 'LimitExceededFault', status: 400 });
    await metric('a');
  });

  test.each([
    ['Auto Scaling', `arn:aws:autoscaling:${region}:${accountID}:scalingPolicy:x`],
    ['EC2', `arn:aws:automate:${region}:ec2:stop`],
    ['another Region', topic.replace(region, 'eu-west-1')],
  ])('refuses an action of %s', async (_, action) => {
    const { put } = composites();
    await expect(failure(put('TRUE', { AlarmActions: [action] }))).resolves.toMatchObject({
      name: 'ValidationException',
    });
  });
});
