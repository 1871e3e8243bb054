import type { Json, JsonObject } from '#src/domain/json.ts';
import type { Api, Target } from './api.ts';
import { timestamp } from './api.ts';
import { trackUpdate } from './apply/tracking.ts';
import { namespaces } from './built-in/resources.ts';
import { invalid } from './field-error.ts';
import type { KubernetesObject } from './json-value.ts';
import { equal, objectOf, textOf, textsOf, without } from './json-value.ts';
import { finalizerWarnings } from './object-meta.ts';
import { validateObject } from './object-validation.ts';
import type { ResourceType } from './resource-type.ts';
import { applyDefaults } from './schema/defaulting.ts';
import { alreadyExists, badRequest, conflict, invalidObject, namespaceTerminating, notFound } from './status-error.ts';
import { keyOf } from './store.ts';

export interface WriteOptions {
  /** Who is named in managedFields. */
  readonly manager: string;
  readonly dryRun: boolean;
  /** Grows: what the client is warned of. */
  readonly warnings: string[];
  /** A PUT: a uid in the object is a precondition. */
  readonly replace?: boolean;
  /** managedFields of the object are already as they are to be (after an apply). */
  readonly tracked?: boolean;
}

/** The object as the resource sees it. Throws 404. */
export function readObject(api: Api, { type, namespace, name }: Target): KubernetesObject {
  const stored = api.store.get(type.storedAs, keyOf(namespace, name));
  if (stored === undefined) throw notFound(type, name);
  return seen(type, stored);
}

export function exists(api: Api, { type, namespace, name }: Target): boolean {
  return api.store.get(type.storedAs, keyOf(namespace, name)) !== undefined;
}

/** How a resource sees a stored object. */
export function seen(type: ResourceType, stored: KubernetesObject): KubernetesObject {
  return type.fromStored?.(stored) ?? stored;
}

/** Stores a new object. Throws 404 for its namespace, 409 if it exists, 422 if it is invalid. */
export function createObject(
  api: Api,
  target: Target,
  decoded: KubernetesObject,
  options: WriteOptions,
): KubernetesObject {
  const { type, namespace } = target;
  const name = nameFor(api, decoded);
  if (type.namespaced) requireNamespace(api, type, name, namespace);
  const { metadata } = decoded;
  const created: JsonObject = {
    ...without(
      withoutEmpty(metadata),
      'namespace',
      'selfLink',
      'resourceVersion',
      'generation',
      'deletionTimestamp',
      'deletionGracePeriodSeconds',
    ),
    name,
    ...(type.namespaced ? { namespace } : {}),
    uid: api.newUID(),
    creationTimestamp: timestamp(api.now()),
    ...(type.countsGeneration ? { generation: 1 } : {}),
  };
  requireNamespaceMatch(metadata, type.namespaced ? namespace : '');
  const bare = type.statusSubresource ? without(decoded, 'status') : decoded;
  const object = { ...bare, apiVersion: decoded.apiVersion, kind: decoded.kind, metadata: created };
  const prepared = withDefaults(type, type.prepare?.(object, undefined) ?? object);
  const tracked = options.tracked ? prepared : trackUpdate(undefined, prepared, type, writerOf(api, options, false));
  const errors = validateObject(tracked, undefined, type, false);
  if (errors.length > 0) throw invalidObject(type.invalidAs ?? { ...type, kind: decoded.kind }, name, errors);
  options.warnings.push(...finalizerWarnings(tracked, undefined, type));
  const existing = api.store.get(type.storedAs, keyOf(namespace, name));
  if (existing !== undefined) throw alreadyExists(type, name, existing.metadata['deletionTimestamp'] !== undefined);
  return save(api, target, tracked, name, options.dryRun);
}

/** What is written without a namespace lies in that of the request. */
function inNamespace(object: KubernetesObject, { type, namespace }: Target): KubernetesObject {
  return type.namespaced && textOf(object.metadata['namespace']) === '' ? withMetadata(object, { namespace }) : object;
}

/** Stores what `change` makes of the current object. Throws 404, 409 on a stale version, 422. */
export function updateObject(
  api: Api,
  target: Target,
  options: WriteOptions,
  change: (current: KubernetesObject) => KubernetesObject,
): KubernetesObject {
  const { type, name } = target;
  const current = readObject(api, target);
  const wanted = inNamespace(change(current), target);
  requireSameVersion(type, current, wanted, options.replace === true);
  requireNamespaceMatch(wanted.metadata, target.namespace);
  const next = prepareUpdate(api, target, current, wanted, options);
  const errors = validateObject(next, current, type, target.status);
  if (errors.length > 0) throw invalidObject(type.invalidAs ?? type, name, errors);
  if (!target.status) options.warnings.push(...finalizerWarnings(next, current, type));
  if (sameButForTimes(next, current)) return current;
  const finalizers = textsOf(next.metadata['finalizers']);
  if (next.metadata['deletionTimestamp'] !== undefined && finalizers.length === 0) {
    if (options.dryRun) return next;
    const last = api.store.remove(type.storedAs, keyOf(target.namespace, name));
    return withMetadata(next, { resourceVersion: last?.metadata['resourceVersion'] ?? '' });
  }
  return save(api, target, next, name, options.dryRun);
}

function prepareUpdate(
  api: Api,
  target: Target,
  current: KubernetesObject,
  wanted: KubernetesObject,
  options: WriteOptions,
): KubernetesObject {
  const { type } = target;
  const object = target.status ? onlyStatus(current, wanted) : onlyRest(type, current, wanted);
  const prepared = withDefaults(type, type.prepare?.(object, current) ?? object);
  const bumped =
    type.countsGeneration && !target.status && !equal(without(prepared, 'metadata'), without(current, 'metadata'))
      ? withMetadata(prepared, { generation: generationOf(current) + 1 })
      : prepared;
  return options.tracked ? bumped : trackUpdate(current, bumped, type, writerOf(api, options, target.status));
}

