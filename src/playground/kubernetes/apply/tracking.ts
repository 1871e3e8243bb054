import type { Json } from '#src/domain/json.ts';
import type { KubernetesObject } from '../json-value.ts';
import { isList, isObject } from '../json-value.ts';
import type { ResourceType } from '../resource-type.ts';
import { apiVersionOf } from '../resource-type.ts';
import { difference, intersection, union } from './field-set.ts';
import { compareFields } from './fields.ts';
import type { Manager } from './managers.ts';
import { isSameManager, ownable, readManagers, withManagers } from './managers.ts';

const nothing: Json = {};

/** Who writes, and how. */
export interface Writer {
  readonly manager: string;
  readonly subresource: string;
  readonly time: string;
}

/**
 * The object with `managedFields` telling that `writer` made `next` of `old` by create, update or patch: it owns what
 * changed, and nobody owns what is gone. An object whose managedFields were removed is not tracked again until it is
 * applied.
 */
export function trackUpdate(
  old: KubernetesObject | undefined,
  next: KubernetesObject,
  type: ResourceType,
  writer: Writer,
): KubernetesObject {
  const before = managersBefore(old, next, writer);
  if (old !== undefined && before.length === 0) return withManagers(next, []);
  const compared = compareFields(old ?? type.alwaysPresent ?? nothing, next, type.schema);
  const changed = ownable(compared.changed, type.statusSubresource, writer.subresource);
  const others = before.map((manager) => ({
    ...manager,
    fields: difference(difference(manager.fields, intersection(manager.fields, changed)), compared.removed),
  }));
  if (changed.size === 0) return withManagers(next, others);
  const own: Manager = {
    name: writer.manager,
    operation: 'Update',
    apiVersion: apiVersionOf(type),
    subresource: writer.subresource,
    time: writer.time,
    fields: changed,
  };
  const previous = others.find((manager) => isSameManager(manager, own));
  const rest = others.filter((manager) => manager !== previous);
  return withManagers(next, [
    ...rest,
    { ...own, fields: previous === undefined ? changed : union(previous.fields, changed) },
  ]);
}

/** A request may rewrite managedFields (kubectl does, to move from client-side to server-side apply), but not on /status. */
function managersBefore(old: KubernetesObject | undefined, next: KubernetesObject, writer: Writer): readonly Manager[] {
  const live = old === undefined ? [] : readManagers(old);
  const written = next.metadata['managedFields'];
  if (writer.subresource !== '' || written === undefined) return live;
  const isReset = isList(written) && written.every((entry) => isObject(entry) && Object.keys(entry).length === 0);
  if (isReset) return [];
  const given = readManagers(next);
  return given.length === 0 ? live : given;
}
