import type { Json } from '#src/domain/json.ts';
import { numericFunctions } from './numeric-functions.ts';
import { textFunctions } from './text-functions.ts';
import { isStructure, numberOf, textOf, truth, type Value, valueOf } from './value.ts';

/** When a query runs and what time it looks at: clock milliseconds. */
export interface Moment {
  readonly startedAt: number;
  readonly from: number;
  readonly to: number;
}

export interface InsightsFunction {
  /** The least and the most number of inputs. */
  readonly inputs: readonly [number, number];
  apply(inputs: readonly Value[], moment: Moment): Value;
}

const many = Number.POSITIVE_INFINITY;

function parsed(text: string | undefined): Json | undefined {
  try {
    const json: Json = JSON.parse(text ?? '');
    return json;
  } catch {
    return undefined;
  }
}

function listOf(value: Value): readonly Json[] | undefined {
  const json = isStructure(value) ? value.json : parsed(textOf(value));
  return Array.isArray(json) ? json : undefined;
}

/** The value of the first condition that holds, else the last of an odd number. */
function chosen(inputs: readonly Value[]): Value {
  for (let index = 0; index + 1 < inputs.length; index += 2) if (truth(inputs[index])) return inputs[index + 1];
  return inputs.length % 2 === 1 ? inputs.at(-1) : undefined;
}

const general: Readonly<Record<string, InsightsFunction>> = {
  ispresent: { inputs: [1, 1], apply: ([value]) => value !== undefined },
  coalesce: { inputs: [1, many], apply: (inputs) => inputs.find((value) => value !== undefined) },
  if: { inputs: [3, 3], apply: chosen },
  case: { inputs: [2, 21], apply: chosen },
  isnumeric: { inputs: [1, 1], apply: ([value]) => numberOf(value) !== undefined },
  messagesize: { inputs: [1, 1], apply: ([value]) => Buffer.byteLength(textOf(value) ?? '') },
  now: { inputs: [0, 0], apply: (_, { startedAt }) => Math.floor(startedAt / 1000) },
  querystarttime: { inputs: [0, 0], apply: (_, { from }) => from },
  queryendtime: { inputs: [0, 0], apply: (_, { to }) => to },
  querytimerange: { inputs: [0, 0], apply: (_, { from, to }) => to - from },
  tomillis: { inputs: [1, 1], apply: ([value]) => numberOf(value) },
  frommillis: {
    inputs: [1, 1],
    apply([value]) {
      const millis = numberOf(value);
      return millis === undefined ? undefined : { millis };
    },
  },
  jsonparse: {
    inputs: [1, 1],
    apply([value]) {
      const json = parsed(textOf(value));
      return typeof json === 'object' ? valueOf(json) : undefined;
    },
  },
  jsonstringify: { inputs: [1, 1], apply: ([value]) => (isStructure(value) ? JSON.stringify(value.json) : undefined) },
  jsonarraysize: { inputs: [1, 1], apply: ([value]) => listOf(value)?.length },
  jsonarraycontains: {
    inputs: [2, 2],
    apply: ([value, wanted]) => listOf(value)?.some((one) => textOf(valueOf(one)) === textOf(wanted)) ?? false,
  },
};

/** These see more than values: the row, its text before masking, or a period. `evaluate` has them. */
const special: Readonly<Record<string, readonly [number, number]>> = {
  bin: [1, 1],
  datefloor: [2, 2],
  dateceil: [2, 2],
  unmask: [1, 1],
};

/** By lower-cased name. "Boolean, comparison, numeric, datetime, and other functions", CloudWatch Logs user guide. */
export const functions: ReadonlyMap<string, InsightsFunction> = new Map([
  ...Object.entries(general),
  ...Object.entries(numericFunctions),
  ...Object.entries(textFunctions),
  ...Object.entries(special).map(([name, inputs]): [string, InsightsFunction] => [
    name,
    { inputs, apply: () => undefined },
  ]),
]);

/** Functions that AWS documents and the simulator refuses. */
export const unimplementedFunctions: ReadonlySet<string> = new Set([
  'haversine',
  'parsedate',
  'formatdate',
  'strftime',
  'split',
  'hextoascii',
  'hextodec',
  'dectohex',
  'isvalidip',
  'isvalidipv4',
  'isvalidipv6',
  'isipinsubnet',
  'isipv4insubnet',
  'isipv6insubnet',
  'ipv4tonumber',
  'isprivateip',
  'ispublicip',
  'isreservedip',
  'sortsfirst',
  'sortslast',
]);
