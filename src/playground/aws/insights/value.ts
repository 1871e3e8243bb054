import type { Json } from '#src/domain/json.ts';

/** A point in time, in clock milliseconds; results show it as `2026-01-01 00:00:00.000`. */
export interface Timestamp {
  readonly millis: number;
}

/** A map or a list, from `jsonParse`. Most functions and all comparisons take it for nothing. */
export interface Structure {
  readonly json: Json;
}

/** What a field or an expression is; undefined where there is none. */
export type Value = string | number | boolean | Timestamp | Structure | undefined;

export function isTimestamp(value: Value): value is Timestamp {
  return typeof value === 'object' && 'millis' in value;
}

export function isStructure(value: Value): value is Structure {
  return typeof value === 'object' && 'json' in value;
}

/** A leaf of JSON as Insights has it: true and false are 1 and 0, null is nothing. */
export function valueOf(json: Json | undefined): Value {
  if (json === undefined || json === null) return undefined;
  if (typeof json === 'boolean') return json ? 1 : 0;
  return typeof json === 'object' ? { json } : json;
}

/** As results show it. A structure shows as its JSON. */
export function shown(value: Value): string | undefined {
  if (value === undefined) return undefined;
  if (isTimestamp(value)) return new Date(value.millis).toISOString().replace('T', ' ').replace('Z', '');
  if (isStructure(value)) return JSON.stringify(value.json);
  return typeof value === 'boolean' ? String(Number(value)) : String(value);
}

/** As string functions take it: a structure is nothing to them. */
export function textOf(value: Value): string | undefined {
  return isStructure(value) ? undefined : shown(value);
}

/** As arithmetic takes it: text that reads as a number is one. */
export function numberOf(value: Value): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return Number(value);
  if (value === undefined || isStructure(value)) return undefined;
  if (isTimestamp(value)) return value.millis;
  const number = value.trim() === '' ? Number.NaN : Number(value);
  return Number.isFinite(number) ? number : undefined;
}

/** As a condition takes it. */
export function truth(value: Value): boolean {
  if (typeof value === 'boolean') return value;
  const number = numberOf(value);
  return number !== undefined && number !== 0;
}

/** Below, equal or above zero; as numbers where both are. Undefined where one is nothing: no comparison holds then. */
export function compare(a: Value, b: Value): number | undefined {
  const [x, y] = [numberOf(a), numberOf(b)];
  if (x !== undefined && y !== undefined) return x - y;
  const [s, t] = [textOf(a), textOf(b)];
  if (s === undefined || t === undefined) return undefined;
  return s < t ? -1 : s > t ? 1 : 0;
}

/**
 * The order of `sort … asc`: what is not a number comes before what is ("sort", CloudWatch Logs user guide), and
 * nothing comes first.
 */
export function sortOrder(a: Value, b: Value): number {
  const rank = (value: Value) => (textOf(value) === undefined ? 0 : numberOf(value) === undefined ? 1 : 2);
  return rank(a) - rank(b) || (compare(a, b) ?? 0);
}
