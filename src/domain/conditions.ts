import type { Reason } from '#src/api/reasons.ts';
import type { Condition } from '#src/api/v1alpha1.ts';

/** What a condition says; `mergeConditions` adds the generation and the time. */
export interface Saying {
  readonly type: Condition['type'];
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: Reason;
  readonly message: string;
}

/** The bound of a message in the CRD. */
const MESSAGE_LIMIT = 1024;

/**
 * The conditions as they are to be written, in the order said. `lastTransitionTime` moves only when the status flips
 * (Kubernetes API conventions), so that saying the same thing again writes nothing.
 */
export function mergeConditions(
  old: readonly Condition[],
  said: readonly Saying[],
  generation: number,
  nowMs: number,
): readonly Condition[] {
  return said.map((saying) => {
    const before = old.find(({ type }) => type === saying.type);
    const time = before?.status === saying.status ? before.lastTransitionTime : isoSeconds(nowMs);
    return { ...saying, message: shorten(saying.message), observedGeneration: generation, lastTransitionTime: time };
  });
}

/** RFC 3339 with whole seconds, as metav1.Time takes it. */
export function isoSeconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** Cut to the bound of a message. Half a character would come back from the API server as another one, for ever. */
export function shorten(message: string): string {
  return message.length <= MESSAGE_LIMIT ? message : `${message.slice(0, MESSAGE_LIMIT - 1).toWellFormed()}…`;
}
