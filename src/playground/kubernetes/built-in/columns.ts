import { ageOf } from '../ages.ts';
import type { KubernetesObject } from '../json-value.ts';
import { at, listOf, objectOf, textOf } from '../json-value.ts';
import type { Column } from '../resource-type.ts';

const read = (path: string) => (object: KubernetesObject) => textOf(at(object, ...path.split('.')));

export const nameColumn: Column = {
  name: 'Name',
  type: 'string',
  format: 'name',
  description: 'Name must be unique within a namespace.',
  read: read('metadata.name'),
};

export const ageColumn: Column = {
  name: 'Age',
  type: 'string',
  description: 'Time since the object was created.',
  read: (object, nowMs) => ageOf(textOf(object.metadata['creationTimestamp']), nowMs),
};

function textColumn(name: string, path: string, priority = 0): Column {
  return { name, type: 'string', priority, read: read(path) };
}

function countColumn(name: string, ...members: readonly string[]): Column {
  const count = (object: KubernetesObject): number =>
    members.reduce((sum, key) => {
      const value = object[key];
      return sum + (Array.isArray(value) ? listOf(value).length : Object.keys(objectOf(value)).length);
    }, 0);
  return { name, type: 'string', read: count };
}

export const namespaceColumns = [nameColumn, textColumn('Status', 'status.phase'), ageColumn];
export const configMapColumns = [nameColumn, countColumn('Data', 'data', 'binaryData'), ageColumn];
export const secretColumns = [nameColumn, textColumn('Type', 'type'), countColumn('Data', 'data'), ageColumn];
export const serviceAccountColumns = [nameColumn, countColumn('Secrets', 'secrets'), ageColumn];
export const leaseColumns = [nameColumn, textColumn('Holder', 'spec.holderIdentity'), ageColumn];
export const customResourceDefinitionColumns = [nameColumn, textColumn('Created At', 'metadata.creationTimestamp')];

/** Events as `kubectl get events` shows them; over both versions, since cells read the stored form. */
export function eventColumns(names: { regarding: string; note: string; last: string; source: string }): Column[] {
  const lastSeen = (object: KubernetesObject): string =>
    read('series.lastObservedTime')(object) ||
    read(names.last)(object) ||
    read('eventTime')(object) ||
    textOf(object.metadata['creationTimestamp']);
  return [
    { name: 'Last Seen', type: 'string', read: (object, nowMs) => ageOf(lastSeen(object), nowMs) },
    textColumn('Type', 'type'),
    textColumn('Reason', 'reason'),
    {
      name: 'Object',
      type: 'string',
      read: (object) => {
        const about = objectOf(object[names.regarding]);
        return `${textOf(about['kind']).toLowerCase()}/${textOf(about['name'])}`;
      },
    },
    textColumn('Source', names.source, 1),
    { name: 'Message', type: 'string', read: (object) => textOf(object[names.note]).trim() },
    { ...textColumn('Name', 'metadata.name', 1), format: 'name' },
  ];
}
