import type { Condition } from '#src/api/v1alpha1.ts';
import type { Saying } from './conditions.ts';
import type { JsonObject } from './json.ts';
import { isJsonObject, textOf } from './json.ts';

/** Where Bedrock delivers records, in the words of its delivery metrics (Bedrock user guide: log delivery metrics). */
export type DeliveryDestination = 'CloudWatch' | 'S3' | 'LargeDataS3';

/** The latest period with an attempt to deliver. */
export interface Delivery {
  readonly destination: DeliveryDestination;
  readonly succeeded: boolean;
}

/** A destination of a logging configuration, as people name it. */
export interface Destination {
  readonly destination: DeliveryDestination;
  readonly name: string;
}

/** Where a configuration delivers to. */
export function destinationsOf(configuration: JsonObject): readonly Destination[] {
  const logs = isJsonObject(configuration['cloudWatchConfig']) ? configuration['cloudWatchConfig'] : undefined;
  const group = textOf(logs?.['logGroupName']);
  const large = bucketOf(logs?.['largeDataDeliveryS3Config']);
  const s3 = bucketOf(configuration['s3Config']);
  return [
    ...(group === undefined ? [] : [{ destination: 'CloudWatch', name: `log group ${group}` } as const]),
    ...(s3 === undefined ? [] : [{ destination: 'S3', name: `bucket ${s3}` } as const]),
    ...(large === undefined ? [] : [{ destination: 'LargeDataS3', name: `bucket ${large} (large data)` } as const]),
  ];
}

/** Invocations through the newer endpoint have neither records nor these metrics (Bedrock user guide: bedrock-mantle). */
export const MANTLE = 'calls to the bedrock-mantle endpoint are not logged by AWS';

/**
 * Whether records arrive. Without an attempt in the window it says what it said before of the same destinations: silence
 * is no news.
 */
export function sayDelivering(
  to: readonly Destination[],
  latest: readonly Delivery[],
  before: Condition | undefined,
): Saying {
  const failing = to.filter(({ destination }) =>
    latest.some((one) => one.destination === destination && !one.succeeded),
  );
  const names = to.map(({ name }) => name).join(', ');
  const delivered = saying('True', 'Delivered', `the latest records arrived: ${names}; ${MANTLE}`);
  const failed = (which: readonly Destination[]) =>
    saying(
      'False',
      'DeliveryFailing',
      `the latest records did not arrive: ${which.map(({ name }) => name).join(', ')}. Check the role, the policy and the key of each`,
    );
  if (failing.length > 0) return failed(failing);
  if (latest.length > 0) return delivered;
  const known = [delivered, ...subsets(to).map(failed)].find(({ message }) => message === before?.message);
  return (
    known ?? saying('Unknown', 'NoTraffic', `no record was sent to ${names} since logging was switched on; ${MANTLE}`)
  );
}

function saying(status: Saying['status'], reason: Saying['reason'], message: string): Saying {
  return { type: 'Delivering', status, reason, message };
}

/** All choices of at least one of at most three. */
function subsets<T>(items: readonly T[]): readonly (readonly T[])[] {
  const all = items.reduce<readonly (readonly T[])[]>(
    (sets, item) => [...sets, ...sets.map((set) => [...set, item])],
    [[]],
  );
  return all.filter((set) => set.length > 0);
}

function bucketOf(member: JsonObject[string] | undefined): string | undefined {
  return isJsonObject(member) ? textOf(member['bucketName']) : undefined;
}
