import { isDeepStrictEqual } from 'node:util';
import type { Json } from '#src/domain/json.ts';
import type { Change } from '#src/domain/resource.ts';

/**
 * What differs, field by field, at `path` and below. Objects are compared member by member in both directions, lists
 * of one length item by item; the order of members does not count.
 */
export function differences(path: string, observed: unknown, desired: unknown): readonly Change[] {
  if (isDeepStrictEqual(observed, desired)) return [];
  if (isRecord(observed) && isRecord(desired)) {
    const members = [...new Set([...Object.keys(desired), ...Object.keys(observed)])];
    return members.flatMap((member) => differences(join(path, member), observed[member], desired[member]));
  }
  if (Array.isArray(observed) && Array.isArray(desired) && observed.length === desired.length) {
    return desired.flatMap((item: unknown, index) => differences(join(path, String(index)), observed[index], item));
  }
  return [{ path, from: json(observed), to: json(desired) }];
}

/** Of two lists whose order says nothing: as a whole, since an index into either means nothing in AWS's. */
export function setDifferences(
  path: string,
  observed: readonly string[],
  desired: readonly string[],
): readonly Change[] {
  const same = isDeepStrictEqual([...observed].sort(), [...desired].sort());
  return same ? [] : [{ path, from: json(observed), to: json(desired) }];
}

/** Of the declared members only: what the desired side does not have is not compared. */
export function declaredDifferences(observed: object, desired: object): readonly Change[] {
  const values = new Map<string, unknown>(Object.entries(observed));
  return Object.entries(desired).flatMap(([member, value]) =>
    value === undefined ? [] : differences(member, values.get(member), value),
  );
}

/** Declared tags that are missing or other in AWS; tags of others beside them are not looked at. */
export function tagDifferences(
  observed: Readonly<Record<string, string>>,
  desired: Readonly<Record<string, string>>,
): readonly Change[] {
  return Object.entries(desired).flatMap(([key, value]) => differences(`tags.${key}`, observed[key], value));
}

function join(path: string, member: string): string {
  return path === '' ? member : `${path}.${member}`;
}

function isRecord(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Without undefined members: as it would be written. */
function json(value: unknown): Json | undefined {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
