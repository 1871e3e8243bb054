import { annotations } from '#src/api/annotations.ts';
import type { Mode } from './mode.ts';
import type { Trouble } from './result.ts';

/** Why a mode writes nothing, for what differs. */
export function holdOf(mode: Exclude<Mode, 'Enforce'>): Trouble {
  return holds[mode];
}

const holds: Record<Exclude<Mode, 'Enforce'>, Trouble> = {
  Suspended: {
    kind: 'held',
    reason: 'Suspended',
    message: 'changes wait until the pause (suspend, suspendUntil or the annotation suspend-until) is over',
  },
  Plan: {
    kind: 'held',
    reason: 'PlanPending',
    message: `status.plan says what would be done in AWS: to let exactly that be done, annotate this monitor with ${annotations.approvePlan}= and the value of status.plan.hash; or set mode: Enforce`,
  },
  Observe: {
    kind: 'held',
    reason: 'NotEnforced',
    message: 'AWS is not what the spec says, and mode Observe only reports it: see status.drift and status.resources',
  },
};

/** The same where drift is not put right by the user's wish. */
export const reportOnly: Trouble = {
  kind: 'held',
  reason: 'NotEnforced',
  message: 'others changed this in AWS, and driftPolicy Report leaves it so: see status.drift',
};

/** Where AWS moved after the plan was approved. */
export const notApproved: Trouble = {
  kind: 'held',
  reason: 'PlanPending',
  message: 'this is not part of the plan that was approved: see status.plan for what is left, and approve that',
};
