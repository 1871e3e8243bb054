import type { JsonObject } from '#src/domain/json.ts';
import type { KubernetesObject } from './json-value.ts';
import { textOf } from './json-value.ts';
import type { ResourceType } from './resource-type.ts';

/** Which object a row carries along: its metadata (the default), the whole object, or nothing. */
export type IncludeObject = 'Metadata' | 'Object' | 'None';

/** meta.k8s.io/v1 Table: what `kubectl get` asks for. */
export function tableOf(
  type: ResourceType,
  objects: readonly KubernetesObject[],
  metadata: JsonObject,
  include: IncludeObject,
  nowMs: number,
): JsonObject {
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: type.columns.map((column) => ({
      name: column.name,
      type: column.type,
      format: column.format ?? '',
      description: column.description ?? column.name,
      priority: column.priority ?? 0,
    })),
    rows: objects.map((object) => ({
      cells: type.columns.map((column) => column.read(object, nowMs)),
      ...rowObject(object, include),
    })),
  };
}

function rowObject(object: KubernetesObject, include: IncludeObject): JsonObject {
  switch (include) {
    case 'None':
      return {};
    case 'Object':
      return { object };
    case 'Metadata':
      return {
        object: { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata },
      };
  }
}

/** The Table of one object, as GET and watch events have it. */
export function tableOfOne(
  type: ResourceType,
  object: KubernetesObject,
  include: IncludeObject,
  nowMs: number,
): JsonObject {
  const resourceVersion = textOf(object.metadata['resourceVersion']);
  return tableOf(type, [object], { resourceVersion }, include, nowMs);
}
