import type { ApiResource, KubernetesObject } from './api-resource.ts';
import type { Client } from './client.ts';
import { guardOf } from './guard.ts';
import { mergePatch } from './merge-patch.ts';

export interface WithStatus extends KubernetesObject {
  readonly status?: object;
}

/**
 * Makes `status` the object's status, by a merge patch of what differs that carries uid and resourceVersion: it
 * throws Conflict where anybody wrote since the object was read. Where nothing differs nothing is sent, and the
 * object is answered as it was given. Members that the object's status has and `status` lacks are removed.
 */
export async function writeStatus<T extends WithStatus>(
  client: Pick<Client, 'patch'>,
  resource: ApiResource<T>,
  object: T,
  status: NonNullable<T['status']>,
  signal?: AbortSignal,
): Promise<T> {
  const patch = mergePatch(object.status, status);
  if (patch === undefined) return object;
  const { at, uid, resourceVersion } = guardOf(resource, object);
  const body = { metadata: { uid, resourceVersion }, status: patch };
  return client.patch(resource, at, { type: 'merge', body, subresource: 'status' }, signal);
}
