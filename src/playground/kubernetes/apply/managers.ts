import type { Json, JsonObject } from '#src/domain/json.ts';
import type { KubernetesObject } from '../json-value.ts';
import { compare, isObject, listOf, textOf } from '../json-value.ts';
import type { FieldPath, FieldSet } from './field-set.ts';
import { fieldSet, fromFieldsV1, toFieldsV1 } from './field-set.ts';

/** One entry of metadata.managedFields. */
export interface Manager {
  readonly name: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly subresource: string;
  readonly time: string;
  readonly fields: FieldSet;
}

/** Whether two entries are the same manager: only what it owns and when may differ. */
export function isSameManager(left: Manager, right: Manager): boolean {
  return (
    left.name === right.name &&
    left.operation === right.operation &&
    left.apiVersion === right.apiVersion &&
    left.subresource === right.subresource
  );
}

export function readManagers(object: KubernetesObject): readonly Manager[] {
  return listOf(object.metadata['managedFields']).flatMap((entry) =>
    isObject(entry) && textOf(entry['fieldsType']) !== '' ? [readManager(entry)] : [],
  );
}

function readManager(entry: JsonObject): Manager {
  return {
    name: textOf(entry['manager']),
    operation: entry['operation'] === 'Apply' ? 'Apply' : 'Update',
    apiVersion: textOf(entry['apiVersion']),
    subresource: textOf(entry['subresource']),
    time: textOf(entry['time']),
    fields: fromFieldsV1(entry['fieldsV1']),
  };
}

/** metadata.managedFields as the API server sorts it: appliers first, then by time, then by name. */
function writeManagers(managers: readonly Manager[]): Json {
  return managers
    .filter((manager) => manager.fields.size > 0)
    .toSorted(
      (a, b) =>
        compare(a.operation, b.operation) ||
        compare(a.time, b.time) ||
        compare(a.name, b.name) ||
        compare(a.subresource, b.subresource),
    )
    .map((manager) => ({
      manager: manager.name,
      operation: manager.operation,
      apiVersion: manager.apiVersion,
      ...(manager.time === '' ? {} : { time: manager.time }),
      fieldsType: 'FieldsV1',
      fieldsV1: toFieldsV1(manager.fields),
      ...(manager.subresource === '' ? {} : { subresource: manager.subresource }),
    }));
}

export function withManagers(object: KubernetesObject, managers: readonly Manager[]): KubernetesObject {
  const { managedFields: _old, ...metadata } = object.metadata;
  const written = writeManagers(managers);
  return { ...object, metadata: listOf(written).length === 0 ? metadata : { ...metadata, managedFields: written } };
}

const unowned = new Set([
  'f:apiVersion',
  'f:kind',
  'f:metadata',
  ...[
    'name',
    'namespace',
    'creationTimestamp',
    'selfLink',
    'uid',
    'generation',
    'managedFields',
    'resourceVersion',
  ].map((key) => `f:metadata f:${key}`),
  ...['deletionTimestamp', 'deletionGracePeriodSeconds'].map((key) => `f:metadata f:${key}`),
]);

/**
 * Without what nobody can own: type, system metadata, and what this endpoint cannot write (status on the main
 * resource, everything but status on /status).
 */
export function ownable(set: FieldSet, statusSubresource: boolean, subresource: string): FieldSet {
  return fieldSet(set.paths().filter((path) => isOwnable(path, statusSubresource, subresource)));
}

function isOwnable(path: FieldPath, statusSubresource: boolean, subresource: string): boolean {
  if (unowned.has(path.join(' '))) return false;
  if (subresource === 'status') return path[0] !== 'f:metadata' && path[0] !== 'f:spec';
  return !(statusSubresource && path[0] === 'f:status');
}
