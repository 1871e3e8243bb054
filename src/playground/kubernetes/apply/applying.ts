import type { Json } from '#src/domain/json.ts';
import type { Api, Target } from '../api.ts';
import type { KubernetesObject } from '../json-value.ts';
import { mergePatch } from '../patches.ts';
import { keyOf } from '../store.ts';
import type { WriteOptions } from '../writing.ts';
import { createObject, updateObject } from '../writing.ts';

export interface ApplyOptions extends WriteOptions {
  readonly force: boolean;
  readonly named: boolean;
}

export function applyObject(
  api: Api,
  target: Target,
  decoded: KubernetesObject,
  value: Json,
  options: ApplyOptions,
): { object: KubernetesObject; created: boolean } {
  if (api.store.get(target.type.storedAs, keyOf(target.namespace, target.name)) === undefined) {
    return { object: createObject(api, target, decoded, options), created: true };
  }
  return {
    object: updateObject(api, target, options, (current) => mergePatch(current, value) as KubernetesObject),
    created: false,
  };
}
