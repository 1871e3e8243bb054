import type { Owner } from '#src/domain/owner.ts';
import type { Change, Kind, Observed, Resource, ResourceRef } from '#src/domain/resource.ts';

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
  /** Absent is success. Never called without the mark having been read as ours. */
  delete(ref: ResourceRef<K>, observed: Observed<K>, signal: AbortSignal): Promise<void>;
}

/** A missing kind does not compile. */
export type Handlers = { readonly [K in Kind]: ResourceHandler<K> };

/** Where and as whom to act. */
export interface Target {
  readonly region: string;
  /** Absent: the operator's own identity. */
  readonly roleARN?: string;
  readonly externalID?: string;
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
  /** The handlers of one monitor's pass: marks are written for `owner`, calls are paced in `lane`. */
  handlers(target: Target, identity: Identity, owner: Owner, lane: Lane): Handlers;
}
