import type { FieldError } from '../field-error.ts';
import { forbidden, invalid, notSupported, required } from '../field-error.ts';
import { compilePattern } from './patterns.ts';
import type { Schema } from './structural-schema.ts';
import { keepsUnknown, valueSchema } from './structural-schema.ts';

const types = ['array', 'boolean', 'integer', 'number', 'object', 'string'];

/** What the API server refuses in a CRD's schema: everything that is not structural. Rules are compiled elsewhere. */
export function validateDefinedSchema(schema: Schema, path: string): FieldError[] {
  if (schema.type !== 'object') {
    const type = `${path}.type`;
    return [
      schema.type === undefined
        ? required(type, 'must not be empty at the root')
        : invalid(type, schema.type, 'must be object at the root'),
    ];
  }
  return structural(schema, path);
}

function structural(schema: Schema, path: string): FieldError[] {
  return [
    ...shape(schema, path),
    ...listErrors(schema, path),
    ...nested(schema, path),
    ...[
      ...(schema.allOf ?? []),
      ...(schema.anyOf ?? []),
      ...(schema.oneOf ?? []),
      ...(schema.not ? [schema.not] : []),
    ].flatMap((part) => valueValidation(part, `${path}.${junctorOf(schema, part)}`)),
  ];
}

function shape(schema: Schema, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const { type } = schema;
  const open = keepsUnknown(schema) || schema['x-kubernetes-int-or-string'] === true;
  if (type === undefined && !open)
    errors.push(required(`${path}.type`, 'must not be empty for specified object fields'));
  if (type !== undefined && !types.includes(type)) errors.push(notSupported(`${path}.type`, type, types));
  if (schema.uniqueItems) {
    errors.push(
      forbidden(
        `${path}.uniqueItems`,
        'uniqueItems cannot be set to true since the runtime complexity becomes quadratic',
      ),
    );
  }
  if (schema.properties !== undefined && schema.additionalProperties !== undefined) {
    errors.push(forbidden(`${path}.additionalProperties`, 'additionalProperties and properties are mutual exclusive'));
  }
  if (schema.additionalProperties === false) {
    errors.push(forbidden(`${path}.additionalProperties`, 'additionalProperties cannot be set to false'));
  }
  if (type === 'array' && schema.items === undefined) errors.push(required(`${path}.items`, 'must be specified'));
  if (schema.pattern !== undefined) {
    const compiled = compilePattern(schema.pattern);
    if (compiled instanceof Error) {
      const detail = `must be a valid regular expression, but isn't: ${compiled.message}`;
      errors.push(invalid(`${path}.pattern`, schema.pattern, detail));
    }
  }
  return errors;
}

function listErrors(schema: Schema, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const listType = schema['x-kubernetes-list-type'];
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  const listPath = `${path}.x-kubernetes-list-type`;
  if (listType !== undefined && schema.type !== 'array') {
    errors.push(invalid(`${path}.type`, schema.type ?? '', 'must be array if x-kubernetes-list-type is specified'));
  }
  if (listType !== undefined && !['atomic', 'set', 'map'].includes(listType)) {
    errors.push(notSupported(listPath, listType, ['atomic', 'map', 'set']));
  }
  if (keys.length > 0 && listType !== 'map') {
    errors.push(invalid(listPath, listType ?? '', 'must be map if x-kubernetes-list-map-keys is non-empty'));
  }
  const { items } = schema;
  if (listType === 'set' && items !== undefined) {
    if (items.type === 'object' && items['x-kubernetes-map-type'] !== 'atomic') {
      const detail = 'must be atomic as item of a list with x-kubernetes-list-type=set';
      errors.push(invalid(`${path}.items.x-kubernetes-map-type`, items['x-kubernetes-map-type'] ?? null, detail));
    }
  }
  if (listType !== 'map') return errors;
  if (keys.length === 0) {
    errors.push(required(`${path}.x-kubernetes-list-map-keys`, 'must not be empty if x-kubernetes-list-type is map'));
  }
  for (const key of keys) {
    const property = items?.properties?.[key];
    const propertyPath = `${path}.items.properties[${key}]`;
    if (property === undefined) {
      errors.push(
        invalid(`${path}.x-kubernetes-list-map-keys`, [...keys], 'entries must all be names of item properties'),
      );
    } else if (!items?.required?.includes(key) && property.default === undefined) {
      const detail =
        'this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property';
      errors.push(required(`${propertyPath}.default`, detail));
    }
  }
  return errors;
}

function nested(schema: Schema, path: string): FieldError[] {
  const values = valueSchema(schema);
  return [
    ...Object.entries(schema.properties ?? {}).flatMap(([key, property]) =>
      // metadata is implicit; only name and generateName may be narrowed there
      key === 'metadata' && path.endsWith('openAPIV3Schema') ? [] : structural(property, `${path}.properties[${key}]`),
    ),
    ...(values === undefined ? [] : structural(values, `${path}.additionalProperties`)),
    ...(schema.items === undefined ? [] : structural(schema.items, `${path}.items`)),
  ];
}

function junctorOf(schema: Schema, part: Schema): string {
  for (const name of ['allOf', 'anyOf', 'oneOf'] as const) {
    const index = schema[name]?.indexOf(part) ?? -1;
    if (index >= 0) return `${name}[${index}]`;
  }
  return 'not';
}

/** Inside allOf, anyOf, oneOf and not only values may be judged, nothing declared. */
function valueValidation(schema: Schema, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const { anyOf } = schema;
  const intOrString = anyOf?.length === 2;
  if (schema.type !== undefined && !intOrString && !/\.(?:anyOf|allOf)\[\d+\]$/.test(path)) {
    errors.push(forbidden(`${path}.type`, 'must be empty to be structural'));
  }
  if (schema.description !== undefined) errors.push(forbidden(`${path}.description`, 'must be empty to be structural'));
  if (schema.default !== undefined) errors.push(forbidden(`${path}.default`, 'must be undefined to be structural'));
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    errors.push(...valueValidation(property, `${path}.properties[${key}]`));
  }
  return errors;
}
