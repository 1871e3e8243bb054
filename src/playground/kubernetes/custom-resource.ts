import type { Json, JsonObject } from '#src/domain/json.ts';
import { ageOf } from './ages.ts';
import { ageColumn, nameColumn } from './built-in/columns.ts';
import { compileRules } from './cel/rules.ts';
import { readJsonPath } from './json-path.ts';
import type { KubernetesObject } from './json-value.ts';
import { at, goJson, isObject, listOf, objectOf, textOf, textsOf } from './json-value.ts';
import type { Column, ResourceType } from './resource-type.ts';
import { isDateTime } from './schema/formats.ts';
import { withTypeAndObjectMeta } from './schema/object-meta-schema.ts';
import type { Schema } from './schema/structural-schema.ts';

/** The resource that an established CRD serves, or undefined where it serves none. */
export function resourceOfDefinition(definition: KubernetesObject): ResourceType | undefined {
  const spec = objectOf(definition['spec']);
  const version = listOf(spec['versions'])
    .map(objectOf)
    .find((one) => one['served'] === true);
  if (version === undefined || !isEstablished(definition)) return undefined;
  const names = objectOf(at(definition, 'status', 'acceptedNames'));
  const group = textOf(spec['group']);
  const plural = textOf(names['plural']);
  const schema = schemaOf(version);
  const rules = compileRules(schema, '');
  return {
    group,
    version: textOf(version['name']),
    kind: textOf(names['kind']),
    listKind: textOf(names['listKind']),
    plural,
    singular: textOf(names['singular']),
    shortNames: textsOf(names['shortNames']),
    categories: textsOf(names['categories']),
    namespaced: spec['scope'] === 'Namespaced',
    storedAs: `${group}/${plural}`,
    schema: withTypeAndObjectMeta(schema),
    ...(rules === undefined ? {} : { rules: rules.validate }),
    statusSubresource: isObject(at(version, 'subresources', 'status')),
    countsGeneration: true,
    unconditionalUpdate: false,
    columns: columnsOf(version),
    selectableFields: listOf(version['selectableFields']).map((one) => textOf(objectOf(one)['jsonPath'])),
    custom: true,
  };
}

function isEstablished(definition: KubernetesObject): boolean {
  return listOf(at(definition, 'status', 'conditions'))
    .map(objectOf)
    .some((condition) => condition['type'] === 'Established' && condition['status'] === 'True');
}

/** The schema as written. Validation at CRD create has made sure that it has this shape. */
function schemaOf(version: JsonObject): Schema {
  return objectOf(at(version, 'schema', 'openAPIV3Schema'));
}

function columnsOf(version: JsonObject): readonly Column[] {
  const declared = listOf(version['additionalPrinterColumns']).map(objectOf);
  return declared.length === 0 ? [nameColumn, ageColumn] : [nameColumn, ...declared.map(columnOf)];
}

function columnOf(declared: JsonObject): Column {
  const type = textOf(declared['type']);
  const path = textOf(declared['jsonPath']);
  return {
    name: textOf(declared['name']),
    type,
    format: textOf(declared['format']),
    description: textOf(declared['description']) || `Custom resource definition column (in JSONPath format): ${path}`,
    priority: typeof declared['priority'] === 'number' ? declared['priority'] : 0,
    read: (object, nowMs) => cell(object, path, type, nowMs),
  };
}

/** The first value found, if it is of the column's type; null otherwise, which kubectl shows as nothing. */
function cell(object: KubernetesObject, path: string, type: string, nowMs: number): Json {
  const value = readJsonPath(object, path)[0] ?? null;
  if (value === null) return null;
  switch (type) {
    case 'date':
      if (typeof value !== 'string') return null;
      return isDateTime(value) ? ageOf(value, nowMs) : '<invalid>';
    case 'integer':
      return typeof value === 'number' ? Math.trunc(value) : null;
    case 'number':
    case 'boolean':
      return typeof value === type ? value : null;
    default:
      return typeof value === 'string' ? value : goJson(value);
  }
}
