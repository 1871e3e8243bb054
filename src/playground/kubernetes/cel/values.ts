import type { Json } from '#src/domain/json.ts';
import { isList, isObject } from '../json-value.ts';
import { parseGoDuration } from './durations.ts';
import type { CelType } from './types.ts';

/** A JSON value as CEL of that type: integers are bigint, objects instances of their class, nulls are not set. */
export function celValue(value: Json, type: CelType): unknown {
  switch (type.kind) {
    case 'list':
      return isList(value) ? value.map((item) => celValue(item, type.items)) : null;
    case 'map':
      return isObject(value)
        ? Object.fromEntries(Object.entries(value).map(([key, member]) => [key, celValue(member, type.values)]))
        : null;
    case 'object':
      return isObject(value) ? objectOf(value, type) : null;
    case 'scalar':
      return scalarOf(value, type.name);
  }
}

function objectOf(value: Readonly<Record<string, Json>>, type: Extract<CelType, { kind: 'object' }>): object {
  const object = new type.create();
  for (const [key, { escaped, type: memberType }] of type.members) {
    const member = Object.hasOwn(value, key) ? value[key] : undefined;
    if (member !== undefined && member !== null) object[escaped] = celValue(member, memberType);
  }
  return object;
}

function scalarOf(value: Json, name: string): unknown {
  switch (name) {
    case 'int':
      return typeof value === 'number' ? BigInt(Math.trunc(value)) : value;
    case 'bytes':
      return typeof value === 'string' ? Uint8Array.from(Buffer.from(value, 'base64')) : value;
    case 'google.protobuf.Timestamp':
      return typeof value === 'string' ? new Date(value) : value;
    case 'google.protobuf.Duration':
      return typeof value === 'string' ? parseGoDuration(value) : value;
    case 'dyn':
      return dynamic(value);
    default:
      return value;
  }
}

/** Without a schema, a number is an int if it has no fraction. */
function dynamic(value: Json): unknown {
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : value;
  if (isList(value)) return value.map(dynamic);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, dynamic(member)]));
}
