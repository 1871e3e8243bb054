import type { Json } from '#src/domain/json.ts';
import { isList, isObject } from '../json-value.ts';
import { listMapKey } from '../schema/list-types.ts';
import type { Schema } from '../schema/structural-schema.ts';
import { keepsUnknown, memberSchema } from '../schema/structural-schema.ts';
import { keyElement, memberElement, valueElement } from './field-set.ts';

/** One part of a value that is owned and merged on its own. */
export interface Part {
  /** Its FieldsV1 element. */
  readonly element: string;
  readonly value: Json;
  readonly schema: Schema | undefined;
  /** Named by the schema, not an entry of a free map and not an item. */
  readonly declared: boolean;
}

/** Below an open object the structure is deduced: objects merge, lists do not. */
const deduced: Schema = { 'x-kubernetes-preserve-unknown-fields': true };

/** The parts of a value, or undefined where it is owned and replaced as a whole (scalars, atomic lists and maps). */
export function partsOf(value: Json, schema: Schema | undefined): readonly Part[] | undefined {
  if (schema === undefined) return undefined;
  if (isObject(value)) {
    if (schema['x-kubernetes-map-type'] === 'atomic') return undefined;
    return Object.entries(value).map(([key, member]) => {
      const declared = schema.properties !== undefined && Object.hasOwn(schema.properties, key);
      const known = memberSchema(schema, key) ?? (keepsUnknown(schema) ? deduced : undefined);
      return { element: memberElement(key), value: member, schema: known, declared };
    });
  }
  if (!isList(value)) return undefined;
  switch (schema['x-kubernetes-list-type'] ?? 'atomic') {
    case 'set':
      return value.map((item) => ({ element: valueElement(item), value: item, schema: schema.items, declared: false }));
    case 'map':
      return value.map((item) => {
        const element = keyElement(listMapKey(item, schema));
        return { element, value: item, schema: schema.items, declared: false };
      });
    case 'atomic':
      return undefined;
  }
}

/** Finds the parts of a value by element. */
export function partsByElement(value: Json | undefined, schema: Schema | undefined): ReadonlyMap<string, Part> {
  const parts = value === undefined ? undefined : partsOf(value, schema);
  return new Map((parts ?? []).map((part) => [part.element, part]));
}
