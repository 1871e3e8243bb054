import type { MetricQuery } from '../resource.ts';
import { bedrockMetric } from './bedrock-metric.ts';
import type { BedrockMetricName } from './metric-catalogue.ts';

/** What may count as a failure, and the metric that counts it. */
export const errorMetrics = {
  ServerErrors: { id: 'serverErrors', name: 'InvocationServerErrors' },
  ClientErrors: { id: 'clientErrors', name: 'InvocationClientErrors' },
  Throttles: { id: 'throttles', name: 'InvocationThrottles' },
} as const;
export type ErrorKind = keyof typeof errorMetrics;

/** `errorRate.minimumInvocations` and `errorRate.include` where the entry leaves them out. */
export const ERROR_RATE_MINIMUM = 20;
export const ERROR_RATE_INCLUDE: readonly ErrorKind[] = ['ServerErrors', 'Throttles'];

/**
 * Percent of requests that failed: 100·e/(Invocations+e), and 0 below `minimum` requests.
 *
 * AWS's pages disagree whether Invocations counts failed requests. If it does not, this is the exact rate. If it does,
 * failures count twice below the line and the rate r reads r/(1+r): 4.76 for 5 %. Dividing by Invocations alone would
 * read 5.26 for 5 % in the first case, and nothing at all in an outage where every request fails.
 *
 * A metric without events has no data points, so each is filled with 0. An evaluation in which a point of one metric
 * comes late reads wrong once: hence M of N.
 */
export function errorRate(
  include: readonly ErrorKind[],
  minimum: number,
  period: number,
  modelID: string | undefined,
): readonly MetricQuery[] {
  const counted = [...new Set(include)].sort().map((kind) => errorMetrics[kind]);
  const sum = (id: string, name: BedrockMetricName): MetricQuery => ({
    id,
    metric: bedrockMetric(name, 'Sum', period, modelID),
    returnData: false,
  });
  return [
    {
      id: 'rate',
      expression: `IF(requests < ${Math.max(minimum, 1)}, 0, 100 * errors / IF(requests < 1, 1, requests))`,
      label: 'Error rate (%)',
      returnData: true,
    },
    { id: 'requests', expression: 'FILL(invocations, 0) + errors', label: 'Requests', returnData: false },
    {
      id: 'errors',
      expression: counted.map(({ id }) => `FILL(${id}, 0)`).join(' + '),
      label: 'Errors',
      returnData: false,
    },
    sum('invocations', 'Invocations'),
    ...counted.map(({ id, name }) => sum(id, name)),
  ];
}