/** /status changes nothing else; who wrote it is still noted in managedFields. */
function onlyStatus(current: KubernetesObject, wanted: KubernetesObject): KubernetesObject {
  const base = without(current, 'status');
  const managed = wanted.metadata['managedFields'];
  return {
    ...base,
    apiVersion: current.apiVersion,
    kind: current.kind,
    metadata: { ...current.metadata, ...(managed === undefined ? {} : { managedFields: managed }) },
    ...(wanted['status'] === undefined ? {} : { status: wanted['status'] }),
  };
}

/** What the server alone sets keeps its value whatever the request says. */
function onlyRest(type: ResourceType, current: KubernetesObject, wanted: KubernetesObject): KubernetesObject {
  const kept = [
    'uid',
    'creationTimestamp',
    'deletionTimestamp',
    'deletionGracePeriodSeconds',
    'generation',
    'resourceVersion',
  ];
  const fixed: JsonObject = Object.fromEntries(
    kept.flatMap((key): [string, Json][] => {
      const value = current.metadata[key];
      return value === undefined ? [] : [[key, value]];
    }),
  );
  const metadata = { ...without(withoutEmpty(wanted.metadata), ...kept), ...fixed };
  const object = { ...wanted, metadata };
  if (!type.statusSubresource) return object;
  const { status } = current;
  return {
    ...without(object, 'status'),
    apiVersion: object.apiVersion,
    kind: object.kind,
    metadata,
    ...(status === undefined ? {} : { status }),
  };
}

/** ObjectMeta's lists and maps are `omitempty`: an empty one is as good as absent. */
function withoutEmpty(metadata: JsonObject): JsonObject {
  const empty = ['labels', 'annotations', 'finalizers', 'ownerReferences'].filter(
    (key) => Object.keys(metadata[key] ?? {}).length === 0,
  );
  return without(metadata, ...empty);
}

/** 409 where the version is stale or the uid another; 422 where a custom resource is updated without a version. */
function requireSameVersion(
  type: ResourceType,
  current: KubernetesObject,
  wanted: KubernetesObject,
  replace: boolean,
): void {
  const name = textOf(current.metadata['name']);
  const uid = textOf(wanted.metadata['uid']);
  const version = textOf(wanted.metadata['resourceVersion']);
  const currentUID = textOf(current.metadata['uid']);
  if (uid !== '' && uid !== currentUID) {
    if (!replace) throw invalidObject(type, name, [invalid('metadata.uid', uid, 'field is immutable')]);
    throw conflict(type, name, `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${currentUID}`);
  }
  if (version === '' || version === '0') {
    if (type.unconditionalUpdate) return;
    throw invalidObject({ ...type, kind: type.plural }, name, [
      invalid('metadata.resourceVersion', 0, 'must be specified for an update'),
    ]);
  }
  if (version !== current.metadata['resourceVersion']) throw conflict(type, name);
}

function requireNamespaceMatch(metadata: JsonObject, namespace: string): void {
  const written = textOf(metadata['namespace']);
  if (written === '' || written === namespace) return;
  throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
}

function requireNamespace(api: Api, type: ResourceType, name: string, namespace: string): void {
  const found = api.store.get(namespaces.storedAs, keyOf('', namespace));
  if (found === undefined) throw notFound(namespaces, namespace);
  if (found.metadata['deletionTimestamp'] !== undefined) throw namespaceTerminating(type, name, namespace);
}

function nameFor(api: Api, object: KubernetesObject): string {
  const name = textOf(object.metadata['name']);
  const prefix = textOf(object.metadata['generateName']);
  return name === '' && prefix !== '' ? `${prefix.slice(0, 58)}${api.newSuffix()}` : name;
}

function withDefaults(type: ResourceType, object: KubernetesObject): KubernetesObject {
  return {
    ...applyDefaults(object, type.schema),
    apiVersion: object.apiVersion,
    kind: object.kind,
    metadata: object.metadata,
  };
}

export function withMetadata(object: KubernetesObject, more: JsonObject): KubernetesObject {
  return { ...object, metadata: { ...object.metadata, ...more } };
}

export function generationOf(object: KubernetesObject): number {
  const { generation } = object.metadata;
  return typeof generation === 'number' ? generation : 0;
}

function writerOf(
  api: Api,
  options: WriteOptions,
  status: boolean,
): { manager: string; subresource: string; time: string } {
  return { manager: options.manager, subresource: status ? 'status' : '', time: timestamp(api.now()) };
}

/** A write that changes nothing but managedFields' times is no write. */
function sameButForTimes(next: KubernetesObject, current: KubernetesObject): boolean {
  return equal(withoutTimes(next), withoutTimes(current));
}

function withoutTimes(object: KubernetesObject): JsonObject {
  const managed = object.metadata['managedFields'];
  if (!Array.isArray(managed)) return object;
  return withMetadata(object, { managedFields: managed.map((entry: JsonObject) => without(objectOf(entry), 'time')) });
}

function save(api: Api, target: Target, object: KubernetesObject, name: string, dryRun: boolean): KubernetesObject {
  const { type, namespace } = target;
  if (dryRun) return object;
  const stored = type.toStored?.(object) ?? object;
  return seen(type, api.store.put(type.storedAs, keyOf(namespace, name), stored));
}
