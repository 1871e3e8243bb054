import type { ReasonText } from './reason.ts';

/** Reasons of Ready alone: why the monitor as a whole cannot go on. */
export const ready = {
  Suspended: {
    kind: 'held',
    means:
      'AWS is not what the spec says, and nothing is written during the pause (spec.suspend, spec.suspendUntil or the annotation suspend-until).',
    heals: 'Remove spec.suspend or the annotation, or wait for the end of the pause: the operator goes on by itself.',
  },
  PlanPending: {
    kind: 'held',
    means: 'Mode Plan: AWS is not what the spec says, status.plan says what would be done, and nothing is written.',
    heals: 'Approve exactly that plan with the annotation bedrockmonitor.io/approve-plan=HASH, or set mode: Enforce.',
  },
  NotEnforced: {
    kind: 'held',
    means: 'AWS is not what the spec says, and mode Observe or driftPolicy Report forbids the write: see status.drift.',
    heals: 'Change AWS or the spec, set mode: Enforce or driftPolicy Correct, or leave it so.',
  },
  CredentialsUnavailable: {
    kind: 'stall',
    means: 'The operator has no AWS credentials, or they are expired.',
    heals: 'Give its service account a role (IRSA or Pod Identity), or restart what renews its credentials.',
  },
  AssumeRoleDenied: {
    kind: 'stall',
    waitsFirst: '2 minutes',
    means: 'STS refused the role of spec.assumeRole.',
    heals: 'Add the statement in the message to the trust policy of that role.',
  },
  RoleNotAllowed: {
    kind: 'stall',
    means: "The platform's credentials list does not give this namespace that role, or the operator's own account.",
    heals: 'Ask the platform team for an entry in the credentials list.',
  },
  AccountMismatch: {
    kind: 'stall',
    means: 'The credentials lead to another account than spec.accountID.',
    heals: 'Correct spec.accountID or spec.assumeRole.',
  },
  AccountChanged: {
    kind: 'stall',
    means: 'The credentials lead to another account than the one that this monitor is bound to (status.accountID).',
    heals: 'Use credentials of the bound account again, or create another BedrockMonitor for the other account.',
  },
  RegionUnavailable: {
    kind: 'stall',
    means: 'AWS does not know the Region, or it is off for this account.',
    heals: 'Enable the Region for the account, or create a monitor for another Region.',
  },
  InvalidSpec: {
    kind: 'stall',
    means:
      'The spec holds what cannot be made, and no rule of the schema could refuse it (a dashboard body that is no JSON, two entries that come to one name in AWS), or an older custom resource definition let it in; the message says what.',
    heals: 'Correct the spec. Until then what it concerns stays in AWS as it is.',
  },
  TooManyResources: {
    kind: 'stall',
    means: 'The spec comes to more AWS resources than one monitor holds (500 alarms, 1,000 resources).',
    heals: 'Name fewer models, or divide the entries among several monitors. Nothing is deleted because of it.',
  },
  DeletionBlocked: {
    kind: 'stall',
    means: 'The deletion did not end in time; the message says what blocks it.',
    heals: 'Mend that, or let go with the annotation in the message: what status.inventory lists then stays in AWS.',
  },
} as const satisfies Record<string, ReasonText>;
