import type { JsonObject } from '#src/domain/json.ts';
import type { Permission, Service } from './operation.ts';

/** A call as the simulator saw it. */
export interface Call {
  /** 1, 2, 3 … in order of arrival. */
  readonly id: number;
  readonly service: Service;
  readonly operation: string;
  readonly account: string;
  readonly region: string;
  /** ARN of the caller. */
  readonly caller: string;
  readonly input: JsonObject;
  /** Whether the operation changes AWS, done or refused. */
  readonly mutates: boolean;
  /** Clock milliseconds of arrival. */
  readonly at: number;
  /** What the caller needed to be allowed to do; known once the call was looked at. */
  permissions: readonly Permission[];
  /** Absent while the call is under way. */
  outcome: Outcome | undefined;
}

export type Outcome =
  | { readonly kind: 'Answered'; readonly output: JsonObject }
  | { readonly kind: 'Refused'; readonly code: string; readonly message: string; readonly status: number }
  /** The connection broke, hung or timed out; `effect` says whether the call was carried out. */
  | { readonly kind: 'Lost'; readonly effect: boolean };

/**
 * Called before a call is looked at and after its effect. What it throws breaks the call at that point: the caller gets
 * no answer, and the thrown value from `requestHandler`.
 */
export type CallObserver = (call: Call, phase: 'Before' | 'After') => void;
