import type { JsonObject } from '#src/domain/json.ts';
import type { Account, Credential, Region, World } from './state.ts';

export type Service = 'bedrock' | 'monitoring' | 'logs' | 'sts' | 'iam' | 's3' | 'kms' | 'sns' | 'oam';

/** What has a quota on how many there may be. */
export type Thing =
  | 'Alarms'
  | 'AnomalyDetectors'
  | 'AlarmMuteRules'
  | 'InsightsAlarms'
  | 'LogGroups'
  | 'QueryDefinitions';

/** An IAM action on a resource, which the caller needs for a call. */
export interface Permission {
  /** As in `logs:PutRetentionPolicy`. */
  readonly action: string;
  /** The resource's ARN, or `*`. */
  readonly resource: string;
  /** What conditions of a policy may look at, such as `iam:PassedToService`. */
  readonly context?: Readonly<Record<string, string>>;
}

/** Where, when and as whom an operation runs. */
export interface Scope {
  readonly world: World;
  readonly account: Account;
  readonly region: Region;
  readonly caller: Credential;
  /** Clock milliseconds. */
  readonly now: number;
  /** Whether the caller may; for permissions that AWS only looks at on the way. */
  allows(permission: Permission): boolean;
  /** Throws AccessDenied unless the caller may. */
  authorize(permission: Permission): void;
  /**
   * Announces a change of an entry of a collection before it is made: reads of the collection that are eventually
   * consistent go on seeing the old entry for a while.
   */
  changing<T>(collection: Map<string, T>, key: string): void;
  /** A collection as an eventually consistent read sees it. */
  seen<T>(collection: Map<string, T>): ReadonlyMap<string, T>;
  /** Whether an IAM change made at this time has reached the services that use it. */
  propagated(changedAt: number): boolean;
  /** A fresh number below `below`, from the seed. */
  random(below: number): number;
  /** The quota on how many of a thing an account and Region may have, or Infinity. */
  countLimit(thing: Thing): number;
}

/** One API operation. */
export interface Operation {
  readonly service: Service;
  readonly name: string;
  /** Whether it changes anything that its caller can read back. */
  readonly mutates: boolean;
  /** Checked before `run`: what is needed for every such call. */
  permissions(input: JsonObject, scope: Scope): readonly Permission[];
  /** Two calls with one lock at a time are a conflict; the second is refused with `conflict`. */
  readonly lock?: (input: JsonObject) => string | undefined;
  readonly conflict?: () => Error;
  /** Throws AwsError to refuse. */
  run(input: JsonObject, scope: Scope): JsonObject;
}

/** ARN of a resource in the scope's account and Region. */
export function arn(scope: Pick<Scope, 'account' | 'region'>, service: string, resource: string): string {
  return `arn:${scope.account.partition}:${service}:${scope.region.name}:${scope.account.id}:${resource}`;
}
