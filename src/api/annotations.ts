/** Annotations by which a person speaks to the operator. No GitOps tool reverts them. */
export const annotations = {
  /** Any new value: look at once, and try again what was given up. Echoed in status.lastHandledReconcileAt. */
  reconcileRequestedAt: 'bedrockmonitor.io/reconcile-requested-at',
  /** The hash of status.plan: exactly that plan is done, once. */
  approvePlan: 'bedrockmonitor.io/approve-plan',
  /** RFC 3339: nothing is written to AWS until then. */
  suspendUntil: 'bedrockmonitor.io/suspend-until',
  /** `true` lets a blocked deletion go: what is in AWS stays, and an Event lists it. */
  forceOrphan: 'bedrockmonitor.io/force-orphan',
} as const;
