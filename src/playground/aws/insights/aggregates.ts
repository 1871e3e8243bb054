import { compare, numberOf, type Value } from './value.ts';

/** A function over the rows of a group, in `stats`. */
export interface Aggregate {
  /** The least and the most number of inputs. */
  readonly inputs: readonly [number, number];
  /** `values` are those of the first input, one a row, in order of time; `parameter` is the second input. */
  apply(values: readonly Value[], parameter: Value): Value;
}

const present = (values: readonly Value[]) => values.filter((value) => value !== undefined);
const numbers = (values: readonly Value[]) => values.map(numberOf).filter((number) => number !== undefined);
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** Of several the one that `better` prefers. */
function best(values: readonly Value[], better: (order: number) => boolean): Value {
  return present(values).reduce<Value>((chosen, value) => {
    const order = chosen === undefined ? 0 : compare(value, chosen);
    return chosen === undefined || (order !== undefined && better(order)) ? value : chosen;
  }, undefined);
}

/** The nearest rank; AWS interpolates in ways it does not document. */
function percentile(values: readonly Value[], percent: number): Value {
  const sorted = numbers(values).toSorted((a, b) => a - b);
  return sorted[Math.max(Math.ceil((percent / 100) * sorted.length) - 1, 0)];
}

function deviation(values: readonly number[]): Value {
  const mean = sum(values) / values.length;
  return values.length === 0 ? undefined : Math.sqrt(sum(values.map((value) => (value - mean) ** 2)) / values.length);
}

/** "stats", CloudWatch Logs user guide. */
export const aggregates: ReadonlyMap<string, Aggregate> = new Map<string, Aggregate>([
  ['count', { inputs: [0, 1], apply: (values) => present(values).length }],
  ['count_distinct', { inputs: [1, 1], apply: (values) => new Set(present(values).map(String)).size }],
  ['sum', { inputs: [1, 1], apply: (values) => sum(numbers(values)) }],
  [
    'avg',
    {
      inputs: [1, 1],
      apply: (values) => (numbers(values).length === 0 ? undefined : sum(numbers(values)) / numbers(values).length),
    },
  ],
  ['min', { inputs: [1, 1], apply: (values) => best(values, (order) => order < 0) }],
  ['max', { inputs: [1, 1], apply: (values) => best(values, (order) => order > 0) }],
  ['pct', { inputs: [2, 2], apply: (values, percent) => percentile(values, numberOf(percent) ?? 50) }],
  ['median', { inputs: [1, 1], apply: (values) => percentile(values, 50) }],
  ['stddev', { inputs: [1, 1], apply: (values) => deviation(numbers(values)) }],
  ['earliest', { inputs: [1, 1], apply: (values) => present(values)[0] }],
  ['latest', { inputs: [1, 1], apply: (values) => present(values).at(-1) }],
]);
