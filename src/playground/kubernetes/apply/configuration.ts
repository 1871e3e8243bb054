import type { Json } from '#src/domain/json.ts';
import { goJson, isList, isObject, own } from '../json-value.ts';
import type { ResourceType } from '../resource-type.ts';
import { apiVersionOf } from '../resource-type.ts';
import { listMapKey } from '../schema/list-types.ts';
import type { Schema } from '../schema/structural-schema.ts';
import { keepsUnknown, memberSchema } from '../schema/structural-schema.ts';
import { StatusError } from '../status-error.ts';
import { keyElement, pathText } from './field-set.ts';

/** An applied configuration must fit the schema's structure before it can be merged. Throws 500, as the API server does. */
export function requireTyped(configuration: Json, type: ResourceType, namespace: string, name: string): void {
  const problems = judge(configuration, type.schema, '');
  if (problems.length === 0) return;
  const what = `${namespace}/${name}; ${apiVersionOf(type)}, Kind=${type.kind}`;
  const list = problems.length === 1 ? problems[0] : `errors:\n${problems.map((problem) => `  ${problem}`).join('\n')}`;
  throw new StatusError(500, '', `failed to create typed patch object (${what}): ${list}`);
}

function judge(value: Json, schema: Schema, path: string): string[] {
  if (value === null || schema['x-kubernetes-int-or-string'] === true) return [];
  const expected = wrongType(value, schema);
  if (expected !== undefined) return [`${path}: expected ${expected}, got ${found(value)}`];
  if (isObject(value)) {
    return Object.entries(value).flatMap(([key, member]) => {
      const known = memberSchema(schema, key);
      if (known !== undefined) return judge(member, known, `${path}.${key}`);
      return keepsUnknown(schema) || schema.additionalProperties === true ? [] : [`${path}.${key}: field not declared in schema`];
    });
  }
  if (!isList(value)) return [];
  const { items } = schema;
  return [...listProblems(value, schema, path), ...(items ? value.flatMap((item) => judge(item, items, `${path}${place(item, schema)}`)) : [])];
}

function place(item: Json, schema: Schema): string {
  return schema['x-kubernetes-list-type'] === 'map' ? pathText([keyElement(listMapKey(item, schema))]) : '';
}

function wrongType(value: Json, schema: Schema): string | undefined {
  switch (schema.type) {
    case 'object':
      return isObject(value) ? undefined : 'map';
    case 'array':
      return isList(value) ? undefined : 'list';
    case 'integer':
    case 'number':
      return typeof value === 'number' ? undefined : 'numeric (int or float)';
    case 'string':
      return typeof value === 'string' ? undefined : 'string';
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'boolean';
    default:
      return undefined;
  }
}

function found(value: Json): string {
  if (isList(value)) return 'list';
  return isObject(value) ? 'map' : String(goJson(value));
}

function listProblems(value: readonly Json[], schema: Schema, path: string): string[] {
  const type = schema['x-kubernetes-list-type'];
  if (type !== 'map' && type !== 'set') return [];
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  const missing = value.flatMap((item, index) => {
    const key = type === 'map' && isObject(item) ? keys.find((one) => own(item, one) === undefined) : undefined;
    return key === undefined
      ? []
      : [`${path}: element ${index}: associative list with keys has an element that omits key field ${JSON.stringify(key)} (and doesn't have default value)`];
  });
  const shown = value.map((item) => (type === 'set' ? `[=${goJson(item)}]` : place(item, schema)));
  const repeated = [...new Set(shown.filter((one, index) => shown.indexOf(one) !== index))];
  return [...missing, ...repeated.map((one) => `${path}: duplicate entries for key ${one}`)];
}
