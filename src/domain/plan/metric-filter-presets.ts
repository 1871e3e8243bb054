import type { MetricFilterEntry } from '#src/api/v1alpha1.ts';
import type { MetricFilter } from '../resource.ts';

/** One metric made from records, before it has a name in AWS. */
export interface FilterMetric extends Omit<MetricFilter, 'kind' | 'name' | 'metricNamespace'> {
  /** Absent: the monitor's own. */
  readonly metricNamespace?: string;
}

/** AWS's limit on one filter pattern (PutMetricFilter). */
const PATTERN_LIMIT = 1024;

/** What an entry counts, in the order of its filters. Undefined: the preset is none of this release. */
export function metricsOf(entry: MetricFilterEntry): readonly FilterMetric[] | undefined {
  const { preset, tokensByMetadata, filterPattern, metricTransformation } = entry;
  if (preset === undefined) {
    if (filterPattern === undefined || metricTransformation === undefined) return undefined;
    const { dimensions = {}, ...transformation } = metricTransformation;
    return [{ filterPattern, dimensions, ...transformation }];
  }
  if (preset === 'ErrorsByCode') return [errorsByCode];
  return preset === 'TokensByMetadata' && tokensByMetadata !== undefined ? tokens(tokensByMetadata) : undefined;
}

/**
 * Failed calls have `errorCode` beside `operation`; the others have none. `= "*"` is how the language says that a field
 * is there, and a line that is not JSON has no fields. AWS's codes are few, so they may be a dimension.
 */
const errorsByCode: FilterMetric = {
  filterPattern: '{ $.errorCode = "*" }',
  metricName: 'InvocationErrors',
  metricValue: '1',
  dimensions: { errorCode: '$.errorCode' },
};

/** The fields have paths of their own, so that no text in a body is taken for them, and no large body hides them. */
const counts = [
  { metricName: 'InputTokenCount', metricValue: '$.input.inputTokenCount' },
  { metricName: 'OutputTokenCount', metricValue: '$.output.outputTokenCount' },
] as const;

/**
 * Only the values that are listed: free ones would make AWS switch the filter off at the thousandth. Values that do not
 * fit into one pattern make further filters, which publish the same metrics; the two of the first values come first, so
 * that more values only add filters.
 */
function tokens({ key, values }: NonNullable<MetricFilterEntry['tokensByMetadata']>): readonly FilterMetric[] {
  const field = `$.requestMetadata.${key}`;
  return patterns(field, [...new Set(values)].sort()).flatMap((filterPattern) =>
    counts.map((count) => ({ filterPattern, ...count, dimensions: { [key]: field } })),
  );
}

function patterns(field: string, values: readonly string[]): readonly string[] {
  const found: string[] = [];
  let clauses: string[] = [];
  for (const clause of values.map((value) => `${field} = "${value}"`)) {
    if (clauses.length > 0 && patternOf([...clauses, clause]).length > PATTERN_LIMIT) {
      found.push(patternOf(clauses));
      clauses = [];
    }
    clauses.push(clause);
  }
  return [...found, patternOf(clauses)];
}

function patternOf(clauses: readonly string[]): string {
  return `{ ${clauses.join(' || ')} }`;
}
