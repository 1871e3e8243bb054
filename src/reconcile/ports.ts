import type { BedrockMonitor, BedrockMonitorStatus } from '#src/api/v1alpha1.ts';
import type { Claim, Claimant, Singular } from '#src/domain/claim.ts';
import type { Prices } from '#src/domain/cost.ts';
import type { Delivery } from '#src/domain/delivering.ts';
import type { Dependency } from '#src/domain/dependencies.ts';
import type { Owner } from '#src/domain/owner.ts';
import type { Feature } from '#src/domain/plan/types.ts';
import type { Change, Kind, Observed, Resource, ResourceRef } from '#src/domain/resource.ts';
import type { Trouble } from '#src/domain/result.ts';
import type { Memory } from './memory.ts';

/**
 * `IfFree`: the mark only where the observing read carries it. `Always`: read tags too, before
 * overwriting, adopting, shortening or deleting, and after a new generation (design: marks).
 */
export type MarkReading = 'IfFree' | 'Always';

/** The four verbs of an AWS kind. The comments are promises; one suite holds every kind to them. */
export interface ResourceHandler<K extends Kind> {
  /** Never writes. Absent is `undefined`, not an error. Reads of many names are batched into one call. */
  observe(ref: ResourceRef<K>, marks: MarkReading, signal: AbortSignal): Promise<Observed<K> | undefined>;
  /** Pure. Only what the spec declares; an empty list means in sync. */
  diff(desired: Resource<K>, observed: Observed<K>): readonly Change[];
  /**
   * `observed` undefined creates, else updates. Repeatable: after a crash at any call, calling it again reaches the
   * same state. A full-replace put carries over what the spec does not declare.
   */
  apply(desired: Resource<K>, observed: Observed<K> | undefined, signal: AbortSignal): Promise<ResourceRef<K>>;
  /**
   * Absent is success. Never called without the mark having been read as ours. Kinds that are never pruned refuse.
   * `left`: something of others rests on it, so it stays as it is and is ours no more.
   */
  delete(ref: ResourceRef<K>, observed: Observed<K>, signal: AbortSignal): Promise<'left' | void>;
  /**
   * What AWS holds under the owner's derived name prefix, for a monitor whose inventory is lost. A candidate is no
   * licence: the mark is read before anything is done to it. Absent for kinds that are never pruned.
   */
  find?(owner: Owner, signal: AbortSignal): Promise<readonly ResourceRef<K>[]>;
}

/** A missing kind does not compile. */
export type Handlers = { readonly [K in Kind]: ResourceHandler<K> };

/** Where and as whom to act. */
export interface Target {
  readonly region: string;
  /** Absent: the operator's own identity. */
  readonly roleARN?: string;
  readonly externalID?: string;
  /** For whom a role is assumed: part of the session's name, which CloudTrail shows. */
  readonly namespace?: string;
}

/** GetCallerIdentity. */
export interface Identity {
  readonly accountID: string;
  readonly arn: string;
  /** `aws`, `aws-cn`, `aws-us-gov`: from the ARN. */
  readonly partition: string;
}

/** Order of service when AWS's rate is short: a user's edit first, background checks last. */
export type Lane = 'Edit' | 'Error' | 'Drift' | 'State';

/** One account and Region of AWS, as one monitor may see it. */
export interface Cloud {
  /** Cached per credentials; throws Stalled CredentialsUnavailable or AssumeRoleDenied. */
  identity(target: Target, signal: AbortSignal): Promise<Identity>;
  /**
   * The handlers of one monitor's pass: marks are written for `owner`, calls are paced in `lane`. `inventory` tells what
   * is ours of what AWS cannot mark, as `kind/name`; absent: there is none, or it is lost.
   */
  handlers(target: Target, identity: Identity, owner: Owner, lane: Lane, inventory?: ReadonlySet<string>): Handlers;
  /** Looks at what the spec stands on, with the same identity and pacing. */
  preflight(target: Target, identity: Identity, owner: Owner, lane: Lane): Preflight;
  /** What CloudWatch knows of Bedrock there. */
  traffic(target: Target, identity: Identity, owner: Owner, lane: Lane): Traffic;
}

/** Bedrock's own metrics in one account and Region. Never writes. */
export interface Traffic {
  /** The ModelIds under which CloudWatch lists Invocations: it shows a new one after up to 15 minutes, and forgets one after two weeks without data. */
  models(signal: AbortSignal): Promise<readonly string[]>;
  /** The dimensions under which LogEventsWithFindings of a masking policy is listed; undefined: there were no findings yet. */
  findingsDimensions(policyName: string, signal: AbortSignal): Promise<Readonly<Record<string, string>> | undefined>;
  /** The latest attempts to deliver records, by destination, within the last `sinceMs` milliseconds. */
  deliveries(
    destinations: readonly Delivery['destination'][],
    sinceMs: number,
    signal: AbortSignal,
  ): Promise<readonly Delivery[]>;
}

