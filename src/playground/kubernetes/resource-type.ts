import type { Json, JsonObject } from '#src/domain/json.ts';
import type { FieldError } from './field-error.ts';
import type { KubernetesObject } from './json-value.ts';
import type { Schema } from './schema/structural-schema.ts';

/** A column of `kubectl get`. */
export interface Column {
  readonly name: string;
  readonly type: string;
  readonly format?: string;
  readonly description?: string;
  /** 0 is always shown, more only with `-o wide`. */
  readonly priority?: number;
  /** The cell of one object. Ages are counted to `nowMs`. */
  readonly read: (object: KubernetesObject, nowMs: number) => Json;
}

/** Everything that the verbs need to know about one resource, built in or defined by a CRD. */
export interface ResourceType {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly listKind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  /** Under which the store keeps the objects. Two resources may be views of the same objects (Events are). */
  readonly storedAs: string;
  readonly schema: Schema;
  readonly statusSubresource: boolean;
  /** Whether a change outside metadata (and status, if it is a subresource) counts `generation` up. */
  readonly countsGeneration: boolean;
  /** Custom resources refuse an update without resourceVersion; most built-ins allow it. */
  readonly unconditionalUpdate: boolean;
  /** Under which name its validation errors go, where that is not its own (Events). */
  readonly invalidAs?: { readonly group: string; readonly kind: string };
  /** PUT of what does not exist creates it (Leases and Events). */
  readonly createOnUpdate?: boolean;
  /** Members that are never absent in the Go type, so that creating an object does not make anybody own them. */
  readonly alwaysPresent?: JsonObject;
  readonly columns: readonly Column[];
  /** JSONPaths such as `.spec.region`, beyond metadata.name and metadata.namespace. */
  readonly selectableFields: readonly string[];
  readonly custom: boolean;
  /** What the schema cannot say; undefined `old` means create. */
  readonly validate?: (object: KubernetesObject, old: KubernetesObject | undefined) => readonly FieldError[];
  /** The `x-kubernetes-validations` of a custom resource, compiled; absent where it has none. */
  readonly rules?: (object: KubernetesObject, old: KubernetesObject | undefined) => readonly FieldError[];
  /** Judges metadata.name; an RFC 1123 subdomain where absent. */
  readonly nameProblems?: (name: string) => readonly string[];
  /** Fills in what the server sets on create and update. */
  readonly prepare?: (object: KubernetesObject, old: KubernetesObject | undefined) => KubernetesObject;
  /** How this resource sees a stored object, and how it is stored. Only views of shared objects have them. */
  readonly fromStored?: (object: KubernetesObject) => KubernetesObject;
  readonly toStored?: (object: KubernetesObject) => KubernetesObject;
}

export function apiVersionOf(type: { readonly group: string; readonly version: string }): string {
  return type.group === '' ? type.version : `${type.group}/${type.version}`;
}
