import type { BedrockMonitor } from '#src/api/v1alpha1.ts';
import type { Claim } from '#src/domain/claim.ts';
import { id } from '#src/domain/claim.ts';
import { isOfAllRegions } from '#src/domain/kinds.ts';
import type { Singleton } from '#src/reconcile/ports.ts';

/** One AWS resource that outlives its monitor. */
export interface LeftResource {
  readonly kind: string;
  readonly name: string;
  /** Where AWS makes one. */
  readonly id?: string;
  /** `unknown` where the monitor never got that far. */
  readonly accountID: string;
  /** `all` for dashboards and roles, which have none. */
  readonly region: string;
}

/** A claim's Lease. */
export interface KeptClaim extends Singleton {
  readonly lease: string;
  readonly claim: Claim;
}

/** The logging configuration of an account and Region, as a monitor set it. */
export interface LeftLogging extends Pick<Singleton, 'accountID' | 'region'> {
  /** What AWS held before any monitor wrote: raw JSON, `none`, or `unknown`. */
  readonly before: string;
}

/** By the claims, and by the monitor's own status where its claim is lost together with the operator's namespace. */
export function leftLogging(monitor: BedrockMonitor, claims: readonly KeptClaim[]): readonly LeftLogging[] {
  const self = id(monitor.metadata);
  const { accountID = 'unknown', invocationLogging: seen } = monitor.status ?? {};
  // What others put there since, or switched off, is not the monitor's any more.
  if (seen?.state === 'Disabled' || seen?.state === 'Foreign') return [];
  const held = claims.filter(({ of, claim }) => of === 'invocation-logging' && claim.holder === self);
  const places = held.map(({ claim, ...at }) => ({ ...at, before: claim.previous }));
  const stated = seen?.claimedBy === self ? [{ accountID, region: monitor.spec.region, before: seen.saved }] : [];
  return (places.length > 0 ? places : stated).map((one) => ({
    accountID: one.accountID,
    region: one.region,
    before: one.before ?? seen?.saved ?? 'unknown',
  }));
}

/** What stays in AWS without the monitor: its inventory, then the logging configuration. */
export function leftInAws(monitor: BedrockMonitor, claims: readonly KeptClaim[]): readonly LeftResource[] {
  const { spec, status } = monitor;
  const accountID = status?.accountID ?? spec.accountID ?? spec.assumeRole?.roleARN.split(':')[4] ?? 'unknown';
  const resources = (status?.inventory ?? []).map((entry) => ({
    ...entry,
    accountID,
    region: isOfAllRegions(entry.kind) ? 'all' : spec.region,
  }));
  const logging = leftLogging(monitor, claims).map((one) => ({
    kind: 'InvocationLogging',
    name: 'invocation-logging',
    accountID: one.accountID,
    region: one.region,
  }));
  return [...resources, ...logging];
}
