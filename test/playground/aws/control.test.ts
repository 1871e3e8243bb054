import { GetModelInvocationLoggingConfigurationCommand } from '@aws-sdk/client-bedrock';
import { DescribeAlarmsCommand, PutDashboardCommand, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import {
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  DescribeLogGroupsCommand,
  PutRetentionPolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { describe, expect, test } from 'vitest';
import { accountID, clientsOf, failure, region, simulated } from './clients.ts';

const create = (logGroupName: string) => new CreateLogGroupCommand({ logGroupName });
const retain = new PutRetentionPolicyCommand({ logGroupName: '/g', retentionInDays: 7 });
const alarm = (AlarmName: string) =>
  new PutMetricAlarmCommand({
    AlarmName,
    Namespace: 'AWS/Bedrock',
    MetricName: 'Invocations',
    Statistic: 'Sum',
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 0,
    ComparisonOperator: 'GreaterThanThreshold',
  });

describe('consistency', () => {
  test('a group that was just created is not listed for a second, and one just deleted still is', async () => {
    const { clock, logs } = simulated({ consistency: { windowMs: 1000 } });
    const names = async () =>
      (await logs.send(new DescribeLogGroupsCommand({}))).logGroups?.map((one) => one.logGroupName);
    await logs.send(create('/g'));
    expect(await names()).toEqual([]);
    // Writes are not stale: they find the group.
    await logs.send(retain);
    await clock.advance(1000);
    expect(await names()).toEqual(['/g']);
    await logs.send(new DeleteLogGroupCommand({ logGroupName: '/g' }));
    expect(await names()).toEqual(['/g']);
    await clock.advance(1000);
    expect(await names()).toEqual([]);
  });

  test('a change shows whole after its own window, and changes of a test at once', async () => {
    const { aws, clock, monitoring } = simulated({ consistency: { windowMs: 1000 } });
    const periods = async () =>
      (await monitoring.send(new DescribeAlarmsCommand({ AlarmNames: ['a'] }))).MetricAlarms?.map(
        (one) => one.StateValue,
      );
    await monitoring.send(alarm('a'));
    expect(await periods()).toEqual([]);
    await clock.advance(1000);
    const stored = aws.account(accountID).region(region).alarms.get('a');
    if (stored) stored.state = 'ALARM';
    expect(await periods()).toEqual(['ALARM']);
  });

  test('lags may be drawn from the seed, and switched off', async () => {
    const lag = async (seed: number) => {
      const { aws, clock, logs } = simulated({ seed, consistency: { windowMs: 1000, jitter: true } });
      await logs.send(create('/g'));
      let ms = 0;
      while ((await logs.send(new DescribeLogGroupsCommand({}))).logGroups?.length === 0) {
        await clock.advance(50);
        ms += 50;
      }
      aws.consistency({ windowMs: 0 });
      await logs.send(create('/h'));
      expect((await logs.send(new DescribeLogGroupsCommand({}))).logGroups).toHaveLength(2);
      return ms;
    };
    expect(await lag(7)).toBe(await lag(7));
    expect(new Set(await Promise.all([1, 2, 3, 4].map(lag))).size).toBeGreaterThan(1);
  });
});

describe('quotas', () => {
  test('three alarm writes a second per account and Region, then "Rate exceeded"', async () => {
    const { aws, clock, monitoring } = simulated();
    for (let i = 0; i < 5; i++) await monitoring.send(alarm(`free${i}`));
    aws.enforceQuotas();
    for (let i = 0; i < 3; i++) await monitoring.send(alarm(`a${i}`));
    await expect(failure(monitoring.send(alarm('a3')))).resolves.toEqual({
      name: 'Throttling',
      message: 'Rate exceeded',
      status: 400,
    });
    await clientsOf(aws, { region: 'eu-west-1' }).monitoring.send(alarm('elsewhere'));
    await clock.advance(334);
    await monitoring.send(alarm('a3'));
    await expect(failure(monitoring.send(alarm('a4')))).resolves.toMatchObject({ name: 'Throttling' });
  });

  test('dashboards share one bucket over all Regions', async () => {
    const { aws, monitoring } = simulated();
    aws.enforceQuotas({ rates: { 'monitoring:PutDashboard': 2 } });
    const put = (client: typeof monitoring, DashboardName: string) =>
      client.send(new PutDashboardCommand({ DashboardName, DashboardBody: '{"widgets":[]}' }));
    await put(monitoring, 'a');
    await put(clientsOf(aws, { region: 'eu-west-1' }).monitoring, 'b');
    await expect(failure(put(monitoring, 'c'))).resolves.toMatchObject({ name: 'Throttling' });
    await put(clientsOf(aws, { account: '444455556666' }).monitoring, 'd');
  });
});

describe('permissions', () => {
  test("a denial has AWS's sentence and each service's code", async () => {
    const { aws, logs, monitoring, bedrock } = simulated();
    aws.account(accountID).logGroup(region, { name: '/g' });
    aws.deny(accountID, 'logs:PutRetentionPolicy');
    aws.deny(accountID, 'cloudwatch:Put*');
    const lift = aws.deny(accountID, 'bedrock:*');
    await expect(failure(logs.send(retain))).resolves.toEqual({
      name: 'AccessDeniedException',
      message: `User: arn:aws:iam::${accountID}:user/operator is not authorized to perform: logs:PutRetentionPolicy on resource: arn:aws:logs:${region}:${accountID}:log-group:/g because no identity-based policy allows the logs:PutRetentionPolicy action`,
      status: 400,
    });
    await expect(failure(monitoring.send(alarm('a')))).resolves.toMatchObject({ name: 'AccessDenied', status: 403 });
    const get = () => bedrock.send(new GetModelInvocationLoggingConfigurationCommand({}));
    await expect(failure(get())).resolves.toMatchObject({ name: 'AccessDeniedException', status: 403 });
    lift();
    await get();
    expect(aws.writes().map((call) => call.outcome?.kind)).toEqual(['Refused', 'Refused']);
  });

  test('a denial may be for one resource or one principal', async () => {
    const { aws, logs } = simulated();
    aws.deny(accountID, 'logs:CreateLogGroup', '*:log-group:/secret*');
    aws.deny(accountID, 'logs:DeleteLogGroup', `arn:aws:iam::${accountID}:user/guest`);
    await logs.send(create('/open'));
    await expect(failure(logs.send(create('/secret/x')))).resolves.toMatchObject({ name: 'AccessDeniedException' });
    await logs.send(new DeleteLogGroupCommand({ logGroupName: '/open' }));
  });

  test('an account with policies allows what they allow, tags at creation apart', async () => {
    const { aws, logs } = simulated();
    aws.account(accountID).state.policies = [
      {
        Statement: [
          {
            Effect: 'Allow',
            Action: ['logs:CreateLogGroup'],
            Resource: `arn:aws:logs:*:${accountID}:log-group:/ours/*`,
          },
        ],
      },
    ];
    await logs.send(create('/ours/a'));
    await expect(failure(logs.send(create('/theirs')))).resolves.toMatchObject({ name: 'AccessDeniedException' });
    await expect(
      failure(logs.send(new CreateLogGroupCommand({ logGroupName: '/ours/b', tags: { a: '1' } }))),
    ).resolves.toMatchObject({ message: expect.stringContaining('logs:TagResource') });
    await expect(failure(logs.send(new DescribeLogGroupsCommand({})))).resolves.toMatchObject({
      message: expect.stringContaining('logs:DescribeLogGroups'),
    });
  });
});

describe('faults', () => {
  test.each([
    ['logs', { kind: 'Throttle' }, { name: 'ThrottlingException', status: 400 }],
    ['logs', { kind: 'InternalError' }, { name: 'InternalFailure', status: 500 }],
    ['logs', { kind: 'Unavailable' }, { name: 'ServiceUnavailableException', status: 503 }],
    [
      'logs',
      { kind: 'Error', code: 'LimitExceededException', message: 'full' },
      { name: 'LimitExceededException', status: 400 },
    ],
    ['monitoring', { kind: 'InternalError' }, { name: 'InternalServiceFault', status: 500 }],
    ['bedrock', { kind: 'Throttle' }, { name: 'ThrottlingException', status: 429 }],
    ['sts', { kind: 'Throttle' }, { name: 'Throttling', status: 400 }],
  ] as const)('%s answers %o once, before any effect', async (service, fault, expected) => {
    const { aws, ...clients } = simulated();
    const calls = {
      logs: () => clients.logs.send(create('/g')),
      monitoring: () => clients.monitoring.send(alarm('a')),
      bedrock: () => clients.bedrock.send(new GetModelInvocationLoggingConfigurationCommand({})),
      sts: () => clients.sts.send(new GetCallerIdentityCommand({})),
    };
    aws.fault({ service }, fault);
    await expect(failure(calls[service]())).resolves.toMatchObject(expected);
    expect(aws.snapshot()).toMatchObject({ accounts: { [accountID]: { regions: {} } } });
    await calls[service]();
  });

  test('a fault hits the calls that fit, as often as told', async () => {
    const { aws, logs } = simulated();
    const withdraw = aws.fault(
      { operation: 'CreateLogGroup', region, account: accountID, input: (input) => input['logGroupName'] === '/g' },
      { kind: 'InternalError' },
      2,
    );
    await logs.send(create('/other'));
    await expect(failure(logs.send(create('/g')))).resolves.toMatchObject({ status: 500 });
    withdraw();
    await logs.send(create('/g'));
  });

  test.each(['Before', 'After'] as const)('a connection that breaks %s the effect', async (effect) => {
    const { aws, logs } = simulated();
    aws.fault({ operation: 'CreateLogGroup' }, { kind: 'Reset', effect });
    await expect(logs.send(create('/g'))).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(aws.account(accountID).region(region).logGroups.has('/g')).toBe(effect === 'After');
    expect(aws.calls[0]?.outcome).toEqual({ kind: 'Lost', effect: effect === 'After' });
  });

  test('over loopback a broken connection is a broken connection, and a hang ends with the server', async () => {
    const { aws } = simulated();
    const server = await aws.listen();
    const { logs } = clientsOf(aws, { endpoint: server.url });
    aws.fault({ operation: 'CreateLogGroup' }, { kind: 'Reset', effect: 'After' });
    await expect(logs.send(create('/g'))).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(aws.account(accountID).region(region).logGroups.has('/g')).toBe(true);
    aws.fault({}, { kind: 'Hang', effect: 'Before' });
    const arrived = new Promise<void>((resolve) => {
      aws.onCall((_call, phase) => phase === 'Before' && resolve());
    });
    const hanging = failure(logs.send(create('/h')));
    await arrived;
    await server.close();
    await expect(hanging).resolves.toMatchObject({ status: undefined });
  });

  test('latency and time-outs take clock time', async () => {
    const { aws, clock, logs } = simulated();
    aws.fault({}, { kind: 'Latency', ms: 500 });
    const slow = logs.send(create('/g'));
    await clock.advance(499);
    expect(aws.calls[0]?.outcome).toBeUndefined();
    await clock.advance(1);
    await slow;
    aws.fault({}, { kind: 'Timeout', afterMs: 5000, effect: 'After' });
    const late = failure(logs.send(create('/h')));
    await clock.advance(5000);
    await expect(late).resolves.toMatchObject({ name: 'TimeoutError' });
    expect(aws.account(accountID).region(region).logGroups.has('/h')).toBe(true);
  });

  test('a hanging call ends when its caller aborts', async () => {
    const { aws, clock, logs } = simulated();
    aws.fault({}, { kind: 'Hang', effect: 'Before' });
    const abort = new AbortController();
    const call = failure(logs.send(create('/g'), { abortSignal: abort.signal }));
    await clock.flush();
    abort.abort();
    await expect(call).resolves.toMatchObject({ name: 'AbortError' });
    await logs.send(create('/g'));
  });
});

describe('observers', () => {
  test('see every call before and after its effect', async () => {
    const { aws, logs } = simulated();
    const seen: string[] = [];
    const stop = aws.onCall((call, phase) => {
      const there = aws.account(accountID).region(region).logGroups.has('/g');
      seen.push(`${phase} ${call.operation} ${call.outcome?.kind ?? 'open'} ${there}`);
    });
    await logs.send(create('/g'));
    await failure(logs.send(create('/g')));
    stop();
    await logs.send(new DescribeLogGroupsCommand({}));
    expect(seen).toEqual([
      'Before CreateLogGroup open false',
      'After CreateLogGroup Answered true',
      'Before CreateLogGroup open true',
      'After CreateLogGroup Refused true',
    ]);
  });

  test.each(['Before', 'After'] as const)('that throw %s break the call there, once', async (when) => {
    const { aws } = simulated();
    const { logs } = clientsOf(aws, { maxAttempts: 3 });
    class Crash extends Error {}
    aws.onCall((_call, phase) => {
      if (phase === when) throw new Crash('crash');
    });
    await expect(logs.send(create('/g'))).rejects.toBeInstanceOf(Crash);
    expect(aws.calls).toHaveLength(1);
    expect(aws.account(accountID).region(region).logGroups.has('/g')).toBe(when === 'After');
    expect(aws.calls[0]?.outcome).toEqual({ kind: 'Lost', effect: when === 'After' });
  });
});

describe('records', () => {
  test('every call is kept with who, where, what and how it ended', async () => {
    const { aws, logs } = simulated();
    await logs.send(create('/g'));
    await logs.send(new DescribeLogGroupsCommand({}));
    expect(aws.calls).toMatchObject([
      {
        id: 1,
        service: 'logs',
        operation: 'CreateLogGroup',
        account: accountID,
        region,
        caller: `arn:aws:iam::${accountID}:user/operator`,
        input: { logGroupName: '/g' },
        mutates: true,
        at: Date.parse('2026-01-01T00:00:00Z'),
        permissions: [{ action: 'logs:CreateLogGroup' }],
        outcome: { kind: 'Answered', output: {} },
      },
      { operation: 'DescribeLogGroups', mutates: false },
    ]);
    expect(aws.writes()).toHaveLength(1);
    aws.forgetCalls();
    expect(aws.calls).toEqual([]);
  });

  test('a long run remembers the last calls only', async () => {
    const { aws, logs } = simulated({ keepCalls: 2 });
    for (const name of ['/a', '/b', '/c']) await logs.send(create(name));
    expect(aws.calls.map((call) => call.input['logGroupName'])).toEqual(['/b', '/c']);
  });

  test('an unknown operation or request has an error of its own', async () => {
    const { aws } = simulated();
    const { response } = await aws.requestHandler.handle({
      method: 'GET',
      path: '/unknown',
      headers: {},
      query: {},
      protocol: 'http:',
      hostname: 'localhost',
      clone: () => {
        throw new Error('not cloned');
      },
    });
    expect(response.statusCode).toBe(404);
  });
});
