import type { ApiResource, KubernetesObject } from './api-resource.ts';

/** What an Event is about. */
export interface ObjectReference {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
}

export interface Happening {
  readonly type: 'Normal' | 'Warning';
  /** CamelCase, why. At most 128 characters. */
  readonly reason: string;
  /** CamelCase, what was done. At most 128 characters. */
  readonly action: string;
  /** For people. Cut to 1,024 bytes. */
  readonly note: string;
  readonly related?: ObjectReference;
}

/** events.k8s.io/v1 Event, as far as it is written here. */
export interface Event extends KubernetesObject {
  readonly eventTime: string;
  readonly type: string;
  readonly reason: string;
  readonly action: string;
  readonly note: string;
  readonly regarding: ObjectReference;
  readonly related?: ObjectReference;
  readonly reportingController: string;
  readonly reportingInstance: string;
  readonly series?: { readonly count: number; readonly lastObservedTime: string };
}

export const eventResource: ApiResource<Event> = {
  group: 'events.k8s.io',
  version: 'v1',
  plural: 'events',
  namespaced: true,
};

/** For `record`. apiVersion and kind are missing from the items of a list, so they are given. */
export function referenceTo(object: KubernetesObject, type: { apiVersion: string; kind: string }): ObjectReference {
  const { namespace, name, uid, resourceVersion } = object.metadata;
  return {
    apiVersion: type.apiVersion,
    kind: type.kind,
    ...(namespace !== undefined && { namespace }),
    ...(name !== undefined && { name }),
    ...(uid !== undefined && { uid }),
    ...(resourceVersion !== undefined && { resourceVersion }),
  };
}
