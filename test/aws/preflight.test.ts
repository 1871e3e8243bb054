import { describe, expect, it } from 'vitest';
import { bedrockTrust, bucketDelivery, bucketKeyUse, deliveryPermission, keyUse } from '#src/aws/permission.ts';
import type { Dependency } from '#src/domain/dependencies.ts';
import type { JsonObject } from '#src/domain/json.ts';
import type { Trouble } from '#src/domain/result.ts';
import type { Stage } from './stage.ts';
import { accountID, owner, place, region, signal, stage } from './stage.ts';

const GROUP = '/aws/bedrock/production';
const ROLE = `arn:aws:iam::${accountID}:role/bedrockmonitor/writer`;
const trust = JSON.parse(bedrockTrust('aws', accountID, region));
const permission = JSON.parse(deliveryPermission(place, GROUP));
const delivery = JSON.parse(bucketDelivery(place, 'records', 'a/b'));
/** Nothing was found. */
const FINE = 'undefined undefined undefined';
const identity = { accountID, arn: `arn:aws:iam::${accountID}:user/operator`, partition: 'aws' };

const role: Dependency = { kind: 'LoggingRole', arn: ROLE, logGroup: GROUP };
const bucket: Dependency = { kind: 'Bucket', name: 'records', keyPrefix: 'a/b' };

function preflight(on: Stage) {
  const checks = on.cloud().preflight({ region }, identity, owner, 'Edit');
  return (dependency: Dependency): Promise<Trouble | undefined> => on.run(checks.check(dependency, signal));
}

function makeRole(
  on: Stage,
  statements: readonly JsonObject[],
  policies: readonly JsonObject[],
  path = '/bedrockmonitor/',
) {
  on.account.role({
    name: 'writer',
    path,
    trust: { Statement: [...statements] },
    policies: policies.map((one) => ({ Statement: [one] })),
  });
}

