import type { InvocationLoggingSpec } from '#src/api/v1alpha1.ts';
import { bucketName, roleName } from '../names.ts';
import { blocked } from './remark.ts';
import type { Facts, Feature, Remark } from './types.ts';

type RoleSpec = NonNullable<InvocationLoggingSpec['cloudWatchLogs']>['role'];
export type S3Destination = NonNullable<InvocationLoggingSpec['s3']>;

/** Cut so, the shipped policy lets Bedrock be handed the roles, and the operator make them. */
const DEFAULT_PATH = '/bedrockmonitor/';

/** Name and path of the role that the spec asks for; undefined: it names one that exists. */
export function roleToMake(role: RoleSpec, { owner, place }: Facts): { name: string; path: string } | undefined {
  const { create } = role;
  return create && { name: create.name ?? roleName(owner, place), path: create.path ?? DEFAULT_PATH };
}

/** The role that Bedrock writes with, be it made or named: known without asking AWS. */
export function deliveryRoleARN(role: RoleSpec, facts: Facts): string {
  const made = roleToMake(role, facts);
  const { partition, accountID } = facts.place;
  return made === undefined ? (role.arn ?? '') : `arn:${partition}:iam::${accountID}:role${made.path}${made.name}`;
}

/** A place in S3 that Bedrock delivers to. */
export interface Destination {
  readonly spec: S3Destination;
  /** Of the bucket, be it made or named. */
  readonly name: string;
  readonly path: string;
}

/** Both of them, large bodies first. */
export function destinationsIn(
  { cloudWatchLogs, s3 }: Pick<InvocationLoggingSpec, 'cloudWatchLogs' | 's3'>,
  facts: Facts,
): readonly Destination[] {
  const destination = (spec: S3Destination | undefined, path: string): Destination[] =>
    spec === undefined ? [] : [{ spec, name: deliveryBucket(spec, facts), path: `invocationLogging/${path}/bucket` }];
  return [...destination(cloudWatchLogs?.largeDataDelivery, 'largeDataDelivery'), ...destination(s3, 's3')];
}

/** The bucket that Bedrock writes to, be it made or named. */
export function deliveryBucket({ bucket }: S3Destination, { place }: Facts): string {
  return bucket.create === undefined ? (bucket.name ?? '') : (bucket.create.name ?? bucketName(place));
}

/** Why nothing is made: the platform did not switch it on. */
export function switchedOff(feature: Feature, path: string, { features }: Facts): Remark | undefined {
  if (features.has(feature)) return undefined;
  const what = feature === 'LoggingRole' ? 'a role' : 'a bucket';
  const instead = feature === 'LoggingRole' ? 'role.arn' : 'bucket.name';
  return blocked(
    'Logging',
    path,
    'FeatureDisabled',
    `the spec asks for ${what} to be made, and this operator makes none: name one that exists by ${instead}, or ask the platform team to start the operator with --features=${feature} and to give it manifests/iam-policy-create.json`,
  );
}
