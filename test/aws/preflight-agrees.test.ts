import { expect, it } from 'vitest';
import { bedrockTrust, bucketDelivery, deliveryPermission } from '#src/aws/permission.ts';
import type { Dependency } from '#src/domain/dependencies.ts';
import { Stalled, Waiting } from '#src/domain/failure.ts';
import type { JsonObject } from '#src/domain/json.ts';
import type { Resource } from '#src/domain/resource.ts';
import type { Stage } from './stage.ts';
import { accountID, owner, place, region, signal, stage, tags } from './stage.ts';

/**
 * Preflight and the write must not contradict each other: what preflight finds the write refuses, and what it does not
 * find is either accepted, or something that it says it cannot tell.
 */
const GROUP = '/aws/bedrock/production';
const trust: JsonObject = JSON.parse(bedrockTrust('aws', accountID, region));
const permission: JsonObject = JSON.parse(deliveryPermission(place, GROUP));
const delivery: JsonObject = JSON.parse(bucketDelivery(place, 'records', undefined));
const identity = { accountID, arn: `arn:aws:iam::${accountID}:user/operator`, partition: 'aws' };
const roleARN = `arn:aws:iam::${accountID}:role/bedrockmonitor/writer`;

type Seed = (on: Stage) => unknown;
const role =
  (trusted: readonly JsonObject[], allowed: readonly JsonObject[]): Seed =>
  (on) =>
    on.account.role({
      name: 'writer',
      path: '/bedrockmonitor/',
      trust: { Statement: [...trusted] },
      policies: [{ Statement: [...allowed] }],
    });
const bucket =
  (
    statements: readonly JsonObject[],
    seed: { readonly objectOwnership?: 'ObjectWriter' } = {},
    where: { readonly account?: string; readonly region?: string } = {},
  ): Seed =>
  (on) =>
    on.aws
      .account(where.account ?? accountID)
      .bucket(where.region ?? region, 'records', { policy: { Statement: [...statements] }, ...seed });

const roles: Readonly<Record<string, readonly [Seed, finds: boolean]>> = {
  usable: [role([trust], [permission]), false],
  missing: [() => undefined, true],
  'without trust': [role([], [permission]), true],
  'that trusts Bedrock for another account': [
    role([{ ...trust, Condition: { StringEquals: { 'aws:SourceAccount': '999999999999' } } }], [permission]),
    true,
  ],
  'with a trust that is denied': [role([trust, { ...trust, Effect: 'Deny' }], [permission]), true],
  'without permissions': [role([trust], []), true],
  'with a permission that is denied': [role([trust], [permission, { ...permission, Effect: 'Deny' }]), true],
};

const buckets: Readonly<Record<string, readonly [Seed, finds: boolean]>> = {
  usable: [bucket([delivery]), false],
  missing: [() => undefined, true],
  'with ACLs': [bucket([delivery], { objectOwnership: 'ObjectWriter' }), true],
  'of another Region': [bucket([delivery], {}, { region: 'eu-west-1' }), true],
  'of another account: it cannot be told': [bucket([delivery], {}, { account: '999999999999' }), false],
  'without the statement': [bucket([]), true],
  'with a statement for another folder': [bucket([{ ...delivery, Resource: 'arn:aws:s3:::records/x/*' }]), true],
  'with the statement denied': [bucket([delivery, { ...delivery, Effect: 'Deny' }]), true],
};

const keys: Readonly<Record<string, readonly [Parameters<Stage['account']['key']>[1] | undefined, finds: boolean]>> = {
  usable: [{ id: 'key' }, false],
  missing: [undefined, true],
  disabled: [{ id: 'key', enabled: false }, true],
  'pending deletion': [{ id: 'key', pendingDeletion: true }, true],
  asymmetric: [{ id: 'key', symmetric: false }, true],
  'without the statement': [{ id: 'key', allowsLogs: false }, true],
};

async function both(on: Stage, dependency: Dependency, resource: Resource) {
  // As shipped: AWS may not attach the bucket's statement for us.
  on.aws.deny(accountID, 's3:PutBucketPolicy');
  const cloud = on.cloud();
  const found = await on.run(cloud.preflight({ region }, identity, owner, 'Edit').check(dependency, signal));
  const handlers = on.handlers(cloud);
  const put =
    resource.kind === 'LogGroup'
      ? handlers.LogGroup.apply(resource, undefined, signal)
      : resource.kind === 'InvocationLogging'
        ? handlers.InvocationLogging.apply(resource, undefined, signal)
        : Promise.reject(new Error(resource.kind));
  const refusal = await on.run(
    put.then(
      () => undefined,
      (error: unknown) => error,
    ),
  );
  return { found: found?.reason, refused: reasonOf(refusal) };
}

function reasonOf(refusal: unknown): string | undefined {
  if (refusal === undefined) return undefined;
  if (refusal instanceof Stalled || refusal instanceof Waiting) return refusal.reason;
  throw refusal;
}

const logging = (configuration: JsonObject): Resource => ({
  kind: 'InvocationLogging',
  name: 'invocation-logging',
  configuration,
});

it.each(Object.entries(roles))('a role %s', async (_, [seed, finds]) => {
  const on = stage();
  on.account.logGroup(region, { name: GROUP });
  seed(on);
  const seen = await both(
    on,
    { kind: 'LoggingRole', arn: roleARN, logGroup: GROUP },
    logging({ cloudWatchConfig: { logGroupName: GROUP, roleArn: roleARN } }),
  );
  const reason = finds ? 'RoleNotUsable' : undefined;
  expect(seen).toEqual({ found: reason, refused: reason });
});

it.each(Object.entries(buckets))('a bucket %s', async (name, [seed, finds]) => {
  const on = stage();
  seed(on);
  const seen = await both(on, { kind: 'Bucket', name: 'records' }, logging({ s3Config: { bucketName: 'records' } }));
  const refused = finds || name.includes('cannot be told') ? 'BucketNotUsable' : undefined;
  expect(seen).toEqual({ found: finds ? 'BucketNotUsable' : undefined, refused });
});

it.each(Object.entries(keys))('a key %s', async (_, [seed, finds]) => {
  const on = stage();
  const kmsKeyARN = seed ? on.account.key(region, seed).arn : `arn:aws:kms:${region}:${accountID}:key/none`;
  const seen = await both(
    on,
    { kind: 'KMSKey', arn: kmsKeyARN, logGroup: GROUP },
    { kind: 'LogGroup', name: GROUP, management: 'Managed', tags, kmsKeyARN },
  );
  const reason = finds ? 'KMSKeyNotUsable' : undefined;
  expect(seen).toEqual({ found: reason, refused: reason });
});
