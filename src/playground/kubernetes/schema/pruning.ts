import type { Json, JsonObject } from '#src/domain/json.ts';
import { child } from '../field-error.ts';
import { isList, isObject } from '../json-value.ts';
import type { Schema } from './structural-schema.ts';
import { keepsUnknown, memberSchema, valueSchema } from './structural-schema.ts';

export interface Pruned {
  readonly object: JsonObject;
  /** Paths of what was dropped, sorted: the `unknown field "…"` of field validation. */
  readonly unknown: readonly string[];
}

/** Drops what the schema does not know, and nulls where null is no value, as the API server does before anything else. */
export function prune(object: JsonObject, schema: Schema): Pruned {
  const unknown: string[] = [];
  const pruned = pruneValue(object, schema, '', unknown);
  return { object: isObject(pruned) ? pruned : {}, unknown: unknown.sort() };
}

function pruneValue(value: Json, schema: Schema | undefined, path: string, unknown: string[]): Json {
  if (isList(value)) {
    return value.map((item, index) => pruneValue(item, itemSchema(schema), `${path}[${index}]`, unknown));
  }
  if (!isObject(value) || schema === undefined) return value;
  const kept: [string, Json][] = [];
  for (const [key, member] of Object.entries(value)) {
    const known = memberSchema(schema, key) ?? embedded(schema, key);
    if (known === undefined && !keepsUnknown(schema) && schema.additionalProperties !== true) {
      unknown.push(child(path, key));
      continue;
    }
    if (member === null && known !== undefined && known.nullable !== true && known.default === undefined) continue;
    kept.push([key, known === undefined ? member : pruneValue(member, known, child(path, key), unknown)]);
  }
  return Object.fromEntries(kept);
}

/** An embedded resource has its type and metadata without naming them. */
function embedded(schema: Schema, key: string): Schema | undefined {
  if (schema['x-kubernetes-embedded-resource'] !== true) return undefined;
  return ['apiVersion', 'kind', 'metadata'].includes(key) ? anything : undefined;
}

const anything: Schema = { 'x-kubernetes-preserve-unknown-fields': true };

function itemSchema(schema: Schema | undefined): Schema | undefined {
  return schema?.items ?? (schema === undefined ? undefined : valueSchema(schema));
}
