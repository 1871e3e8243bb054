import type { InsightsFunction } from './functions.ts';
import { numberOf } from './value.ts';

/** A function of numbers: nothing where one of them is none, or the result is not finite. */
function numeric(least: number, most: number, compute: (...numbers: number[]) => number): InsightsFunction {
  return {
    inputs: [least, most],
    apply(inputs) {
      const numbers = inputs.map(numberOf);
      const known = numbers.filter((number) => number !== undefined);
      const result = known.length === numbers.length ? compute(...known) : Number.NaN;
      return Number.isFinite(result) ? result : undefined;
    },
  };
}

function rounded(value: number, digits = 0): number {
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale;
}

export const numericFunctions: Readonly<Record<string, InsightsFunction>> = {
  abs: numeric(1, 1, Math.abs),
  ceil: numeric(1, 1, Math.ceil),
  floor: numeric(1, 1, Math.floor),
  greatest: numeric(1, 100, Math.max),
  least: numeric(1, 100, Math.min),
  log: numeric(1, 1, Math.log),
  round: numeric(1, 2, rounded),
  sqrt: numeric(1, 1, Math.sqrt),
  tonumber: numeric(1, 1, (value) => value),
  todouble: numeric(1, 1, (value) => value),
  toint: numeric(1, 1, Math.trunc),
  tolong: numeric(1, 1, Math.trunc),
};
