import type { BedrockMonitor } from '#src/api/v1alpha1.ts';
import type { Claimant } from '#src/domain/claim.ts';
import { id } from '#src/domain/claim.ts';
import { isNotFound } from '#src/kubernetes/api-error.ts';
import type { ObjectName } from '#src/kubernetes/api-resource.ts';
import { nameOf } from '#src/kubernetes/api-resource.ts';
import type { Client } from '#src/kubernetes/client.ts';
import type { Store } from '#src/kubernetes/store.ts';
import type { Neighbours, Singleton } from '#src/reconcile/ports.ts';
import { accountOf, asksForLogging, monitors } from './monitors.ts';

export interface NeighbourOptions {
  readonly client: Pick<Client, 'get'>;
  readonly store: Pick<Store<BedrockMonitor>, 'list'>;
  /** The operator's own account, once known. */
  readonly ownAccountID: () => string | undefined;
}

/** The other monitors of the cluster, as far as a claim needs them. */
export function createNeighbours({ client, store, ownAccountID }: NeighbourOptions): Neighbours {
  const competes = (monitor: BedrockMonitor, at: Singleton) =>
    asksForLogging(monitor) && monitor.spec.region === at.region && accountOf(monitor, ownAccountID()) === at.accountID;

  const find = async (at: ObjectName, signal: AbortSignal) => {
    try {
      return await client.get(monitors, at, signal);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  };

  return {
    async asks(holder, at, signal) {
      const monitor = await find(nameOf(holder), signal);
      return monitor !== undefined && competes(monitor, at);
    },
    async lives({ namespace, name }, signal) {
      const monitor = await find({ namespace, name }, signal);
      return monitor !== undefined && monitor.metadata.deletionTimestamp === undefined;
    },
    rivals(self, at) {
      return store
        .list()
        .filter((monitor) => monitor.spec.suspend !== true && competes(monitor, at))
        .map(claimantOf)
        .filter((claimant) => id(claimant) !== id(self));
    },
  };
}

function claimantOf({ metadata }: BedrockMonitor): Claimant {
  const { namespace, name, uid, creationTimestamp } = metadata;
  return { namespace, name, uid, createdAt: creationTimestamp };
}