describe('the role that Bedrock writes with', () => {
  const widened = { ...trust, Condition: { StringLike: { 'aws:SourceArn': 'arn:aws:bedrock:*' } } };
  const strange = { ...trust, Condition: { NumericLessThan: { 'aws:MultiFactorAuthAge': '1' } } };
  const elsewhere = { ...trust, Condition: { StringEquals: { 'aws:SourceAccount': '999999999999' } } };
  const { Condition: _, ...unconditional } = trust;
  const forbidden = { ...unconditional, Effect: 'Deny' };
  const oneAction = { ...permission, Action: 'logs:PutLogEvents' };
  const denied = { ...permission, Effect: 'Deny' };
  const fromBedrock = { ...permission, Condition: { StringEquals: { 'aws:CalledVia': 'bedrock.amazonaws.com' } } };

  it.each<[string, readonly JsonObject[], readonly JsonObject[], string | undefined]>([
    ['as it should be', [trust], [permission], undefined],
    ['with a wider trust', [widened], [permission], undefined],
    ['without conditions', [unconditional], [permission], undefined],
    ['with a condition that nobody here understands: the Put tells', [strange], [permission], undefined],
    ['that trusts Bedrock for another account', [elsewhere], [permission], JSON.stringify(trust)],
    ['that forbids what it allows', [trust, forbidden], [permission], JSON.stringify(trust)],
    [
      'that trusts another service',
      [{ ...trust, Principal: { Service: 'lambda.amazonaws.com' } }],
      [permission],
      'does not trust Bedrock',
    ],
    ['that may write nothing', [trust], [], 'logs:CreateLogStream and logs:PutLogEvents'],
    [
      'that may make no stream',
      [trust],
      [oneAction],
      `may not logs:CreateLogStream there. Add to its permissions: ${JSON.stringify(permission)}`,
    ],
    ['that a Deny keeps from writing', [trust], [permission, denied], 'An explicit Deny in its policies forbids it'],
    ['that may write under a condition which only Bedrock meets: the Put tells', [trust], [fromBedrock], undefined],
  ])('%s', async (__, statements, policies, expected) => {
    const on = stage();
    makeRole(on, statements, policies);
    const found = await preflight(on)(role);
    expect(`${found?.kind} ${found?.reason} ${found?.message}`).toContain(expected ?? FINE);
    expect(found?.reason).toBe(expected && 'RoleNotUsable');
    expect(on.aws.writes()).toEqual([]);
  });

  it('that does not exist is patience for two minutes, then a stall with both statements', async () => {
    const on = stage();
    const check = preflight(on);
    expect(await check(role)).toMatchObject({ kind: 'wait', retryAfterMs: 10_000 });
    await on.clock.advance(121_000);
    const found = await check(role);
    expect(found).toMatchObject({ kind: 'stall', reason: 'RoleNotUsable' });
    expect(found?.message).toContain(JSON.stringify(trust));
    expect(found?.message).toContain(JSON.stringify(permission));
  });

  it('of the name under another path is named', async () => {
    const on = stage();
    makeRole(on, [trust], [permission], '/');
    expect((await preflight(on)(role))?.message).toContain(`arn:aws:iam::${accountID}:role/writer`);
  });

  it('of another account is refused at once, unread', async () => {
    const on = stage();
    const arn = 'arn:aws:iam::999999999999:role/bedrockmonitor/writer';
    expect(await preflight(on)({ ...role, arn })).toMatchObject({
      kind: 'stall',
      reason: 'RoleNotUsable',
      message: expect.stringContaining(`Name a role of account ${accountID}`),
    });
    expect(on.aws.calls).toEqual([]);
  });

  it.each([
    ['OrganizationsDecisionDetail', 'AllowedByOrganizations', 'A policy of the organization (SCP)'],
    ['PermissionsBoundaryDecisionDetail', 'AllowedByPermissionsBoundary', 'Its permissions boundary'],
  ])('that is held back by %s says so', async (detail, member, expected) => {
    const on = stage();
    makeRole(on, [trust], []);
    const { requestHandler } = on.aws;
    const held: typeof requestHandler = {
      ...requestHandler,
      async handle(request, options) {
        const answered = await requestHandler.handle(request, options);
        const told = new TextDecoder()
          .decode(answered.response.body)
          .replaceAll('</EvalDecision>', `</EvalDecision><${detail}><${member}>false</${member}></${detail}>`);
        return { response: Object.assign(answered.response, { body: new TextEncoder().encode(told) }) };
      },
    };
    const cloud = on.cloud({ requestHandler: held });
    const found = await on.run(cloud.preflight({ region }, identity, owner, 'Edit').check(role, signal));
    expect(found?.message).toContain(`${expected} does not let it`);
  });

  it('costs two reads', async () => {
    const on = stage();
    makeRole(on, [trust], [permission]);
    const before = on.aws.calls.length;
    await preflight(on)(role);
    expect(on.aws.calls.slice(before).map(({ operation }) => operation)).toEqual([
      'GetRole',
      'SimulatePrincipalPolicy',
    ]);
  });
});

describe('a bucket', () => {
  const withPolicy = { policy: { Statement: [delivery] } };
  const httpOnly = {
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: 'arn:aws:s3:::records/*',
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  };
  it.each<[string, (on: Stage) => void, string | undefined]>([
    ['as it should be', ({ account }) => account.bucket(region, 'records', withPolicy), undefined],
    ['that does not exist', () => {}, 'does not exist'],
    ['of another Region', ({ account }) => account.bucket('eu-west-1', 'records', withPolicy), `must be in ${region}`],
    [
      'with ACLs',
      ({ account }) => account.bucket(region, 'records', { ...withPolicy, objectOwnership: 'ObjectWriter' }),
      'put-bucket-ownership-controls --bucket records',
    ],
    [
      'of another account: the Put tells',
      ({ aws }) => aws.account('999999999999').bucket(region, 'records'),
      undefined,
    ],
    ['without a policy that we may attach', ({ account }) => account.bucket(region, 'records'), undefined],
    [
      'without a policy, which we may not attach',
      ({ account, aws }) => {
        account.bucket(region, 'records');
        aws.deny(accountID, 's3:PutBucketPolicy');
      },
      JSON.stringify(delivery),
    ],
    [
      'with the usual Deny of plain HTTP beside the statement',
      ({ account }) => account.bucket(region, 'records', { policy: { Statement: [httpOnly, delivery] } }),
      undefined,
    ],
    [
      'with the usual Deny of plain HTTP and no more, which we may not change',
      ({ account, aws }) => {
        account.bucket(region, 'records', { policy: { Statement: [httpOnly] } });
        aws.deny(accountID, 's3:PutBucketPolicy');
      },
      JSON.stringify(delivery),
    ],
  ])('%s', async (_, make, expected) => {
    const on = stage();
    make(on);
    const found = await preflight(on)(bucket);
    expect(`${found?.kind} ${found?.reason} ${found?.message}`).toContain(expected ?? FINE);
    expect(found?.reason).toBe(expected && 'BucketNotUsable');
  });
});

