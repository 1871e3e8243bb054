import { isDeepStrictEqual } from 'node:util';
import type { BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import { bucketDelivery, DELIVERY_SID, recordsFolder } from '../bedrock-access.ts';
import type { LoggingBucket } from '../resource.ts';
import type { Destination } from './delivery.ts';
import { destinationsIn, switchedOff } from './delivery.ts';
import { blocked } from './remark.ts';
import { declaredTags } from './tags.ts';
import type { Facts, Plan, Planned, Remark } from './types.ts';

/** The buckets that Bedrock writes to, where the spec asks for them to be made: one for each name. */
export function planLoggingBuckets(spec: BedrockMonitorSpec, facts: Facts): Partial<Plan> {
  const destinations = destinationsIn(spec.invocationLogging ?? {}, facts);
  const made = destinations.filter(({ spec: { bucket } }) => bucket.create !== undefined);
  const [first] = made;
  if (first === undefined) return {};
  const off = switchedOff('LoggingBucket', first.path, facts) ?? differing(made);
  if (off !== undefined) return { remarks: [off], keep: ['Logging'] };
  const byName = new Map(made.toReversed().map((one) => [one.name, one]));
  return {
    resources: [...byName.values()].reverse().map(
      (one): Planned => ({
        resource: bucket(
          one,
          destinations.filter(({ name }) => name === one.name),
          spec,
          facts,
        ),
        part: 'Logging',
        path: one.path,
        after: [],
      }),
    ),
  };
}

/** Where no expiration is written, that of the log group counts for a bucket that is created, or that keeps less. */
function bucket(
  { name, spec: { bucket } }: Destination,
  destinations: readonly Destination[],
  spec: BedrockMonitorSpec,
  { owner, place }: Facts,
): LoggingBucket {
  const prefixes = destinations.map((one) => one.spec.keyPrefix);
  const { kmsKeyARN, expirationInDays } = bucket.create ?? {};
  const leastExpiration = spec.invocationLogging?.cloudWatchLogs?.logGroup.retentionInDays;
  return {
    kind: 'LoggingBucket',
    name,
    ...(kmsKeyARN !== undefined && { kmsKeyARN }),
    ...(expirationInDays !== undefined && { expirationInDays }),
    ...(expirationInDays === undefined && leastExpiration !== undefined && { leastExpiration }),
    folders: [...new Set(prefixes.map((prefix) => recordsFolder(place, prefix)))].sort(),
    delivery: { Sid: DELIVERY_SID, ...bucketDelivery(place, name, prefixes) },
    objectOwnership: 'BucketOwnerEnforced',
    publicAccess: 'Blocked',
    tags: declaredTags(owner, spec.tags),
  };
}

/** The schema refuses this where both names are given, or none: a derived name may be written, too. */
function differing(made: readonly Destination[]): Remark | undefined {
  const [one, other] = made;
  if (one === undefined || other === undefined || one.name !== other.name) return undefined;
  const settings = ({ spec: { bucket } }: Destination) => ({ ...bucket.create, name: undefined });
  if (isDeepStrictEqual(settings(one), settings(other))) return undefined;
  return blocked('Logging', other.path, 'InvalidSpec', SAME_BUCKET);
}

const SAME_BUCKET = 's3 and largeDataDelivery create the same bucket: give both the same settings, or two names';
