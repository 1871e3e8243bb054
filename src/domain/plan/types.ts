import type { Reason } from '#src/api/reasons.ts';
import type { Owner, Place } from '../owner.ts';
import type { Kind, Resource, ResourceByKind, ResourceRef } from '../resource.ts';

/** The parts of a spec, each with a condition; `Ready` takes over the first failure in this order. */
export const parts = ['DataProtection', 'Logging', 'Alarms', 'Dashboards', 'Queries'] as const;
export type Part = (typeof parts)[number];

/**
 * Something read before planning. From an unknown fact nothing is planned, and nothing is pruned. `reason` where a
 * person must act to make it known; without one it is waited for.
 */
export type Fact<T> = { readonly known: T } | { readonly unknown: string; readonly reason?: Reason };

export interface Facts {
  readonly owner: Owner;
  readonly place: Place;
  /** The log group that Bedrock delivers to, whoever configured it; for queries of a monitor without a group of its own. */
  readonly deliveredLogGroup: Fact<string | undefined>;
  /** ARN globs beyond the SNS topics of the same account and Region that alarms of this namespace may notify. */
  readonly actionARNs: readonly string[];
}

export interface Planned {
  readonly resource: Resource;
  readonly part: Part;
  /** How plan, drift and messages name it: `alarms/throttling`, `alarms/latency/<model>`, `invocationLogging/logGroup`. */
  readonly path: string;
  /** What must be in sync before this may be applied. */
  readonly after: readonly ResourceRef[];
}

export type PlannedOf<K extends Kind> = Planned & { readonly resource: ResourceByKind[K] };

export function isOfKind<K extends Kind>(planned: Planned, kind: K): planned is PlannedOf<K> {
  return planned.resource.kind === kind;
}

/** What the spec alone tells: a stall or wait (`Ready=False` for the part) or a note (stays True, worth reading). */
export interface Remark {
  readonly part: Part;
  readonly path: string;
  readonly reason: Reason;
  readonly message: string;
  readonly note: boolean;
}

export interface Plan {
  /** In dependency order. */
  readonly resources: readonly Planned[];
  readonly remarks: readonly Remark[];
  /** Parts whose inventory may not be pruned: a fact is unknown, or an entry is left out that may already exist in AWS. */
  readonly keep: readonly Part[];
}
