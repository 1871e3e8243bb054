import { isReadable } from '#src/domain/claim.ts';
import { parseConfiguration } from '#src/domain/logging-configuration.ts';
import { adoptionOf } from '#src/domain/policies.ts';
import type { Ground } from './ground.ts';
import { heldBefore } from './ground.ts';
import type { Pass } from './pass.ts';

/**
 * What AWS held before any monitor wrote, for the claim: raw JSON, `none` or `unknown`. Where the Lease does not tell,
 * or cannot be read, the copy in the status of this very monitor does; where neither does, there was nothing if nothing
 * could ever have been taken over.
 */
export function priorOf(pass: Pass, { held, ownership }: Pick<Ground, 'held' | 'ownership'>): string {
  const { status, spec } = pass.monitor;
  const known = held?.claim.previous;
  const saved = status?.inventoryUID === pass.owner.uid ? status.invocationLogging?.saved : undefined;
  const copied = saved !== undefined && (known === undefined || parseConfiguration(saved) !== undefined);
  if (copied && !isReadable(known)) return saved;
  if (known !== undefined) return known;
  if (ownership === 'None') return 'none';
  return heldBefore(pass) && adoptionOf(spec, 'InvocationLogging') === 'Never' ? 'none' : 'unknown';
}
