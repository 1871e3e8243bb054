import type { Json, JsonObject } from '#src/domain/json.ts';

/** Reads of a request's members. A null member is an absent one, as in AWS's JSON protocols. */
export function text(input: JsonObject, member: string): string | undefined {
  const value = input[member];
  return typeof value === 'string' ? value : undefined;
}

export function number(input: JsonObject, member: string): number | undefined {
  const value = input[member];
  return typeof value === 'number' ? value : undefined;
}

export function flag(input: JsonObject, member: string): boolean | undefined {
  const value = input[member];
  return typeof value === 'boolean' ? value : undefined;
}

export function object(input: JsonObject | undefined, member: string): JsonObject | undefined {
  const value = input?.[member];
  return isObject(value) ? value : undefined;
}

export function list(input: JsonObject | undefined, member: string): readonly Json[] | undefined {
  const value = input?.[member];
  return Array.isArray(value) ? value : undefined;
}

export function objects(input: JsonObject | undefined, member: string): readonly JsonObject[] {
  return (list(input, member) ?? []).filter(isObject);
}

export function texts(input: JsonObject | undefined, member: string): readonly string[] {
  return (list(input, member) ?? []).filter((one) => typeof one === 'string');
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A map of strings, as tags are. */
export function stringMap(input: JsonObject | undefined): Record<string, string> {
  return Object.fromEntries(
    Object.entries(input ?? {}).flatMap(([key, value]): [string, string][] =>
      typeof value === 'string' ? [[key, value]] : [],
    ),
  );
}

/** The given members of an object, absent ones left out. */
export function pick(input: JsonObject, members: readonly string[]): JsonObject {
  return Object.fromEntries(
    members.flatMap((member): [string, Json][] => {
      const value = input[member];
      return value === undefined ? [] : [[member, value]];
    }),
  );
}

/** Nulls are absences in AWS's JSON protocols; they are dropped once, where a request is read. */
export function withoutNulls(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== null)
      .map(([member, inner]): [string, Json] => [member, withoutNulls(inner)]),
  );
}
