import { validationError } from './errors.ts';

/** A value over one period; `timestamp` is the beginning of the period, in clock milliseconds. */
export interface Datapoint {
  readonly timestamp: number;
  readonly value: number;
}

type Statistic = 'Sum' | 'Average' | 'Minimum' | 'Maximum' | 'SampleCount' | { readonly percentile: number };

/** Throws ValidationError for what is no statistic, and for those that the simulator does not work out. */
export function checkedStatistic(written: string, id: string): Statistic {
  switch (written) {
    case 'Sum':
    case 'Average':
    case 'Minimum':
    case 'Maximum':
    case 'SampleCount':
      return written;
  }
  const percentile = /^p(100(?:\.0+)?|[0-9]{1,2}(?:\.[0-9]{1,10})?)$/.exec(written)?.[1];
  if (percentile === undefined) {
    throw validationError(
      `The value ${written} for parameter Stat of ${id} is not supported: the simulator works out Sum, Average, Minimum, Maximum, SampleCount and percentiles.`,
    );
  }
  return { percentile: Number(percentile) };
}

/** One datapoint per period that holds a point; periods begin at multiples of their length. */
export function datapoints(
  points: readonly Datapoint[],
  window: { readonly from: number; readonly to: number; readonly periodMs: number },
  of: (values: readonly number[]) => number,
): readonly Datapoint[] {
  const begin = (timestamp: number) => Math.floor(timestamp / window.periodMs) * window.periodMs;
  const within = points.filter(({ timestamp }) => begin(timestamp) >= begin(window.from) && timestamp < window.to);
  return [...Map.groupBy(within, ({ timestamp }) => begin(timestamp))]
    .map(([timestamp, inPeriod]) => ({ timestamp, value: of(inPeriod.map(({ value }) => value)) }))
    .toSorted((a, b) => a.timestamp - b.timestamp);
}

/** Of at least one value. A percentile is the smallest value that so many percent of all do not exceed. */
export function statisticOf(statistic: Statistic, values: readonly number[]): number {
  const sum = values.reduce((total, value) => total + value, 0);
  switch (statistic) {
    case 'Sum':
      return sum;
    case 'Average':
      return sum / values.length;
    case 'Minimum':
      return Math.min(...values);
    case 'Maximum':
      return Math.max(...values);
    case 'SampleCount':
      return values.length;
    default: {
      const rank = Math.max(Math.ceil((statistic.percentile / 100) * values.length), 1);
      return values.toSorted((a, b) => a - b)[rank - 1] ?? Number.NaN;
    }
  }
}
