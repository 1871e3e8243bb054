import { isNotFound } from './api-error.ts';
import type { ApiResource, KubernetesObject } from './api-resource.ts';
import type { Client } from './client.ts';
import { guardOf } from './guard.ts';

/** Whether the object carries `finalizer`. */
export function hasFinalizer(object: KubernetesObject, finalizer: string): boolean {
  return object.metadata.finalizers?.includes(finalizer) ?? false;
}

/**
 * Guarantees: the finalizers of others stay. The patch holds for exactly this version of the object, so it throws
 * Conflict where anybody wrote since; it is not sent where the finalizer is there already. Answers the object as it
 * then is.
 */
export async function addFinalizer<T extends KubernetesObject>(
  client: Pick<Client, 'patch'>,
  resource: ApiResource<T>,
  object: T,
  finalizer: string,
  signal?: AbortSignal,
): Promise<T> {
  if (hasFinalizer(object, finalizer)) return object;
  return patchFinalizers(client, resource, object, [...(object.metadata.finalizers ?? []), finalizer], signal);
}

/** As `addFinalizer`. Answers undefined where the object is gone, which is success. */
export async function removeFinalizer<T extends KubernetesObject>(
  client: Pick<Client, 'patch'>,
  resource: ApiResource<T>,
  object: T,
  finalizer: string,
  signal?: AbortSignal,
): Promise<T | undefined> {
  if (!hasFinalizer(object, finalizer)) return object;
  const others = (object.metadata.finalizers ?? []).filter((one) => one !== finalizer);
  try {
    return await patchFinalizers(client, resource, object, others, signal);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

function patchFinalizers<T extends KubernetesObject>(
  client: Pick<Client, 'patch'>,
  resource: ApiResource<T>,
  object: T,
  finalizers: readonly string[],
  signal: AbortSignal | undefined,
): Promise<T> {
  const { at, uid, resourceVersion } = guardOf(resource, object);
  return client.patch(
    resource,
    at,
    { type: 'merge', body: { metadata: { uid, resourceVersion, finalizers } } },
    signal,
  );
}
