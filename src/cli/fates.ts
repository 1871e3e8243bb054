import type { BedrockMonitor } from '#src/api/v1alpha1.ts';
import { id } from '#src/domain/claim.ts';
import type { KeptClaim, LeftLogging } from './left-in-aws.ts';
import { leftLogging } from './left-in-aws.ts';
import type { Release } from './release.ts';

/** The selected monitors as they were found, and what became of each; without `releases` nothing has been done. */
export interface Fates {
  readonly found: readonly BedrockMonitor[];
  readonly releases?: ReadonlyMap<BedrockMonitor, Release>;
}

/** What became of `namespace/name`: it keeps existing, is being deleted, or is gone. */
export function fateOf(holder: string, { found, releases }: Fates): 'Stays' | 'Leaving' | 'Gone' {
  const monitor = found.find(({ metadata }) => id(metadata) === holder);
  if (monitor === undefined || releases?.get(monitor)?.kind === 'Gone') return 'Gone';
  return monitor.metadata.deletionTimestamp === undefined ? 'Stays' : 'Leaving';
}

/** The logging configurations that no monitor stands behind any more, or soon. */
export function loggingLetGo(claims: readonly KeptClaim[], fates: Fates): readonly LeftLogging[] {
  const ofMonitors = fates.found
    .filter(({ metadata }) => fateOf(id(metadata), fates) !== 'Stays')
    .flatMap((monitor) => leftLogging(monitor, claims));
  const known = new Set(fates.found.map(({ metadata }) => id(metadata)));
  const ofNobody = claims
    .filter(({ of }) => of === 'invocation-logging')
    .filter(({ claim: { holder } }) => holder === undefined || !known.has(holder))
    .map(({ accountID, region, claim }) => ({ accountID, region, before: claim.previous ?? 'unknown' }));
  return [...ofMonitors, ...ofNobody];
}
