import { isDeepStrictEqual } from 'node:util';

/**
 * The JSON merge patch (RFC 7396) that turns `from` into `to`; undefined where they mean the same. Lists are replaced
 * whole. Members that are undefined count as absent.
 */
export function mergePatch(from: unknown, to: object): Record<string, unknown> | undefined {
  const before: Readonly<Record<string, unknown>> = isObject(from) ? from : {};
  const patch: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(to)) {
    if (value === undefined) continue;
    if (isObject(value) && isObject(before[key])) {
      const inner = mergePatch(before[key], value);
      if (inner !== undefined) patch[key] = inner;
    } else if (!isDeepStrictEqual(defined(value), defined(before[key]))) patch[key] = value;
  }
  const after: Readonly<Record<string, unknown>> = { ...to };
  for (const [key, value] of Object.entries(before)) {
    if (value !== undefined && after[key] === undefined) patch[key] = null;
  }
  return Object.keys(patch).length === 0 ? undefined : patch;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** As JSON has it: without undefined members. */
function defined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(defined);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .map(([key, inner]) => [key, defined(inner)]),
  );
}
