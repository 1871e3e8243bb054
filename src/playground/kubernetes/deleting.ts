import type { Json } from '#src/domain/json.ts';
import type { Api, Target } from './api.ts';
import { timestamp } from './api.ts';
import { customResourceDefinitions, namespaces } from './built-in/resources.ts';
import type { KubernetesObject } from './json-value.ts';
import { at, objectOf, textOf, textsOf } from './json-value.ts';
import { conflict } from './status-error.ts';
import { keyOf, keyOfObject } from './store.ts';
import { generationOf, readObject, seen, withMetadata } from './writing.ts';

export interface Deleted {
  readonly object: KubernetesObject;
  /** False: finalizers hold it, and it only carries a deletionTimestamp now. */
  readonly gone: boolean;
}

/** Deletes, or marks for deletion what has finalizers. `body` is metav1.DeleteOptions. Throws 404, 409. */
export function deleteObject(api: Api, target: Target, body: Json | undefined, dryRun: boolean): Deleted {
  const { type, namespace, name } = target;
  const current = readObject(api, target);
  requirePreconditions(target, current, body);
  if (dryRun) return { object: current, gone: textsOf(current.metadata['finalizers']).length === 0 };
  const holds = textsOf(current.metadata['finalizers']).length > 0 || holdsContent(api, target);
  if (!holds) {
    const last = api.store.remove(type.storedAs, keyOf(namespace, name));
    return { object: last === undefined ? current : seen(type, last), gone: true };
  }
  if (current.metadata['deletionTimestamp'] !== undefined) return { object: current, gone: false };
  const generation = generationOf(current);
  const marked = withMetadata(current, {
    deletionTimestamp: timestamp(api.now()),
    deletionGracePeriodSeconds: 0,
    ...(generation > 0 ? { generation: generation + 1 } : {}),
  });
  const terminating = type === namespaces ? { ...marked, status: { phase: 'Terminating' } } : marked;
  const stored = api.store.put(type.storedAs, keyOf(namespace, name), type.toStored?.(terminating) ?? terminating);
  return { object: seen(type, stored), gone: false };
}

function requirePreconditions({ type, name }: Target, current: KubernetesObject, body: Json | undefined): void {
  const uid = textOf(at(body, 'preconditions', 'uid'));
  const version = textOf(at(body, 'preconditions', 'resourceVersion'));
  const found = textOf(current.metadata['uid']);
  const foundVersion = textOf(current.metadata['resourceVersion']);
  const named = { ...type, plural: type.kind };
  if (uid !== '' && uid !== found) {
    const why = `the UID in the precondition (${uid}) does not match the UID in record (${found}). The object might have been deleted and then recreated`;
    throw conflict(named, name, why);
  }
  if (version !== '' && version !== foundVersion) {
    const why = `the ResourceVersion in the precondition (${version}) does not match the ResourceVersion in record (${foundVersion}). The object might have been modified`;
    throw conflict(named, name, why);
  }
}

/** A namespace and a CRD go only after what lies in them. */
function holdsContent(api: Api, { type, name }: Target): boolean {
  return contentOf(api, type.storedAs, name).length > 0;
}

function contentOf(api: Api, storedAs: string, name: string): readonly Target[] {
  if (storedAs === namespaces.storedAs) {
    const views = api.registry.all().filter((type) => type.namespaced && type.fromStored === undefined);
    return views.flatMap((type) => api.store.list(type.storedAs, `${name}/`).map((object) => targetOf(type, object)));
  }
  if (storedAs === customResourceDefinitions.storedAs) {
    const type = api.registry.all().find((one) => one.custom && `${one.plural}.${one.group}` === name);
    return type === undefined ? [] : api.store.list(type.storedAs, '').map((object) => targetOf(type, object));
  }
  return [];
}

function targetOf(type: Target['type'], object: KubernetesObject): Target {
  const namespace = textOf(object.metadata['namespace']);
  return { type, namespace, name: textOf(object.metadata['name']), status: false };
}

/**
 * What the namespace controller and the CRD finalizer of a cluster do: once one of them is being deleted, its content
 * is deleted, and when the last of it is gone, so is it.
 */
export function collectContent(api: Api): () => void {
  let running = false;
  return api.store.subscribe(() => {
    if (running) return;
    running = true;
    try {
      sweep(api);
    } finally {
      running = false;
    }
  });
}

function sweep(api: Api): void {
  for (const owner of [namespaces, customResourceDefinitions]) {
    for (const object of api.store.list(owner.storedAs, '')) {
      if (object.metadata['deletionTimestamp'] === undefined) continue;
      const name = textOf(objectOf(object.metadata)['name']);
      for (const target of contentOf(api, owner.storedAs, name)) {
        const content = api.store.get(target.type.storedAs, keyOf(target.namespace, target.name));
        if (content?.metadata['deletionTimestamp'] === undefined) deleteObject(api, target, undefined, false);
      }
      if (contentOf(api, owner.storedAs, name).length === 0 && textsOf(object.metadata['finalizers']).length === 0) {
        api.store.remove(owner.storedAs, keyOfObject(object));
      }
    }
  }
}
