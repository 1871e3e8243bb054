import { describe, expect, test } from 'vitest';
import type { CallRecord, WriteRecord } from '#src/aws/gateway.ts';
import type { LogGroup } from '#src/domain/resource.ts';
import { accountID, owner, region, signal, stage, tags } from './stage.ts';

const name = '/aws/bedrock/invocations';
const ref = { kind: 'LogGroup', name } as const;
const group: LogGroup = { ...ref, management: 'Managed', retentionInDays: 30, tags };
const read = { operation: 'DescribeLogGroups' };

describe('the gateway', () => {
  test.each([
    ['throttling', { kind: 'Throttle' }],
    ['an internal error', { kind: 'InternalError' }],
    ['unavailability', { kind: 'Unavailable' }],
    ['a broken connection', { kind: 'Reset', effect: 'Before' }],
    ['a time-out', { kind: 'Timeout', afterMs: 15_000, effect: 'Before' }],
    ['a concurrent change', { kind: 'Error', code: 'OperationAbortedException', message: 'busy' }],
    [
      'a concurrent change by its 429',
      { kind: 'Error', code: 'ConcurrentModificationException', message: 'busy', status: 429 },
    ],
  ] as const)('tries %s three times more', async (_what, fault) => {
    const on = stage();
    on.account.logGroup(region, { name });
    on.aws.fault(read, fault, 3);
    expect(await on.run(on.handlers().LogGroup.observe(ref, 'IfFree', signal))).toBeDefined();
    expect(on.aws.calls).toHaveLength(4);
  });

  test.each([
    ['Throttled', { kind: 'Throttle' }],
    ['AWSUnavailable', { kind: 'Unavailable' }],
    ['ConcurrentChange', { kind: 'Error', code: 'OperationAbortedException', message: 'busy' }],
  ] as const)('gives up after four attempts: Waiting %s', async (reason, fault) => {
    const on = stage();
    on.aws.fault(read, fault, 10);
    expect(await on.failure(on.handlers().LogGroup.observe(ref, 'IfFree', signal))).toMatchObject({
      name: 'Waiting',
      reason,
      message: expect.stringContaining(`logs:DescribeLogGroups in account ${accountID}, ${region}`),
    });
    expect(on.aws.calls).toHaveLength(4);
  });

  test.each([
    ['a used-up quota', { code: 'LimitExceededException', message: 'Resource limit exceeded.' }, 'QuotaExceeded'],
    [
      'a quota that comes as 429',
      { code: 'ServiceQuotaExceededException', message: 'limit', status: 429 },
      'QuotaExceeded',
    ],
    ['a refused value', { code: 'InvalidParameterException', message: 'no' }, 'RejectedByAWS'],
    ['an expired token', { code: 'ExpiredTokenException', message: 'expired' }, 'CredentialsUnavailable'],
    ['a Region that is off', { code: 'UnrecognizedClientException', message: 'invalid' }, 'RegionUnavailable'],
  ] as const)('does not try %s again: Stalled %s', async (_what, error, reason) => {
    const on = stage();
    on.aws.fault({ operation: 'CreateLogGroup' }, { kind: 'Error', ...error });
    expect(await on.failure(on.handlers().LogGroup.apply(group, undefined, signal))).toMatchObject({
      name: 'Stalled',
      reason,
    });
    expect(on.aws.calls).toHaveLength(1);
  });

  test('a refusal by IAM is patience for two minutes from the first one, then Stalled, with a statement to paste', async () => {
    const on = stage();
    on.account.logGroup(region, { name });
    const lift = on.aws.deny(accountID, 'logs:PutRetentionPolicy');
    const { LogGroup } = on.handlers();
    const found = await on.run(LogGroup.observe(ref, 'IfFree', signal));
    const refused = () => on.failure(LogGroup.apply(group, found, signal));
    expect(await refused()).toMatchObject({
      name: 'Waiting',
      reason: 'AccessDenied',
      message: expect.stringContaining(
        `{"Effect":"Allow","Action":"logs:PutRetentionPolicy","Resource":"arn:aws:logs:${region}:${accountID}:log-group:${name}"}`,
      ),
    });
    await on.clock.advance(119_999);
    expect(await refused()).toMatchObject({ name: 'Waiting' });
    await on.clock.advance(1);
    expect(await refused()).toMatchObject({ name: 'Stalled', reason: 'AccessDenied' });
    lift();
    await on.run(LogGroup.apply(group, found, signal));
    on.aws.deny(accountID, 'logs:PutRetentionPolicy');
    expect(await refused(), 'a new run of refusals').toMatchObject({ name: 'Waiting' });
  });

  test('an explicit deny has another remedy', async () => {
    const on = stage();
    const message =
      'User: arn:aws:iam::1:user/x is not authorized to perform: logs:CreateLogGroup on resource: arn:aws:logs:::a with an explicit deny in a service control policy';
    on.aws.fault({ operation: 'CreateLogGroup' }, { kind: 'Error', code: 'AccessDeniedException', message });
    expect(await on.failure(on.handlers().LogGroup.apply(group, undefined, signal))).toMatchObject({
      reason: 'AccessDenied',
      message: expect.stringMatching(/logs:CreateLogGroup on arn:aws:logs:::a\. An explicit deny forbids it/),
    });
  });

  test('asks the fence before every attempt, and calls nothing once it is down', async () => {
    const on = stage();
    let calls = 0;
    const fenced = new Error('not the leader any more');
    const cloud = on.cloud({
      fence() {
        calls += 1;
        if (calls > 1) throw fenced;
      },
    });
    expect(await on.failure(on.handlers(cloud).LogGroup.apply(group, undefined, signal))).toBe(fenced);
    expect(on.aws.calls.map(({ operation }) => operation)).toEqual(['CreateLogGroup']);
  });

  test('the end of a pass ends its waiting, with its reason', async () => {
    const on = stage();
    const controller = new AbortController();
    on.aws.fault(read, { kind: 'Hang', effect: 'Before' });
    const work = on.failure(on.handlers().LogGroup.observe(ref, 'IfFree', controller.signal));
    await on.clock.flush();
    const reason = new Error('over');
    controller.abort(reason);
    expect(await work).toBe(reason);
    expect(await on.failure(on.handlers().LogGroup.observe(ref, 'IfFree', controller.signal))).toBe(reason);
  });

  test('the end of a pass ends its backoff', async () => {
    const on = stage();
    const controller = new AbortController();
    on.aws.fault({ operation: 'CreateLogGroup' }, { kind: 'Unavailable' }, 10);
    const reason = new Error('over');
    on.aws.onCall((_call, phase) => {
      if (phase === 'After') controller.abort(reason);
    });
    expect(await on.failure(on.handlers().LogGroup.apply(group, undefined, controller.signal))).toBe(reason);
    expect(on.aws.calls).toHaveLength(1);
  });

  test('one who gives up does not end the read of the others', async () => {
    const on = stage();
    on.account.logGroup(region, { name });
    const controller = new AbortController();
    const { LogGroup } = on.handlers();
    const gone = LogGroup.observe(ref, 'IfFree', controller.signal).catch((error: unknown) => error);
    const stays = LogGroup.observe(ref, 'IfFree', signal);
    const reason = new Error('over');
    controller.abort(reason);
    expect(await on.run(stays)).toBeDefined();
    expect(await gone).toBe(reason);
    expect(on.aws.calls).toHaveLength(1);
  });

  test('records every attempt, and every attempt at a write with who, where and what AWS said', async () => {
    const on = stage();
    const calls: CallRecord[] = [];
    const writes: WriteRecord[] = [];
    on.aws.fault({ operation: 'CreateLogGroup' }, { kind: 'Throttle' });
    const cloud = on.cloud({ onCall: (call) => void calls.push(call), onWrite: (write) => void writes.push(write) });
    const { LogGroup } = on.handlers(cloud);
    await on.run(LogGroup.apply(group, undefined, signal));
    await on.settle();
    await on.run(LogGroup.observe(ref, 'IfFree', signal));
    expect(calls.map(({ service, operation, outcome }) => [service, operation, outcome])).toEqual([
      ['logs', 'CreateLogGroup', 'Throttled'],
      ['logs', 'CreateLogGroup', 'Succeeded'],
      ['logs', 'PutRetentionPolicy', 'Succeeded'],
      ['logs', 'DescribeLogGroups', 'Succeeded'],
    ]);
    expect(writes).toHaveLength(3);
    expect(writes[0]).toMatchObject({
      operation: 'CreateLogGroup',
      outcome: 'Throttled',
      error: 'ThrottlingException',
      accountID,
      region,
      resource: `arn:aws:logs:${region}:${accountID}:log-group:${name}`,
      monitor: `${owner.namespace}/${owner.name}`,
    });
    expect(writes[1]).not.toHaveProperty('error');
  });

  test('stays within the published quotas however much is asked for', async () => {
    const on = stage();
    on.aws.enforceQuotas();
    const cloud = on.cloud();
    const work = Array.from({ length: 40 }, (_one, index) => {
      const { LogGroup, Dashboard } = on.handlers(cloud);
      return [
        LogGroup.apply({ ...group, name: `/g/${index}` }, undefined, signal),
        Dashboard.observe({ kind: 'Dashboard', name: `d-${index}` }, 'IfFree', signal),
      ];
    });
    await on.run(Promise.all(work.flat()));
    const refused = on.aws.calls.filter(
      ({ outcome }) => outcome?.kind === 'Refused' && outcome.code.startsWith('Throttl'),
    );
    expect(refused).toEqual([]);
    expect(on.region.logGroups.size).toBe(40);
  });
});
