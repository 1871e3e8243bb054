import type { SubscriptionFilter as WireFilter } from '@aws-sdk/client-cloudwatch-logs';
import { splitOnGroup } from '#src/domain/names.ts';
import type { Change, Observed, SubscriptionFilter } from '#src/domain/resource.ts';
import type { ResourceHandler } from '#src/reconcile/ports.ts';
import { isAbsent } from './errors.ts';
import { markOfFilter } from './log-filters.ts';
import type { Session } from './session.ts';
import { declaredDifferences, differences } from './structural-diff.ts';

/** Subscription filters of CloudWatch Logs. AWS cannot tag them: the derived name is the mark. */
export function subscriptionFilters(session: Session): ResourceHandler<'SubscriptionFilter'> {
  return {
    async observe({ name }, _marks, signal) {
      const found = await session.shared.subscriptionFilter(name, signal);
      return found === undefined ? session.absent({ kind: 'SubscriptionFilter', name }) : observed(name, found);
    },
    diff,
    async apply(desired, now, signal) {
      const ref = { kind: 'SubscriptionFilter', name: desired.name } as const;
      await session.call('logs:PutSubscriptionFilter', desired.name, putInput(desired, wireOf(now)), signal);
      if (now === undefined) session.created(ref);
      return ref;
    },
    async delete({ name }, _now, signal) {
      const { logGroup: logGroupName, own: filterName } = splitOnGroup(name);
      try {
        await session.call('logs:DeleteSubscriptionFilter', name, { logGroupName, filterName }, signal);
      } catch (error) {
        // The filter, or the log group with it.
        if (!isAbsent(error)) throw error;
      }
      session.deleted({ kind: 'SubscriptionFilter', name });
    },
  };
}

/** A put replaces the whole filter: what no spec declares (transformed logs, system fields) goes along. */
function putInput(desired: SubscriptionFilter, now: WireFilter | undefined) {
  const { logGroup: logGroupName, own: filterName } = splitOnGroup(desired.name);
  const { filterPattern, destinationARN, roleARN, distribution } = desired;
  return {
    logGroupName,
    filterName,
    filterPattern,
    destinationArn: destinationARN,
    ...(roleARN !== undefined && { roleArn: roleARN }),
    distribution,
    ...(now?.applyOnTransformedLogs !== undefined && { applyOnTransformedLogs: now.applyOnTransformedLogs }),
    ...(now?.fieldSelectionCriteria !== undefined && { fieldSelectionCriteria: now.fieldSelectionCriteria }),
    ...(now?.emitSystemFields !== undefined && { emitSystemFields: now.emitSystemFields }),
  };
}

function diff(desired: SubscriptionFilter, { resource }: Observed<'SubscriptionFilter'>): readonly Change[] {
  const { destinationARN, filterPattern, distribution, roleARN } = desired;
  return [
    ...declaredDifferences(resource, { destinationARN, filterPattern, distribution }),
    ...differences('roleARN', resource.roleARN, roleARN),
  ];
}

function observed(name: string, wire: WireFilter): Observed<'SubscriptionFilter'> {
  const { roleArn } = wire;
  return {
    resource: {
      kind: 'SubscriptionFilter',
      name,
      destinationARN: wire.destinationArn ?? '',
      filterPattern: wire.filterPattern ?? '',
      ...(roleArn !== undefined && { roleARN: roleArn }),
      // AWS's default, where it says nothing.
      distribution: wire.distribution ?? 'ByLogStream',
    },
    mark: markOfFilter(splitOnGroup(name).own),
    raw: wire,
  };
}

function wireOf(now: Observed<'SubscriptionFilter'> | undefined): WireFilter | undefined {
  const raw = now?.raw;
  return typeof raw === 'object' && raw !== null ? raw : undefined;
}
