import type { BedrockMonitor } from '#src/api/v1alpha1.ts';
import type { Claimant } from '#src/domain/claim.ts';
import { id } from '#src/domain/claim.ts';
import type { Mode } from '#src/domain/mode.ts';
import { isForbidden, isNotFound } from '#src/kubernetes/api-error.ts';
import { nameOf } from '#src/kubernetes/api-resource.ts';
import type { Client } from '#src/kubernetes/client.ts';
import type { Store } from '#src/kubernetes/store.ts';
import { mayUse } from '#src/reconcile/pass.ts';
import type { Access, Neighbours, Singleton } from '#src/reconcile/ports.ts';
import { accountOf, asksFor, monitors, namesMonitor } from './monitors.ts';

export interface NeighbourOptions {
  readonly client: Pick<Client, 'get'>;
  readonly store: Pick<Store<BedrockMonitor>, 'list'>;
  /** The operator's own account, once known. */
  readonly ownAccountID: () => string | undefined;
  /** What the platform allows a namespace: who may not act in an account keeps nobody from it. */
  readonly access: (namespace: string) => Access;
  /** In force now: who may not write keeps nobody waiting. */
  readonly modeOf: (monitor: BedrockMonitor) => Mode;
}

/** The other monitors of the cluster, as far as a claim needs them. */
export function createNeighbours({ client, store, ownAccountID, access, modeOf }: NeighbourOptions): Neighbours {
  /** As long as our own account is not known, a monitor that acts in it may be after any. */
  const competes = (monitor: BedrockMonitor, at: Singleton) => {
    const { region, accountID = at.accountID } = monitor.spec;
    const account = accountOf(monitor, ownAccountID()) ?? at.accountID;
    return asksFor(monitor, at.of) && region === at.region && account === at.accountID && accountID === at.accountID;
  };

  const find = async (key: string, signal: AbortSignal) => {
    // A Lease or a tag that was edited by hand may say anything, and some of it is another path of the API.
    if (!namesMonitor(key)) return undefined;
    try {
      return await client.get(monitors, nameOf(key), signal);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  };

  return {
    async asks(holder, at, signal) {
      try {
        const monitor = await find(holder, signal);
        return monitor !== undefined && competes(monitor, at);
      } catch (error) {
        // Of a namespace that is another operator's to watch, which lets the claim go when it is time.
        if (isForbidden(error)) return true;
        throw error;
      }
    },
    async lives(claimant, signal) {
      const monitor = await find(id(claimant), signal);
      return monitor !== undefined && monitor.metadata.deletionTimestamp === undefined;
    },
    rivals(self, at) {
      return store
        .list()
        .filter((monitor) => modeOf(monitor) === 'Enforce' && competes(monitor, at))
        .filter(({ spec, metadata }) => mayUse(access(metadata.namespace), spec.assumeRole?.roleARN))
        .map(claimantOf)
        .filter((claimant) => id(claimant) !== id(self));
    },
  };
}

function claimantOf({ metadata }: BedrockMonitor): Claimant {
  const { namespace, name, uid, creationTimestamp } = metadata;
  return { namespace, name, uid, createdAt: creationTimestamp };
}
