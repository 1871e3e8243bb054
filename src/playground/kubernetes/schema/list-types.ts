import type { Json } from '#src/domain/json.ts';
import type { FieldError } from '../field-error.ts';
import { child, duplicate, invalid } from '../field-error.ts';
import { goJson, isList, isObject, own } from '../json-value.ts';
import type { Schema } from './structural-schema.ts';
import { memberSchema } from './structural-schema.ts';

/** Checks that sets have no item twice and list maps no key twice. */
export function validateListTypes(value: Json | undefined, schema: Schema | undefined, path = ''): FieldError[] {
  if (schema === undefined) return [];
  if (isObject(value)) {
    return Object.entries(value).flatMap(([key, member]) => {
      const named = Object.hasOwn(schema.properties ?? {}, key);
      return validateListTypes(member, memberSchema(schema, key), named ? child(path, key) : `${path}[${key}]`);
    });
  }
  if (!isList(value)) return [];
  return [
    ...uniqueness(value, schema, path),
    ...value.flatMap((item, index) => validateListTypes(item, schema.items, `${path}[${index}]`)),
  ];
}

function uniqueness(list: readonly Json[], schema: Schema, path: string): FieldError[] {
  switch (schema['x-kubernetes-list-type']) {
    case 'set':
      return secondAppearances(list).map((index) => duplicate(`${path}[${index}]`, list[index] ?? null));
    case 'map': {
      const wrong = list.findIndex((item) => item !== null && !isObject(item));
      if (wrong >= 0) {
        return [invalid(`${path}[${wrong}]`, list[wrong] ?? null, 'must be an object for an array of list-type map')];
      }
      const keys = list.map((item) => listMapKey(item, schema));
      return secondAppearances(keys).map((index) => duplicate(`${path}[${index}]`, keys[index] ?? null));
    }
    default:
      return [];
  }
}

/** The key members of an item of a list map; a missing one is left out. */
export function listMapKey(item: Json, schema: Schema): Json {
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  if (!isObject(item)) return {};
  return Object.fromEntries(
    keys.flatMap((key): [string, Json][] => {
      const value = own(item, key);
      return value === undefined ? [] : [[key, value]];
    }),
  );
}

/** Each repeated value is reported once, at its second appearance. */
function secondAppearances(list: readonly Json[]): number[] {
  const times = new Map<string, number>();
  return list.flatMap((item, index) => {
    const text = goJson(item);
    const seen = (times.get(text) ?? 0) + 1;
    times.set(text, seen);
    return seen === 2 ? [index] : [];
  });
}
