import { isDeepStrictEqual } from 'node:util';
import type { BedrockMonitor } from '#src/api/v1alpha1.ts';
import { ApiError, isConflict, isNotFound } from '#src/kubernetes/api-error.ts';
import type { Client } from '#src/kubernetes/client.ts';
import { hasFinalizer, removeFinalizer } from '#src/kubernetes/finalizer.ts';
import { finalizer, monitors } from '#src/operator/monitors.ts';

/** What became of a monitor. */
export type Release =
  /** It carried no finalizer of ours. */
  | { readonly kind: 'Untouched' }
  | { readonly kind: 'Gone' }
  /** It lost the finalizer and is not being deleted. */
  | { readonly kind: 'Stays' }
  /** It lost the finalizer and is being deleted, but those of others hold it. */
  | { readonly kind: 'Held'; readonly by: readonly string[] }
  | { readonly kind: 'Failed'; readonly why: string };

const ATTEMPTS = 5;

/**
 * Takes our finalizer off exactly the monitor that was read. Each patch is bound to uid and resourceVersion; where
 * somebody else wrote first it is read again and tried again. It fails where what was read and shown is no longer what
 * there is: another monitor of the name, or another inventory. Never rejects.
 */
export async function release(client: Pick<Client, 'get' | 'patch'>, shown: BedrockMonitor): Promise<Release> {
  if (!hasFinalizer(shown, finalizer)) return { kind: 'Untouched' };
  const { namespace, name, uid } = shown.metadata;
  try {
    let current = shown;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return releaseOf(await removeFinalizer(client, monitors, current, finalizer));
      } catch (error) {
        if (!isOvertaken(error) || attempt === ATTEMPTS) throw error;
      }
      current = await client.get(monitors, { namespace, name });
      if (current.metadata.uid !== uid) {
        return { kind: 'Failed', why: 'it was deleted and created again meanwhile; run this again' };
      }
      if (!isDeepStrictEqual(current.status?.inventory, shown.status?.inventory)) {
        return {
          kind: 'Failed',
          why: 'its inventory changed meanwhile, so an operator works on it: stop that first, then run this again',
        };
      }
    }
  } catch (error) {
    if (isNotFound(error)) return { kind: 'Gone' };
    return { kind: 'Failed', why: error instanceof Error ? error.message : String(error) };
  }
}

/** A patch that carries the uid of another object than the one that is there is Invalid, not a Conflict. */
function isOvertaken(error: unknown): boolean {
  return isConflict(error) || (error instanceof ApiError && error.status === 422);
}

/** `after`: as the API server answered; undefined: it was gone already. */
function releaseOf(after: BedrockMonitor | undefined): Release {
  if (after === undefined) return { kind: 'Gone' };
  const { deletionTimestamp, finalizers = [] } = after.metadata;
  if (deletionTimestamp === undefined) return { kind: 'Stays' };
  return finalizers.length === 0 ? { kind: 'Gone' } : { kind: 'Held', by: finalizers };
}
