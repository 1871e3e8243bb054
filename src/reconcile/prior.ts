import { adoptionOf } from '#src/domain/policies.ts';
import type { Ground } from './ground.ts';
import type { Pass } from './pass.ts';

/**
 * What AWS held before any monitor wrote, for the claim: raw JSON, `none` or `unknown`. Where the Lease does not tell,
 * the copy in the status of this very monitor does; where neither does, there was nothing if nothing could ever have
 * been taken over.
 */
export function priorOf({ monitor, owner }: Pass, { held, ownership }: Pick<Ground, 'held' | 'ownership'>): string {
  const { status, spec } = monitor;
  const known = held?.claim.previous;
  if (known !== undefined) return known;
  const mine = status?.inventoryUID === owner.uid;
  const saved = mine ? status.invocationLogging?.saved : undefined;
  if (saved !== undefined) return saved;
  if (ownership === 'None') return 'none';
  return mine && adoptionOf(spec, 'InvocationLogging') === 'Never' ? 'none' : 'unknown';
}