describe('a key', () => {
  it.each([
    ['as it should be', {}, undefined],
    ['that is disabled', { enabled: false }, 'aws kms enable-key --key-id'],
    ['that is to be deleted', { pendingDeletion: true }, 'aws kms cancel-key-deletion --key-id arn:aws:kms'],
    ['that is asymmetric', { symmetric: false }, 'symmetric'],
    ['whose policy does not admit CloudWatch Logs', { allowsLogs: false }, keyUse(place, GROUP)],
  ])('%s', async (_, seed, expected) => {
    const on = stage();
    const { arn } = on.account.key(region, { id: 'key', ...seed });
    const found = await preflight(on)({ kind: 'KMSKey', arn, logGroup: GROUP });
    expect(`${found?.kind} ${found?.reason} ${found?.message}`).toContain(expected ?? FINE);
    expect(found?.reason).toBe(expected && 'KMSKeyNotUsable');
  });

  it('of a bucket must admit Bedrock', async () => {
    const on = stage();
    const closed = on.account.key(region, { id: 'closed' }).arn;
    const open = on.account.key(region, { id: 'open', allowsBedrock: true }).arn;
    const check = (arn: string) => preflight(on)({ kind: 'BucketKey', arn, bucket: 'records' });
    expect(await check(open)).toBeUndefined();
    expect(await check(closed)).toMatchObject({
      kind: 'stall',
      reason: 'KMSKeyNotUsable',
      message: expect.stringContaining(bucketKeyUse(place)),
    });
  });

  it('that does not exist', async () => {
    const arn = `arn:aws:kms:${region}:${accountID}:key/none`;
    const found = await preflight(stage())({ kind: 'KMSKey', arn, logGroup: GROUP });
    expect(found).toMatchObject({
      kind: 'stall',
      reason: 'KMSKeyNotUsable',
      message: expect.stringContaining('does not exist'),
    });
  });
});

describe('a topic', () => {
  it('is found, missing, encrypted with a key that cannot work, or not ours to read', async () => {
    const on = stage();
    const topics = {
      good: on.account.topic(region, 'good'),
      own: on.account.topic(region, 'own', `arn:aws:kms:${region}:${accountID}:key/mine`),
      managed: on.account.topic(region, 'managed', 'alias/aws/sns'),
      missing: `arn:aws:sns:${region}:${accountID}:missing`,
      theirs: `arn:aws:sns:${region}:999999999999:theirs`,
    };
    const check = preflight(on);
    const found = Object.entries(topics).map(async ([name, arn]) => [
      name,
      (await check({ kind: 'Topic', arn }))?.reason,
    ]);
    expect(Object.fromEntries(await Promise.all(found))).toEqual({
      good: undefined,
      own: undefined,
      managed: 'ActionTargetNotUsable',
      missing: 'ActionTargetNotUsable',
      theirs: undefined,
    });
  });
});

it('costs two reads of a bucket or a key, and one of a topic', async () => {
  const on = stage();
  on.account.bucket(region, 'records', { policy: { Statement: [delivery] } });
  const { arn } = on.account.key(region, { id: 'key' });
  const check = preflight(on);
  for (const one of [
    bucket,
    { kind: 'KMSKey', arn, logGroup: GROUP },
    { kind: 'Topic', arn: on.account.topic(region, 'pager') },
  ] as const)
    expect(await check(one)).toBeUndefined();
  expect(on.aws.calls.map(({ operation }) => operation)).toEqual([
    'GetBucketOwnershipControls',
    'GetBucketPolicy',
    'DescribeKey',
    'GetKeyPolicy',
    'GetTopicAttributes',
  ]);
});

