import type { Json, JsonObject } from '#src/domain/json.ts';
import { isList, isObject } from '../json-value.ts';
import type { Schema } from './structural-schema.ts';
import { memberSchema } from './structural-schema.ts';

/** Fills in the schema's defaults, wherever the object around them exists. */
export function applyDefaults(object: JsonObject, schema: Schema): JsonObject {
  const filled = defaulted(object, schema);
  return isObject(filled) ? filled : object;
}

function defaulted(value: Json, schema: Schema | undefined): Json {
  if (schema === undefined) return value;
  if (isList(value)) return value.map((item) => defaulted(orDefault(item, schema.items), schema.items));
  if (!isObject(value)) return value;
  const missing = Object.entries(schema.properties ?? {}).flatMap(([key, property]): [string, Json][] =>
    property.default !== undefined && !Object.hasOwn(value, key) ? [[key, property.default]] : [],
  );
  const members = [...Object.entries(value), ...missing].map(([key, member]): [string, Json] => {
    const known = memberSchema(schema, key);
    return [key, defaulted(orDefault(member, known), known)];
  });
  return Object.fromEntries(members);
}

/** A null where null is no value stands for "not set". */
function orDefault(value: Json, schema: Schema | undefined): Json {
  if (value !== null || schema === undefined || schema.nullable === true) return value;
  return schema.default ?? value;
}
