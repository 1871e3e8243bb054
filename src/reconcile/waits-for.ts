import { about } from '#src/domain/kinds.ts';
import type { Planned } from '#src/domain/plan.ts';
import type { ResourceRef } from '#src/domain/resource.ts';
import type { Result, Trouble } from '#src/domain/result.ts';
import { refKey } from '#src/domain/result.ts';

/** What must come first and is not there yet, as the trouble of what waits for it. */
export function waitsFor({ after }: Planned, results: readonly Result[]): Trouble | undefined {
  const missing = after.find((ref) => {
    const result = resultOf(ref, results);
    return result !== undefined && !isThere(result);
  });
  return missing && waitFor(missing, results);
}

/** The trouble of what waits for `ref`: with patience only if waiting helps. */
export function waitFor(ref: ResourceRef, results: readonly Result[]): Trouble {
  const because = resultOf(ref, results)?.trouble;
  return {
    kind: because?.kind ?? 'wait',
    reason: 'DependencyNotReady',
    message: `waits for ${about[ref.kind].noun} ${ref.name}${because === undefined ? '' : `: ${because.message}`}`,
    ...(because?.retryAfterMs !== undefined && { retryAfterMs: because.retryAfterMs }),
  };
}

function resultOf(ref: ResourceRef, results: readonly Result[]): Result | undefined {
  return results.find((one) => refKey(one.ref) === refKey(ref));
}

/**
 * Read back, or there and ours although it differs. Of masking only being in force counts: what stands on it would
 * show what is not masked.
 */
function isThere({ ref, state, would, inForce, exists }: Result): boolean {
  if (ref.kind === 'DataProtectionPolicy') return state === 'InSync' || inForce === true;
  return state === 'InSync' || exists === true || (state === 'Differs' && would !== 'Create');
}
