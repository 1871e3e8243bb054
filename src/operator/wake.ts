import { isDeepStrictEqual } from 'node:util';
import type { BedrockMonitor } from '#src/api/v1alpha1.ts';
import type { Singular } from '#src/domain/claim.ts';
import { singulars } from '#src/domain/claim.ts';
import type { Mode } from '#src/domain/mode.ts';
import { keyOf } from '#src/kubernetes/api-resource.ts';
import { hasFinalizer } from '#src/kubernetes/finalizer.ts';
import type { Lease } from '#src/kubernetes/lease.ts';
import type { Change, Store } from '#src/kubernetes/store.ts';
import type { WorkQueue } from '#src/kubernetes/work-queue.ts';
import { singletonOf } from './claims.ts';
import { accountOf, asksFor, finalizer } from './monitors.ts';
import { priority } from './priority.ts';

export interface WakeOptions {
  readonly queue: Pick<WorkQueue, 'add'>;
  readonly store: Pick<Store<BedrockMonitor>, 'list'>;
  readonly ownAccountID: () => string | undefined;
  /** In force now: who may not write keeps nobody waiting. */
  readonly modeOf: (monitor: BedrockMonitor) => Mode;
}

/** Which change in the cluster wakes which monitors. A status write of ours wakes nobody. */
export function createWake({ queue, store, ownAccountID, modeOf }: WakeOptions) {
  const isInTheWay = (monitor: BedrockMonitor, of: Singular) => asksFor(monitor, of) && modeOf(monitor) === 'Enforce';
  const wakeAskers = (of: Singular, except: string | undefined, asks: (monitor: BedrockMonitor) => boolean) => {
    for (const monitor of store.list()) {
      const key = keyOf(monitor);
      if (key !== except && asksFor(monitor, of) && asks(monitor)) queue.add(key, priority.Error);
    }
  };
  return {
    onMonitor(change: Change<BedrockMonitor>): void {
      if (change.kind === 'added') return queue.add(change.key, change.initial ? priority.Drift : priority.Edit);
      if (change.kind === 'updated') {
        if (concernsUs(change.previous, change.object)) queue.add(change.key, priority.Edit);
      }
      if (change.kind === 'deleted') queue.add(change.key, priority.Edit);
      const { region } = change.object.spec;
      for (const of of singulars) {
        const makesWay =
          change.kind === 'deleted' || (isInTheWay(change.previous, of) && !isInTheWay(change.object, of));
        if (makesWay) wakeAskers(of, change.key, (monitor) => monitor.spec.region === region);
      }
    },
    /** A claim was taken, changed or let go: whoever waits for it looks again. */
    onLease(change: Change<Lease>): void {
      const at = singletonOf(change.object.metadata.name ?? '');
      if (at === undefined || (change.kind === 'added' && change.initial)) return;
      const writer = change.kind === 'deleted' ? undefined : change.object.spec?.holderIdentity;
      wakeAskers(
        at.of,
        writer,
        (monitor) => monitor.spec.region === at.region && accountOf(monitor, ownAccountID()) === at.accountID,
      );
    },
    /** The platform's list changed: what was refused may be allowed now, and the reverse. */
    onAccessList(): void {
      for (const monitor of store.list()) queue.add(keyOf(monitor), priority.Error);
    },
  };
}

/** Spec, deletion, annotations, and the loss of our finalizer; not the status, nor the finalizer that we add. */
function concernsUs(before: BedrockMonitor, after: BedrockMonitor): boolean {
  const facets = ({ metadata: { uid, generation, deletionTimestamp, annotations } }: BedrockMonitor) => [
    uid,
    generation,
    deletionTimestamp,
    annotations,
  ];
  const released = hasFinalizer(before, finalizer) && !hasFinalizer(after, finalizer);
  return released || !isDeepStrictEqual(facets(before), facets(after));
}