/** What is wrong with a dependency, found by reading before anything is written. */
export interface Preflight {
  /**
   * Never writes. Undefined: nothing is wrong, or AWS does not let us tell (reading it is not permitted; then the
   * write's own answer tells). The message holds what a person can paste: the missing statement, for instance.
   */
  check(dependency: Dependency, signal: AbortSignal): Promise<Trouble | undefined>;
}

/** What the platform allows a namespace: the credentials list of the operator's namespace. Denied unless listed. */
export interface Access {
  readonly ownAccount: boolean;
  /** Globs over role ARNs. */
  readonly roleARNs: readonly string[];
  /** Globs over alarm action ARNs, beyond the SNS topics of the monitor's own account and Region. */
  readonly actionARNs: readonly string[];
  /** Sent instead of `<cluster>/<namespace>`. */
  readonly externalID?: string;
  /** The list could not be understood, and so allows nobody anything. */
  readonly unreadable?: true;
}

/** A claim as read: the version and uid guard the next write. */
export interface HeldClaim {
  readonly claim: Claim;
  readonly uid: string;
  readonly version: string;
}

/** The Leases behind the claims. A stale version makes `write` and `remove` throw, which ends the pass. */
export interface Claims {
  read(at: Singleton, signal: AbortSignal): Promise<HeldClaim | undefined>;
  /** Creates where `held` is absent, else replaces exactly that version. */
  write(at: Singleton, claim: Claim, held: HeldClaim | undefined, signal: AbortSignal): Promise<HeldClaim>;
  remove(at: Singleton, held: HeldClaim, signal: AbortSignal): Promise<void>;
}

/** What AWS has once per account and Region. */
export interface Singleton {
  readonly of: Singular;
  readonly accountID: string;
  readonly region: string;
}

/** The other monitors, as far as a claim needs them. */
export interface Neighbours {
  /** Live, never the cache: does `namespace/name` still exist, not being deleted, and ask for this singleton? */
  asks(holder: string, at: Singleton, signal: AbortSignal): Promise<boolean>;
  /** Live: does it still exist, not being deleted? What it retained in AWS is orphaned if not. */
  lives(monitor: { readonly namespace: string; readonly name: string }, signal: AbortSignal): Promise<boolean>;
  /** From the cache: all others that ask and may take it (in mode Enforce, not being deleted). */
  rivals(self: { readonly namespace: string; readonly name: string }, at: Singleton): readonly Claimant[];
}

/** Writes to the monitor itself. Each carries uid and resourceVersion: a conflict throws and ends the pass. */
export interface Records {
  addFinalizer(monitor: BedrockMonitor, signal: AbortSignal): Promise<BedrockMonitor>;
  writeStatus(monitor: BedrockMonitor, status: BedrockMonitorStatus, signal: AbortSignal): Promise<BedrockMonitor>;
}

/** Time: `now` in wall milliseconds for people, `monotonic` for durations. */
export interface Clock {
  now(): number;
  monotonic(): number;
}

/** Everything a pass knows about the world. */
export interface Ports {
  readonly cluster: string;
  readonly cloud: Cloud;
  readonly claims: Claims;
  readonly neighbours: Neighbours;
  readonly records: Records;
  readonly access: (namespace: string) => Access;
  readonly clock: Clock;
  readonly memory: Memory;
  readonly settings: Settings;
}

export interface Settings {
  /** A pass acts for at most this long, then concludes and is queued again, so that a newer spec is seen. */
  readonly sliceMs: number;
  /** After this long a blocked deletion says what blocks and how to force it. */
  readonly deletionDeadlineMs: number;
  /** Masking that fails for this long switches logging off. */
  readonly maskingGraceMs: number;
  /** `--dry-run-all`: every monitor that says Enforce is in Plan, and no approval counts. */
  readonly dryRunAll: boolean;
  /** What AWS asks, for the estimate in the status. */
  readonly prices: Prices;
  /** How often a monitor at rest is compared with AWS. */
  readonly resyncMs: number;
  /** `--features`: what the operator may make beyond the usual. */
  readonly features: ReadonlySet<Feature>;
  /** `--hide-foreign-names`: messages do not name monitors of other namespaces. */
  readonly hideForeignNames: boolean;
}
