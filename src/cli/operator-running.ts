import type { Clock } from '#src/kubernetes/clock.ts';
import { sleep } from '#src/kubernetes/clock.ts';
import type { Lease, Leases } from '#src/kubernetes/lease.ts';

/** A leader renews every two seconds; this leaves room for a slow API server. */
const LOOK_AGAIN_MS = 5_000;

/**
 * Who leads by the Lease of the election; undefined: nobody. A Lease that looks run out is looked at twice, a few
 * seconds apart, because the leader may go by another clock than ours.
 */
export async function runningOperator(leases: Leases, name: string, clock: Clock): Promise<string | undefined> {
  const first = await leases.get(name);
  if (!first?.spec?.holderIdentity) return undefined;
  if (holds(first, clock.now())) return first.spec.holderIdentity;
  await sleep(clock, LOOK_AGAIN_MS);
  const second = await leases.get(name);
  if (!second?.spec?.holderIdentity || second.metadata.resourceVersion === first.metadata.resourceVersion) {
    return undefined;
  }
  return second.spec.holderIdentity;
}

/** A Lease without its times holds: nobody can tell that it ran out. */
function holds({ spec }: Lease, nowMs: number): boolean {
  const renewedMs = Date.parse(spec?.renewTime ?? '');
  const endsMs = renewedMs + (spec?.leaseDurationSeconds ?? Number.NaN) * 1000;
  return Number.isNaN(endsMs) || nowMs < endsMs;
}
