import { anyPart } from './reasons/any-part.ts';
import { logging } from './reasons/logging.ts';
import {
  alarms,
  crossAccount,
  dashboards,
  dataProtection,
  delivering,
  drifted,
  metricFilters,
  queries,
} from './reasons/parts.ts';
import { ready } from './reasons/ready.ts';
import type { ReasonText } from './reasons/reason.ts';

/** Every reason of a condition: part of the API, and the same word in conditions, Events, logs and metrics. */
export const reasons = {
  ...anyPart,
  ...ready,
  ...dataProtection,
  ...logging,
  ...alarms,
  ...dashboards,
  ...queries,
  ...metricFilters,
  ...delivering,
  ...crossAccount,
  ...drifted,
} as const satisfies Record<string, ReasonText>;

export type Reason = keyof typeof reasons;

/** All of them, in the order of docs/reasons.md. */
export const reasonNames: readonly Reason[] = Object.keys(reasons).filter(isReason);

function isReason(name: string): name is Reason {
  return Object.hasOwn(reasons, name);
}
