import type { Environment } from '@marcbachmann/cel-js';
import type { Schema } from '../schema/structural-schema.ts';
import { valueSchema } from '../schema/structural-schema.ts';
import { celEqual } from './equality.ts';
import { escapeMember } from './escaping.ts';

/** An object as rules see it: its class tells the evaluator its type, its own members are escaped names. */
type CelObject = Record<string, unknown>;
type CelClass = new () => CelObject;

/** How a schema's values look in CEL. */
export type CelType =
  | { readonly kind: 'scalar'; readonly name: string }
  | { readonly kind: 'list'; readonly name: string; readonly items: CelType }
  | { readonly kind: 'map'; readonly name: string; readonly values: CelType }
  | {
      readonly kind: 'object';
      readonly name: string;
      readonly create: CelClass;
      /** By the name in JSON. */
      readonly members: ReadonlyMap<string, { readonly escaped: string; readonly type: CelType }>;
    };

const scalar = (name: string): CelType => ({ kind: 'scalar', name });
const text = scalar('string');

/**
 * Declares the type of a schema and of all below it in `environment`; undefined where rules cannot see such values.
 * `name` becomes the type's name. Follows k8s.io/apiserver pkg/cel/common/schemas.go.
 */
export function declareType(
  environment: Environment,
  schema: Schema,
  name: string,
  root: boolean,
): CelType | undefined {
  if (schema['x-kubernetes-int-or-string'] === true) return scalar('dyn');
  switch (schema.type) {
    case 'array': {
      const items = schema.items && declareType(environment, schema.items, `${name}.items`, false);
      return items && { kind: 'list', name: `list<${items.name}>`, items };
    }
    case 'object': {
      const values = valueSchema(schema);
      if (values === undefined) return declareObject(environment, schema, name, root);
      const type = declareType(environment, values, `${name}.values`, false);
      return type && { kind: 'map', name: `map<string, ${type.name}>`, values: type };
    }
    case 'string':
      return stringType(schema.format);
    case 'boolean':
      return scalar('bool');
    case 'number':
      return scalar('double');
    case 'integer':
      return scalar('int');
    default:
      return undefined;
  }
}

function stringType(format: string | undefined): CelType {
  switch (format) {
    case 'byte':
      return scalar('bytes');
    case 'duration':
      return scalar('google.protobuf.Duration');
    case 'date':
    case 'date-time':
      return scalar('google.protobuf.Timestamp');
    default:
      return text;
  }
}

/** A class of its own per type: the evaluator knows a value's type by its constructor. */
function objectClass(): CelClass {
  return class {
    readonly [member: string]: unknown;
  };
}

function declareObject(environment: Environment, schema: Schema, name: string, root: boolean): CelType {
  const members = new Map<string, { escaped: string; type: CelType }>();
  const isRoot = root || schema['x-kubernetes-embedded-resource'] === true;
  const properties = Object.entries(isRoot ? { ...schema.properties, ...rootProperties } : (schema.properties ?? {}));
  for (const [key, property] of properties) {
    const escaped = escapeMember(key);
    if (escaped === undefined) continue;
    const type = declareType(environment, property, `${name}.${escaped}`, false);
    if (type !== undefined) members.set(key, { escaped, type });
  }
  const create = objectClass();
  const fields = Object.fromEntries([...members.values()].map(({ escaped, type }) => [escaped, type.name]));
  environment.registerType(name, { ctor: create, fields });
  environment.registerOperator(`${name} == ${name}`, celEqual);
  return { kind: 'object', name, create, members };
}

/** At the root of a resource rules see its type, and of metadata only the names. */
const rootProperties: Readonly<Record<string, Schema>> = {
  apiVersion: { type: 'string' },
  kind: { type: 'string' },
  metadata: { type: 'object', properties: { name: { type: 'string' }, generateName: { type: 'string' } } },
};
