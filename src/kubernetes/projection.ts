import type { KubernetesObject } from './api-resource.ts';

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** Drops what no reader needs and what doubles the memory of a cache: managedFields and kubectl's last-applied copy. */
export function withoutBookkeeping<T extends KubernetesObject>(object: T): T {
  const metadata: Record<string, unknown> = { ...object.metadata };
  delete metadata['managedFields'];
  if (object.metadata.annotations?.[lastApplied] !== undefined) {
    const { [lastApplied]: _dropped, ...annotations } = object.metadata.annotations;
    metadata['annotations'] = annotations;
  }
  return { ...object, metadata };
}
