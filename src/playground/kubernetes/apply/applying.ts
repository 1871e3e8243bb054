import type { Json } from '#src/domain/json.ts';
import type { Api, Target } from '../api.ts';
import { timestamp } from '../api.ts';
import { invalid } from '../field-error.ts';
import type { KubernetesObject } from '../json-value.ts';
import { at, isObject, objectOf, textOf } from '../json-value.ts';
import { apiVersionOf } from '../resource-type.ts';
import { badRequest, conflict, invalidObject } from '../status-error.ts';
import type { WriteOptions } from '../writing.ts';
import { createObject, exists, readObject, updateObject } from '../writing.ts';
import { requireTyped } from './configuration.ts';
import { conflictError } from './conflicts.ts';
import type { FieldSet } from './field-set.ts';
import { difference, emptySet, intersection, union } from './field-set.ts';
import { compareFields, ownedFields } from './fields.ts';
import type { Manager } from './managers.ts';
import { isSameManager, ownable, readManagers, withManagers } from './managers.ts';
import { mergeApplied, removeFields } from './merging.ts';

export interface ApplyOptions extends WriteOptions {
  /** Take over what others own. */
  readonly force: boolean;
  readonly subresource: string;
}

export interface Applied {
  readonly object: KubernetesObject;
  readonly created: boolean;
}

/**
 * Server-side apply: what the manager applied last time and not now is removed unless somebody else owns it, the
 * rest is merged by the schema's keys. Throws 409 with the fields that others own, unless forced.
 */
export function applyObject(api: Api, target: Target, configuration: Json, options: ApplyOptions): Applied {
  const { type, name } = target;
  const applied = requireConfiguration(configuration, target);
  if (!exists(api, target)) {
    if (target.status) readObject(api, target);
    const uid = textOf(applied.metadata['uid']);
    if (uid !== '') {
      const why = `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`;
      throw conflict(type, name, why);
    }
    const fresh = merge(api, target, { ...applied, metadata: {} }, applied, options);
    return { object: createObject(api, target, fresh, { ...options, tracked: true }), created: true };
  }
  const object = updateObject(api, target, { ...options, tracked: true }, (current) =>
    merge(api, target, current, applied, options),
  );
  return { object, created: false };
}

function requireConfiguration(configuration: Json, { type, name }: Target): KubernetesObject {
  if (!isObject(configuration)) throw badRequest('error decoding YAML: the configuration is no object');
  const { apiVersion, kind } = configuration;
  if (apiVersion !== apiVersionOf(type)) {
    throw badRequest(`invalid object type: ${textOf(apiVersion)}, Kind=${textOf(kind)}`);
  }
  if (kind !== type.kind) throw invalidObject(type, name, [invalid('kind', kind ?? '', `must be ${type.kind}`)]);
  if (at(configuration, 'metadata', 'managedFields') !== undefined)
    throw badRequest('metadata.managedFields must be nil');
  requireTyped(configuration, type);
  return { ...configuration, apiVersion, kind, metadata: objectOf(configuration['metadata']) };
}

function merge(
  api: Api,
  { type }: Target,
  live: KubernetesObject,
  applied: KubernetesObject,
  options: ApplyOptions,
): KubernetesObject {
  const ownedBy = (fields: FieldSet): Manager => ({
    name: options.manager,
    operation: 'Apply',
    apiVersion: apiVersionOf(type),
    subresource: options.subresource,
    time: timestamp(api.now()),
    fields,
  });
  const filter = (set: FieldSet): FieldSet => ownable(set, type.statusSubresource, options.subresource);
  const managers = readManagers(live);
  const owned = ownedFields(applied, type.schema);
  const own = ownedBy(filter(owned));
  const last = managers.find((manager) => isSameManager(manager, own));
  const others = managers.filter((manager) => manager !== last);
  // Names belong to nobody afterwards, but while merging they keep metadata in place.
  const kept = union(owned, ...others.map((manager) => manager.fields));
  const merged = mergeApplied(live, applied, type.schema);
  const gone = difference(last?.fields ?? emptySet, kept);
  const pruned = objectOf(removeFields(merged, type.schema, gone, kept));
  const result = { ...pruned, apiVersion: live.apiVersion, kind: live.kind, metadata: objectOf(pruned['metadata']) };

  const compared = compareFields(live, result, type.schema);
  const changed = filter(compared.changed);
  const conflicts = others
    .map((manager) => ({ manager, fields: intersection(manager.fields, changed) }))
    .filter((one) => one.fields.size > 0);
  if (conflicts.length > 0 && !options.force) throw conflictError(conflicts);
  const left = others.map((manager) => ({
    ...manager,
    fields: difference(difference(manager.fields, changed), compared.removed),
  }));
  return withManagers(result, [...left, own]);
}