it('asks once in ten minutes for what IAM denies, and blocks nothing because of it or of an outage', async () => {
  const on = stage();
  on.aws.deny(accountID, 'iam:GetRole');
  const check = preflight(on);
  expect(await check(role)).toBeUndefined();
  expect(await check(role)).toBeUndefined();
  const asked = () => on.aws.calls.filter(({ operation }) => operation === 'GetRole').length;
  expect(asked()).toBe(1);
  await on.clock.advance(601_000);
  expect(await check(role)).toBeUndefined();
  expect(asked()).toBe(2);
  on.aws.fault({ operation: 'GetBucketOwnershipControls' }, { kind: 'InternalError' });
  on.account.bucket(region, 'records', { policy: { Statement: [delivery] } });
  expect(await check(bucket)).toBeUndefined();
});

it('takes what is closed to us for no word on anything else', async () => {
  const on = stage();
  on.aws.account('999999999999').bucket(region, 'theirs');
  const check = preflight(on);
  expect(await check({ kind: 'Bucket', name: 'theirs' })).toBeUndefined();
  expect(await check({ kind: 'Bucket', name: 'none' })).toMatchObject({ reason: 'BucketNotUsable' });
});

it('leaves a service that cannot be reached alone for ten minutes', async () => {
  const on = stage();
  makeRole(on, [], []);
  const mend = on.aws.fault({ service: 'iam' }, { kind: 'Reset', effect: 'Before' }, 1_000);
  const check = preflight(on);
  expect(await check(role)).toBeUndefined();
  const tries = on.aws.calls.length;
  mend();
  expect(await check(role)).toBeUndefined();
  expect(on.aws.calls.length).toBe(tries);
  await on.clock.advance(601_000);
  expect(await check(role)).toMatchObject({ reason: 'RoleNotUsable' });
});

it('leaves one call that fails alone, and goes on with the others of its service', async () => {
  const on = stage();
  makeRole(on, [], []);
  const check = preflight(on);
  on.aws.fault({ operation: 'SimulatePrincipalPolicy' }, { kind: 'InternalError' }, 1_000);
  on.account.bucket(region, 'records');
  expect(await check(bucket)).toBeUndefined();
  expect(await check(role)).toMatchObject({ reason: 'RoleNotUsable' });
  const tries = on.aws.calls.length;
  expect(await check(bucket)).toBeUndefined();
  expect(on.aws.calls.slice(tries).map(({ operation }) => operation)).toEqual([
    'GetBucketOwnershipControls',
    'GetBucketPolicy',
  ]);
});

it.each<[string, Dependency]>([
  ['GetRole', role],
  ['GetBucketOwnershipControls', bucket],
  ['GetBucketPolicy', bucket],
  ['DescribeKey', { kind: 'KMSKey', arn: `arn:aws:kms:${region}:${accountID}:key/none`, logGroup: GROUP }],
  ['GetTopicAttributes', { kind: 'Topic', arn: `arn:aws:sns:${region}:${accountID}:none` }],
])('an emulator that does not have %s is no finding', async (operation, dependency) => {
  const on = stage();
  on.account.bucket(region, 'records', { policy: { Statement: [delivery] } });
  on.account.topic(region, 'another');
  const unknown = { kind: 'Error', code: 'UnknownOperationException', message: 'No such operation' } as const;
  for (const status of [400, 404, 501]) {
    on.aws.fault({ operation }, { ...unknown, status }, 4);
    expect(await preflight(on)(dependency)).toBeUndefined();
  }
});

it('ends with the pass that it is for', async () => {
  const on = stage();
  const over = AbortSignal.abort(new Error('the pass is over'));
  const checks = on.cloud().preflight({ region }, identity, owner, 'Edit');
  expect(await on.failure(checks.check(role, over))).toMatchObject({ message: 'the pass is over' });
});
