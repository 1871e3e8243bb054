import type { SLOEntry } from '#src/api/v1alpha1.ts';
import { bedrockMetric } from './bedrock-metric.ts';
import { milliseconds } from './duration.ts';
import { ERROR_RATE_INCLUDE, errorMetrics } from './error-rate.ts';
import type { Signal } from './signal.ts';

/** How fast the error budget of an slo is used up, and the two windows that must agree on it. */
export interface Burn {
  readonly name: 'fast' | 'slow';
  /** The part of the budget that is gone after the long window. */
  readonly share: number;
  /** Seconds. The short window ends the alarm soon after the burning ends. */
  readonly windows: readonly [long: Window, short: Window];
}

interface Window {
  readonly name: string;
  readonly period: number;
}

const HOUR = 3600;

/** The windows and shares of "Alerting on SLOs" (The Site Reliability Workbook, chapter 5), as Sloth and Pyrra use them. */
export const burns: readonly Burn[] = [
  {
    name: 'fast',
    share: 0.02,
    windows: [
      { name: '1h', period: HOUR },
      { name: '5m', period: HOUR / 12 },
    ],
  },
  {
    name: 'slow',
    share: 0.05,
    windows: [
      { name: '6h', period: 6 * HOUR },
      { name: '30m', period: HOUR / 2 },
    ],
  },
];

/** How many times too fast: 14.4 and 6 for 30 days. */
export function burnRate({ share, windows: [long] }: Burn, windowDays: number): number {
  return rounded((share * windowDays * 24 * HOUR) / long.period);
}

/** Percent of bad requests above which the budget of `objective` percent burns so fast. */
export function burnThreshold(rate: number, objective: number): number {
  return rounded(rate * (100 - objective));
}

/** Percent of requests that are bad, over one window. */
export function badRequests({ errors, latency }: SLOEntry, period: number, modelID: string | undefined): Signal {
  if (latency === undefined) return { metrics: failed(errors?.include ?? ERROR_RATE_INCLUDE, period, modelID) };
  const metric = latency.metric ?? 'InvocationLatency';
  return {
    metrics: [
      { id: 'slow', expression: '100 - FILL(within, 100)', label: 'Slow requests (%)', returnData: true },
      {
        // The part of the values in a range, in percent: percentile rank (CloudWatch statistics definitions).
        id: 'within',
        metric: bedrockMetric(metric, `PR(:${milliseconds(latency.under)})`, period, modelID),
        returnData: false,
      },
    ],
  };
}

/**
 * 100·e/(Invocations + throttles), at most 100, and 0 where nothing failed; throttles are below the line only where they
 * count as failures.
 *
 * AWS's pages disagree whether Invocations counts requests that fail later; throttled ones it never counts. If it does,
 * this is the exact rate. If it does not, r reads r/(1-r) at most: 1.46 for 1.44 %. An alarm then comes a little early,
 * never late. (The alarm preset ErrorRate reads low in the other case; over 50 % that would never fire.)
 */
function failed(
  include: readonly (keyof typeof errorMetrics)[],
  period: number,
  modelID: string | undefined,
): Extract<Signal, { metrics: unknown }>['metrics'] {
  const counted = [...new Set(include)].sort().map((kind) => errorMetrics[kind]);
  const throttles = include.includes('Throttles') ? ` + FILL(${errorMetrics.Throttles.id}, 0)` : '';
  return [
    {
      id: 'bad',
      expression: 'IF(errors < 1, 0, 100 * errors / IF(requests < errors, errors, requests))',
      label: 'Failed requests (%)',
      returnData: true,
    },
    { id: 'requests', expression: `FILL(invocations, 0)${throttles}`, label: 'Requests', returnData: false },
    {
      id: 'errors',
      expression: counted.map(({ id }) => `FILL(${id}, 0)`).join(' + '),
      label: 'Errors',
      returnData: false,
    },
    { id: 'invocations', metric: bedrockMetric('Invocations', 'Sum', period, modelID), returnData: false },
    ...counted.map(({ id, name }) => ({ id, metric: bedrockMetric(name, 'Sum', period, modelID), returnData: false })),
  ];
}

/** Without the noise of binary fractions. */
function rounded(value: number): number {
  return Number(value.toFixed(6));
}
