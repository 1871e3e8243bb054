import type { ApiResource, KubernetesObject, ObjectName } from './api-resource.ts';
import { keyOf } from './api-resource.ts';

/** What a write carries so that it applies to exactly the object that was read. */
export interface Guard {
  readonly at: ObjectName;
  readonly uid: string;
  readonly resourceVersion: string;
}

/** Throws where the object was never read from a server: a write without a version would win over anybody. */
export function guardOf(resource: ApiResource, object: KubernetesObject): Guard {
  const { namespace, name, uid, resourceVersion } = object.metadata;
  if (!name || !uid || !resourceVersion) {
    throw new Error(
      `${resource.plural} ${keyOf(object)}: cannot be written without the uid and version it was read with`,
    );
  }
  return { at: namespace === undefined ? { name } : { namespace, name }, uid, resourceVersion };
}
