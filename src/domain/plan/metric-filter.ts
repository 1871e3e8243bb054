import type { BedrockMonitorSpec, MetricFilterEntry } from '#src/api/v1alpha1.ts';
import { filterName, onGroup } from '../names.ts';
import { ownerMark } from '../owner.ts';
import type { MetricFilter } from '../resource.ts';
import type { AttachedGroup } from './attached-group.ts';
import { attachedGroup } from './attached-group.ts';
import type { FilterMetric } from './metric-filter-presets.ts';
import { metricsOf } from './metric-filter-presets.ts';
import { blocked } from './remark.ts';
import type { Facts, Plan, Planned, Remark } from './types.ts';

/** PutMetricFilter: "The maximum number of metric filters that can be associated with a log group is 100." */
const FILTERS_PER_GROUP = 100;

/**
 * Metric filters on the log group that receives the records. They see masked text, and come after the masking: a
 * dimension would carry what is not masked into the name of a metric.
 */
export function planMetricFilters(spec: BedrockMonitorSpec, facts: Facts): Partial<Plan> {
  const entries = spec.metricFilters ?? [];
  if (entries.length === 0) return {};
  const group = attachedGroup(spec);
  if (group === undefined) {
    const message =
      'metricFilters need invocationLogging.cloudWatchLogs: they count what is in the log group of this monitor';
    return { remarks: [blocked('MetricFilters', 'metricFilters', 'InvalidSpec', message)], keep: ['MetricFilters'] };
  }
  if (group.unmasked !== undefined) {
    const remark = blocked('MetricFilters', 'metricFilters', 'InvalidSpec', group.unmasked);
    return { remarks: [remark], keep: ['MetricFilters'] };
  }
  const resources: Planned[] = [];
  const remarks: Remark[] = [];
  for (const entry of entries) {
    const planned = planEntry(entry, group, facts);
    const twin = 'reason' in planned ? undefined : clash(planned, resources);
    if ('reason' in planned) remarks.push(planned);
    else if (twin !== undefined) remarks.push(renameOf(entry, twin));
    else if (resources.length + planned.length > FILTERS_PER_GROUP) remarks.push(tooMany(entry));
    else resources.push(...planned);
  }
  return { resources, remarks, keep: remarks.length > 0 ? ['MetricFilters'] : [] };
}

/** The namespace of the metrics of a monitor, where its entries name none. */
function metricNamespace({ owner }: Pick<Facts, 'owner'>): string {
  return `BedrockMonitor/${ownerMark(owner)}`;
}

function planEntry(entry: MetricFilterEntry, group: AttachedGroup, facts: Facts): readonly Planned[] | Remark {
  const path = `metricFilters/${entry.name}`;
  const metrics = metricsOf(entry);
  if (metrics === undefined) {
    const message = `metric filter ${entry.name} uses a preset that this release of the operator does not know: upgrade the operator, or write it as filterPattern with metricTransformation`;
    return blocked('MetricFilters', path, 'UnsupportedField', message);
  }
  return metrics.map((metric, index) => ({
    resource: metricFilter(entry, metric, index + 1, group, facts),
    part: 'MetricFilters',
    path: index === 0 ? path : `${path}/${index + 1}`,
    after: group.afterMasking,
  }));
}

function metricFilter(
  entry: MetricFilterEntry,
  metric: FilterMetric,
  part: number,
  group: AttachedGroup,
  facts: Facts,
): MetricFilter {
  return {
    kind: 'MetricFilter',
    name: onGroup(group.name, filterName(facts.owner, facts.place, entry.name, part)),
    ...metric,
    metricNamespace: metric.metricNamespace ?? metricNamespace(facts),
  };
}

/** `tokens` that makes a second filter, and an entry `tokens-2`, come to one name. */
function clash(planned: readonly Planned[], before: readonly Planned[]): Planned | undefined {
  const names = new Set(planned.map(({ resource }) => resource.name));
  return before.find(({ resource }) => names.has(resource.name));
}

function renameOf({ name }: MetricFilterEntry, twin: Planned): Remark {
  const message = `metric filter ${name} and ${twin.path} come to one name in AWS (${twin.resource.name}): rename one of the entries`;
  return blocked('MetricFilters', `metricFilters/${name}`, 'InvalidSpec', message);
}

function tooMany({ name }: MetricFilterEntry): Remark {
  const message = `metric filter ${name} does not fit: AWS takes ${FILTERS_PER_GROUP} filters on a log group, and the entries before it need those; name fewer values, or remove entries`;
  return blocked('MetricFilters', `metricFilters/${name}`, 'QuotaExceeded', message);
}
