import type { LoggingConfiguration } from './logging-configuration.ts';
import { destinationsOf, parseConfiguration, sameConfiguration } from './logging-configuration.ts';

/** What AWS has once per account and Region, so that one monitor must hold it; the word is in the name of its Lease. */
export const singulars = ['invocation-logging', 'sink'] as const;
export type Singular = (typeof singulars)[number];

/**
 * The claim on what AWS has once per account and Region: what the Lease holds. It never expires; no clock decides
 * anything. Of Bedrock's logging configuration, which AWS cannot tag, it tells what is ours: raw JSON. A sink has tags:
 * of it the claim tells no more than `written`, its ARN, so that who holds the claim next may take it over.
 */
export interface Claim {
  /** `namespace/name` of the holding monitor; absent: free. */
  readonly holder?: string;
  readonly holderUID?: string;
  /** For people: since when, ISO 8601. */
  readonly acquireTime?: string;
  /** What AWS held before any monitor wrote: raw JSON, `none`, or `unknown` (the claim was lost and rebuilt). */
  readonly previous?: string;
  /** What AWS held, by us, when `intended` was last changed; of a sink its ARN. */
  readonly written?: string;
  /** What we were about to put, or `none`: to switch off. After a crash AWS holds this or `written`. */
  readonly intended?: string;
}

/** The same, free to be taken: what AWS held, before us and by us, stays known. */
export function withoutHolder(claim: Claim): Claim {
  const { holder: _, holderUID: __, acquireTime: ___, ...rest } = claim;
  return rest;
}

/** One who asks for what an account and Region has once. */
export interface Claimant {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** metadata.creationTimestamp */
  readonly createdAt: string;
}

export type Standing =
  | { readonly kind: 'Holder' }
  /** Free, and we are the oldest that asks. */
  | { readonly kind: 'Take' }
  | { readonly kind: 'Conflict'; readonly holder: string; readonly since?: string }
  /** Free, and an older one that asks is about to take it. */
  | { readonly kind: 'Behind'; readonly first: string };

/**
 * Who may write. The holder keeps the claim, however young; the same namespace/name with a new uid is the same holder.
 * A free claim (no Lease, empty holder, or a holder that a live read shows gone or no longer asking) goes to the
 * oldest that asks.
 */
export function standing(
  me: Claimant,
  claim: Claim | undefined,
  holderAsks: boolean,
  rivals: readonly Claimant[],
): Standing {
  if (claim?.holder === id(me)) return { kind: 'Holder' };
  if (claim?.holder && holderAsks) {
    return { kind: 'Conflict', holder: claim.holder, ...(claim.acquireTime && { since: claim.acquireTime }) };
  }
  const oldest = [me, ...rivals].sort(byAge)[0] ?? me;
  return id(oldest) === id(me) ? { kind: 'Take' } : { kind: 'Behind', first: id(oldest) };
}

/** Who asked first: creationTimestamp, then namespace/name. */
function byAge(a: Claimant, b: Claimant): number {
  return compare(a.createdAt, b.createdAt) || compare(id(a), id(b));
}

/**
 * Whose the configuration in AWS is.
 * - `None`: there is none, and none was put. - `Ours`: equal to what we wrote or were about to write.
 * - `Drifted`: gone though we had put it, or changed but still naming our log group or bucket.
 * - `Foreign`: anything else, and what was there before us, wherever it delivers to; it is never overwritten, nor
 *   deleted.
 */
export type Ownership = 'None' | 'Ours' | 'Drifted' | 'Foreign';

export function ownership(live: LoggingConfiguration | undefined, claim: Claim | undefined): Ownership {
  const ours = [parseConfiguration(claim?.intended), parseConfiguration(claim?.written)].filter(
    (one) => one !== undefined,
  );
  if (live === undefined) return ours.length > 0 ? 'Drifted' : 'None';
  if (ours.some((one) => sameConfiguration(one, live))) return 'Ours';
  if (sameConfiguration(parseConfiguration(claim?.previous), live)) return 'Foreign';
  const places = new Set(ours.flatMap(destinationsOf));
  return destinationsOf(live).some((place) => places.has(place)) ? 'Drifted' : 'Foreign';
}

/** Whether it tells what we wrote or were about to write. */
export function tellsOurs(claim: Claim | undefined): boolean {
  return [claim?.intended, claim?.written].some((text) => parseConfiguration(text) !== undefined);
}

/** Whether it tells what was there before: a configuration, or that there was none or that nobody knows. */
export function isReadable(previous: string | undefined): boolean {
  return previous === 'none' || previous === 'unknown' || parseConfiguration(previous) !== undefined;
}

export function id(claimant: { readonly namespace: string; readonly name: string }): string {
  return `${claimant.namespace}/${claimant.name}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
