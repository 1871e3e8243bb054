import { isNotFound } from './api-error.ts';
import type { ApiResource, KubernetesObject } from './api-resource.ts';
import type { Client } from './client.ts';

/** coordination.k8s.io/v1 Lease. Times are MicroTime: six fractional digits, see `microTime`. */
export interface Lease extends KubernetesObject {
  readonly spec?: LeaseSpec;
}

export interface LeaseSpec {
  readonly holderIdentity?: string;
  readonly leaseDurationSeconds?: number;
  readonly acquireTime?: string;
  readonly renewTime?: string;
  readonly leaseTransitions?: number;
}

export const leaseResource: ApiResource<Lease> = {
  group: 'coordination.k8s.io',
  version: 'v1',
  plural: 'leases',
  namespaced: true,
};

/** The Leases of one namespace. */
export interface Leases {
  /** Live, never from a cache. Absent is undefined. */
  get(name: string, signal?: AbortSignal): Promise<Lease | undefined>;
  /** Throws AlreadyExists. `lease.metadata.namespace` may be left out. */
  create(lease: Lease, signal?: AbortSignal): Promise<Lease>;
  /** PUT of exactly the version that `lease` carries: throws Conflict where it is not the newest, or has none. */
  replace(lease: Lease, signal?: AbortSignal): Promise<Lease>;
  /** Deletes exactly this uid and version, else throws Conflict. Absent is success. */
  delete(lease: Lease, signal?: AbortSignal): Promise<void>;
}

export function createLeases(client: Client, namespace: string): Leases {
  const complete = (lease: Lease): Lease => ({
    ...lease,
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { ...lease.metadata, namespace },
  });
  const guarded = (lease: Lease, verb: string) => {
    const { name = '', uid, resourceVersion } = lease.metadata;
    if (!uid || !resourceVersion) {
      throw new Error(`lease ${namespace}/${name}: without uid and resourceVersion, as read, it is not ${verb}`);
    }
    return { name, uid, resourceVersion };
  };

  return {
    async get(name, signal) {
      try {
        return await client.get(leaseResource, { namespace, name }, signal);
      } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
      }
    },
    create: (lease, signal) => client.create(leaseResource, complete(lease), signal),
    async replace(lease, signal) {
      // A PUT without a version would win over anybody.
      guarded(lease, 'replaced');
      return client.replace(leaseResource, complete(lease), signal);
    },
    async delete(lease, signal) {
      const { name, uid, resourceVersion } = guarded(lease, 'deleted');
      try {
        await client.delete(leaseResource, { namespace, name }, { uid, resourceVersion }, signal);
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    },
  };
}
