import { describe, expect, test } from 'vitest';
import { ownerMark } from '#src/domain/owner.ts';
import type { SubscriptionFilter } from '#src/domain/resource.ts';
import { keepsItsPromises } from './promises.ts';
import type { Stage } from './stage.ts';
import { accountID, owner, region, signal, stage } from './stage.ts';

const logGroup = '/aws/bedrock/production';
const own = 'bedrockmonitor/prod/genai/production/copy';
const stream = `arn:aws:kinesis:${region}:${accountID}:stream/records`;
const lambda = `arn:aws:lambda:${region}:${accountID}:function:watch`;
const roleARN = `arn:aws:iam::${accountID}:role/bedrockmonitor/forward`;
const filter: SubscriptionFilter = {
  kind: 'SubscriptionFilter',
  name: `${logGroup}:${own}`,
  destinationARN: stream,
  filterPattern: '',
  roleARN,
  distribution: 'Random',
};

function prepare(on: Stage): void {
  on.account.logGroup(region, { name: logGroup });
  on.account.role({
    name: 'forward',
    path: '/bedrockmonitor/',
    trust: { Statement: [{ Effect: 'Allow', Principal: { Service: 'logs.amazonaws.com' }, Action: 'sts:AssumeRole' }] },
  });
  for (const destination of [stream, lambda]) on.region.logDestinations.add(destination);
}

const stored = (on: Stage) => on.region.logGroups.get(logGroup)?.subscriptionFilters.get(own);

keepsItsPromises({
  kind: 'SubscriptionFilter',
  prepare,
  desired: () => filter,
  edited: () => {
    const { roleARN: _, ...rest } = filter;
    return { ...rest, destinationARN: lambda, filterPattern: '{ $.errorCode = "*" }', distribution: 'ByLogStream' };
  },
  edit: ['destinationARN', 'filterPattern', 'distribution', 'roleARN'],
  mark: ownerMark(owner),
  undeclared(on) {
    const found = stored(on);
    if (found)
      on.region.logGroups.get(logGroup)?.subscriptionFilters.set(own, {
        ...found,
        configuration: { ...found.configuration, emitSystemFields: ['@aws.account'], applyOnTransformedLogs: true },
      });
    return () => {
      const { emitSystemFields, applyOnTransformedLogs } = stored(on)?.configuration ?? {};
      return emitSystemFields && { emitSystemFields, applyOnTransformedLogs };
    };
  },
});

describe('SubscriptionFilter', () => {
  test('a destination that does not work is told in the words of AWS', async () => {
    const on = stage();
    prepare(on);
    on.region.logDestinations.clear();
    const failure = await on.failure(on.handlers().SubscriptionFilter.apply(filter, undefined, signal));
    expect(failure).toMatchObject({
      reason: 'RejectedByAWS',
      message: expect.stringContaining('Could not deliver test message to specified Kinesis stream'),
    });
  });

  test('a role that may not be passed: the statement names CloudWatch Logs', async () => {
    const on = stage();
    prepare(on);
    on.aws.deny(accountID, 'iam:PassRole');
    const failure = await on.failure(on.handlers().SubscriptionFilter.apply(filter, undefined, signal));
    expect(failure).toMatchObject({
      reason: 'AccessDenied',
      message: expect.stringContaining('"iam:PassedToService":"logs.amazonaws.com"'),
    });
  });
});
