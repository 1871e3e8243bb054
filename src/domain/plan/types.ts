import type { Reason } from '#src/api/reasons.ts';
import type { Owner, Place } from '../owner.ts';
import type { Kind, Resource, ResourceByKind, ResourceRef } from '../resource.ts';

/** The parts of a spec, each with a condition; `Ready` takes over the first failure in this order. */
export const parts = [
  'DataProtection',
  'Logging',
  'Alarms',
  'Dashboards',
  'Queries',
  'MetricFilters',
  'CrossAccount',
] as const;
export type Part = (typeof parts)[number];

/**
 * Something read before planning. From an unknown fact nothing is planned, and nothing is pruned. `reason` where a
 * person must act to make it known; without one it is waited for.
 */
export type Fact<T> = { readonly known: T } | { readonly unknown: string; readonly reason?: Reason };

/** What a platform switches on when it starts the operator (`--features`); each has an IAM policy file of its own. */
export const features = ['LoggingRole', 'LoggingBucket'] as const;
export type Feature = (typeof features)[number];

export interface Facts {
  readonly owner: Owner;
  readonly place: Place;
  /** The log group that Bedrock delivers to, whoever configured it; for queries of a monitor without a group of its own. */
  readonly deliveredLogGroup: Fact<string | undefined>;
  /** Models that CloudWatch has metrics of, by ModelId, for the patterns of the spec; known as empty where it has none. */
  readonly modelsInUse: Fact<readonly string[]>;
  /** The dimensions under which CloudWatch lists LogEventsWithFindings of this monitor's masking; undefined: not listed yet. */
  readonly findingsDimensions: Fact<Readonly<Record<string, string>> | undefined>;
  /** What the operator was started with beyond the usual: making roles and buckets. */
  readonly features: ReadonlySet<Feature>;
  /** What this monitor owns by its inventory, as `kind/name`: for kinds that AWS cannot mark. */
  readonly owned?: ReadonlySet<string>;
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
  /** Models that patterns of the spec found, each once. */
  readonly models: readonly string[];
  /** In dependency order. */
  readonly resources: readonly Planned[];
  readonly remarks: readonly Remark[];
  /** Parts whose inventory may not be pruned: a fact is unknown, or an entry is left out that may already exist in AWS. */
  readonly keep: readonly Part[];
}
