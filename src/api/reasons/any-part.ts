import type { ReasonText } from './reason.ts';

/** Reasons of every part, and of Ready. */
export const anyPart = {
  InSync: {
    kind: 'ok',
    means: 'AWS was read back and is what the spec says.',
    heals: 'Nothing to do. AWS is read again at every resync.',
  },
  Progressing: {
    kind: 'wait',
    means: 'A first pass, an edit or a deletion is under way.',
    heals: 'It goes on at once.',
  },
  Paced: {
    kind: 'wait',
    means:
      "The operator's share of AWS's call rate is used up; the message says how much is left and how long it takes.",
    heals: 'It goes on as the rate allows.',
  },
  Throttled: {
    kind: 'wait',
    means: 'AWS answered "Rate exceeded": somebody else uses the quota of this account and Region as well.',
    heals: 'The operator goes slower and tries again.',
  },
  AWSUnavailable: {
    kind: 'wait',
    means: 'AWS did not answer in time, answered with a server error, or could not be reached.',
    heals: 'Tried again with backoff.',
  },
  ConcurrentChange: {
    kind: 'wait',
    means: 'AWS is busy with another change of the same resource.',
    heals: 'Tried again with backoff.',
  },
  Propagating: {
    kind: 'wait',
    means: 'What was just made is not visible everywhere in AWS yet (IAM takes about a minute, KMS five).',
    heals: 'Read again until it is visible.',
  },
  DependencyNotReady: {
    kind: 'wait',
    means: 'Another part comes first; the message names it.',
    heals: 'It goes on when that part is ready: see the condition of that part.',
  },
  AccessDenied: {
    kind: 'stall',
    waitsFirst: '2 minutes',
    means: 'IAM refused a call of the operator.',
    heals: 'Add the statement in the message to the policy of the role that the operator acts as.',
  },
  NotOwned: {
    kind: 'stall',
    means: "The name exists in AWS without this monitor's mark, and what is not marked is never changed.",
    heals:
      'Rename the entry (or set another awsName), remove what exists in AWS, or let it be taken with adoptionPolicy.',
  },
  OwnedByAnotherMonitor: {
    kind: 'stall',
    means: 'The name carries the mark of another monitor of this cluster; the message names it.',
    heals: 'Rename the entry here or there.',
  },
  OwnedByAnotherCluster: {
    kind: 'stall',
    means: 'The name carries the mark of a monitor of another cluster; the message names it.',
    heals:
      'Rename the entry here or there. After a move to a new cluster, start the operator with the old --cluster-name.',
  },
  RejectedByAWS: {
    kind: 'stall',
    means: 'AWS refused a value; its words are in the message.',
    heals: 'Correct the value in the spec.',
  },
  QuotaExceeded: {
    kind: 'stall',
    means: 'A quota of the AWS account is reached; the message names it.',
    heals: 'Ask AWS for more, or declare less.',
  },
  Contended: {
    kind: 'stall',
    means: 'Others undid what the operator put right three times within an hour, and it stopped.',
    heals:
      'Find who changes it (CloudTrail tells), or leave the field to them with driftPolicy. It goes on after an edit of the spec or a new value of the annotation bedrockmonitor.io/reconcile-requested-at.',
  },
  UnsupportedField: {
    kind: 'stall',
    means: 'The custom resource definition is newer than the operator: it let in what this operator does not know.',
    heals: 'Upgrade the operator. What the entry made in AWS before is left alone.',
  },
} as const satisfies Record<string, ReasonText>;
