import type { MetricFilter as WireFilter } from '@aws-sdk/client-cloudwatch-logs';
import { namePrefixes, onGroup, splitOnGroup } from '#src/domain/names.ts';
import type { Change, MetricFilter, Observed } from '#src/domain/resource.ts';
import type { ResourceHandler } from '#src/reconcile/ports.ts';
import { isAbsent } from './errors.ts';
import { disabledBecause, forgetValues } from './filter-values.ts';
import { listMetricFilters, markOfFilter } from './log-filters.ts';
import type { Session } from './session.ts';
import { declaredDifferences, differences } from './structural-diff.ts';

/** Metric filters of CloudWatch Logs. AWS cannot tag them: the derived name is the mark. */
export function metricFilters(session: Session): ResourceHandler<'MetricFilter'> {
  return {
    async observe({ name }, _marks, signal) {
      const found = await session.shared.metricFilter(name, signal);
      if (found === undefined) return session.absent({ kind: 'MetricFilter', name });
      const now = observed(name, found);
      const because = await disabledBecause(session, now.resource, signal);
      return because === undefined ? now : { ...now, ailing: { reason: 'FilterDisabled', message: because } };
    },
    diff,
    async apply(desired, now, signal) {
      const ref = { kind: 'MetricFilter', name: desired.name } as const;
      await session.call('logs:PutMetricFilter', desired.name, putInput(desired, wireOf(now)), signal);
      forgetValues(session, desired.name);
      if (now === undefined) session.created(ref);
      return ref;
    },
    async delete({ name }, _now, signal) {
      const { logGroup: logGroupName, own: filterName } = splitOnGroup(name);
      try {
        await session.call('logs:DeleteMetricFilter', name, { logGroupName, filterName }, signal);
      } catch (error) {
        // The filter, or the log group with it.
        if (!isAbsent(error)) throw error;
      }
      session.deleted({ kind: 'MetricFilter', name });
    },
    async find(owner, signal) {
      const describe = (input: Parameters<Parameters<typeof listMetricFilters>[0]>[0]) =>
        session.call('logs:DescribeMetricFilters', '*', input, signal);
      // AWS heeds a prefix only within a log group, and which one it was is what is not known.
      const all = await listMetricFilters(describe, {});
      return all
        .filter(({ filterName = '' }) => filterName.startsWith(namePrefixes(owner).path))
        .map(({ logGroupName = '', filterName = '' }) => ({
          kind: 'MetricFilter',
          name: onGroup(logGroupName, filterName),
        }));
    },
  };
}

/** A put replaces the whole filter: what no spec declares (the unit, transformed logs, system fields) goes along. */
function putInput(desired: MetricFilter, now: WireFilter | undefined) {
  const { logGroup: logGroupName, own: filterName } = splitOnGroup(desired.name);
  const { filterPattern, metricNamespace, metricName, metricValue, dimensions, defaultValue } = desired;
  const unit = now?.metricTransformations?.[0]?.unit;
  return {
    logGroupName,
    filterName,
    filterPattern,
    metricTransformations: [
      {
        metricNamespace,
        metricName,
        metricValue,
        ...(Object.keys(dimensions).length > 0 && { dimensions: { ...dimensions } }),
        ...(defaultValue !== undefined && { defaultValue }),
        ...(unit !== undefined && { unit }),
      },
    ],
    ...(now?.applyOnTransformedLogs !== undefined && { applyOnTransformedLogs: now.applyOnTransformedLogs }),
    ...(now?.fieldSelectionCriteria !== undefined && { fieldSelectionCriteria: now.fieldSelectionCriteria }),
    ...(now?.emitSystemFieldDimensions !== undefined && { emitSystemFieldDimensions: now.emitSystemFieldDimensions }),
  };
}

function diff(desired: MetricFilter, { resource }: Observed<'MetricFilter'>): readonly Change[] {
  const { kind: _, name: __, dimensions, defaultValue, ...declared } = desired;
  return [
    ...declaredDifferences(resource, declared),
    ...differences('dimensions', resource.dimensions, dimensions),
    ...differences('defaultValue', resource.defaultValue, defaultValue),
  ];
}

function observed(name: string, wire: WireFilter): Observed<'MetricFilter'> {
  const [transformation] = wire.metricTransformations ?? [];
  const defaultValue = transformation?.defaultValue;
  return {
    resource: {
      kind: 'MetricFilter',
      name,
      filterPattern: wire.filterPattern ?? '',
      metricNamespace: transformation?.metricNamespace ?? '',
      metricName: transformation?.metricName ?? '',
      metricValue: transformation?.metricValue ?? '',
      dimensions: transformation?.dimensions ?? {},
      ...(defaultValue !== undefined && { defaultValue }),
    },
    mark: markOfFilter(splitOnGroup(name).own),
    raw: wire,
  };
}

function wireOf(now: Observed<'MetricFilter'> | undefined): WireFilter | undefined {
  const raw = now?.raw;
  return typeof raw === 'object' && raw !== null ? raw : undefined;
}
