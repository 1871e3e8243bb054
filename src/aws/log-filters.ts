import type { MetricFilter, SubscriptionFilter } from '@aws-sdk/client-cloudwatch-logs';

import { ownerInPath, splitOnGroup } from '#src/domain/names.ts';
import type { Mark } from '#src/domain/resource.ts';
import type { Lane } from '#src/reconcile/ports.ts';
import type { BatchedLoad } from './batch.ts';
import { batched } from './batch.ts';
import { commonPrefix } from './common-prefix.ts';
import { isAbsent } from './errors.ts';
import type { Input, Output } from './operations.ts';
import { allPages } from './pages.ts';

type Describes = 'logs:DescribeMetricFilters' | 'logs:DescribeSubscriptionFilters';
type Call = <N extends Describes>(name: N, input: Input<N>, lane: Lane, signal: AbortSignal) => Promise<Output<N>>;

/** AWS's page. */
const PAGE = 50;

/** The filters of a log group that are asked for at one moment are one listing. A log group that is missing has none. */
export function filterLoads(
  call: Call,
  schedule: (dispatch: () => void) => void,
): {
  readonly metricFilter: BatchedLoad<string, MetricFilter>;
  readonly subscriptionFilter: BatchedLoad<string, SubscriptionFilter>;
} {
  const load =
    <F extends { readonly filterName?: string | undefined }>(
      list: (logGroup: string, prefix: string, lane: Lane, signal: AbortSignal) => Promise<readonly F[]>,
    ) =>
    async (keys: readonly string[], lane: Lane, signal: AbortSignal): Promise<ReadonlyMap<string, F>> => {
      const found = new Map<string, F>();
      for (const [logGroup, names] of Map.groupBy(keys, (key) => splitOnGroup(key).logGroup)) {
        const prefix = commonPrefix(names.map((one) => splitOnGroup(one).own));
        for (const filter of await orNone(list(logGroup, prefix, lane, signal)))
          found.set(`${logGroup}:${filter.filterName ?? ''}`, filter);
      }
      return found;
    };
  return {
    metricFilter: batched({
      size: Number.POSITIVE_INFINITY,
      schedule,
      load: load((logGroupName, prefix, lane, signal) =>
        listMetricFilters((input) => call('logs:DescribeMetricFilters', input, lane, signal), {
          logGroupName,
          ...(prefix && { filterNamePrefix: prefix }),
        }),
      ),
    }),
    subscriptionFilter: batched({
      size: Number.POSITIVE_INFINITY,
      schedule,
      load: load((logGroupName, prefix, lane, signal) =>
        allPages<SubscriptionFilter>(async (nextToken) => {
          const input = { logGroupName, limit: PAGE, ...(prefix && { filterNamePrefix: prefix }), nextToken };
          const page = await call('logs:DescribeSubscriptionFilters', input, lane, signal);
          return { items: page.subscriptionFilters, next: page.nextToken };
        }),
      ),
    }),
  };
}

/** All pages; without a log group the filters of all of them. */
export function listMetricFilters(
  describe: (input: Input<'logs:DescribeMetricFilters'>) => Promise<Output<'logs:DescribeMetricFilters'>>,
  of: { readonly logGroupName?: string; readonly filterNamePrefix?: string },
): Promise<readonly MetricFilter[]> {
  return allPages(async (nextToken) => {
    const page = await describe({ ...of, limit: PAGE, nextToken });
    return { items: page.metricFilters, next: page.nextToken };
  });
}

/** A filter's derived name is its mark. */
export function markOfFilter(filterName: string): Mark {
  const by = ownerInPath(filterName);
  return by === undefined ? { state: 'None' } : { state: 'Owned', by };
}

async function orNone<F>(list: Promise<readonly F[]>): Promise<readonly F[]> {
  try {
    return await list;
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}
