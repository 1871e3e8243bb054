import type { Condition } from '#src/api/v1alpha1.ts';
import type { Saying } from './conditions.ts';
import type { Destination } from './logging-configuration.ts';

/** The latest period with an attempt to deliver. */
export interface Delivery {
  readonly destination: Destination['destination'];
  readonly succeeded: boolean;
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
  const names = to.map(inWords).join(', ');
  const delivered = saying('True', 'Delivered', `the latest records arrived: ${names}; ${MANTLE}`);
  const failed = (which: readonly Destination[]) =>
    saying(
      'False',
      'DeliveryFailing',
      `the latest records did not arrive: ${which.map(inWords).join(', ')}. Check the role, the policy and the key of each`,
    );
  if (failing.length > 0) return failed(failing);
  if (latest.length > 0) return delivered;
  const known = [delivered, ...subsets(to).map(failed)].find(({ message }) => message === before?.message);
  return (
    known ?? saying('Unknown', 'NoTraffic', `no record was sent to ${names} since logging was switched on; ${MANTLE}`)
  );
}

/** One bucket may receive both. */
function inWords({ destination, name }: Destination): string {
  return destination === 'LargeDataS3' ? `${name} (large data)` : name;
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
