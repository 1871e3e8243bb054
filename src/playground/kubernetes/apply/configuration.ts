import type { Json } from '#src/domain/json.ts';
import { at, goJson, isList, isObject, own, textOf } from '../json-value.ts';
import type { ResourceType } from '../resource-type.ts';
import { apiVersionOf } from '../resource-type.ts';
import { listMapKey } from '../schema/list-types.ts';
import type { Schema } from '../schema/structural-schema.ts';
import { keepsUnknown, memberSchema } from '../schema/structural-schema.ts';
import { StatusError } from '../status-error.ts';
import { keyElement, pathText } from './field-set.ts';

/** An applied configuration must fit the schema's structure before it can be merged. Throws 500, as the API server does. */
export function requireTyped(configuration: Json, type: ResourceType): void {
  const problems = judge(configuration, type.schema, '');
  if (problems.length === 0) return;
  const [namespace, name] = ['namespace', 'name'].map((key) => textOf(at(configuration, 'metadata', key)));
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
      return keepsUnknown(schema) || schema.additionalProperties === true
        ? []
        : [`${path}.${key}: field not declared in schema`];
    });
  }
  if (!isList(value)) return [];
  const { items } = schema;
  return [
    ...listProblems(value, schema, path),
    ...(items ? value.flatMap((item) => judge(item, items, `${path}${place(item, schema)}`)) : []),
  ];
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
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  return isObject(value) ? 'map' : typeof value;
}

function listProblems(value: readonly Json[], schema: Schema, path: string): string[] {
  const type = schema['x-kubernetes-list-type'];
  if (type !== 'map' && type !== 'set') return [];
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  const missing = value.flatMap((item, index) => {
    const hasKey = type === 'set' || !isObject(item) || keys.some((key) => own(item, key) !== undefined);
    return hasKey
      ? []
      : [
          `${path}: element ${index}: associative list with keys has an element that omits all key fields ${JSON.stringify(keys)} (and doesn't have default values for any key fields)`,
        ];
  });
  const shown = value.map((item) => (type === 'set' ? `[=${goJson(item)}]` : place(item, schema)));
  const repeated = [...new Set(shown.filter((one, index) => shown.indexOf(one) !== index))];
  return [...missing, ...repeated.map((one) => `${path}: duplicate entries for key ${one}`)];
}
