import type { ReasonText } from './reason.ts';

/** Reasons of LoggingConfigured; Conflict is of DataProtected as well. */
export const logging = {
  Conflict: {
    kind: 'stall',
    means:
      'Another monitor holds the logging configuration (or the sink) of this account and Region; the message names it and since when.',
    heals:
      'Remove invocationLogging (or crossAccount.sink) here or there. The oldest monitor that asks gets it when it is free.',
  },
  ForeignConfiguration: {
    kind: 'stall',
    means: 'AWS holds a logging configuration that no monitor wrote, and what nobody declared here is not overwritten.',
    heals:
      'Set adoptionPolicy.invocationLogging: Always to take over (what is found is saved and can be put back), or switch it off in AWS.',
  },
  WaitingForMasking: {
    kind: 'wait',
    means: 'Logging stays off until the masking policy is read back in force.',
    heals: 'See DataProtected.',
  },
  RoleNotUsable: {
    kind: 'stall',
    waitsFirst: '2 minutes',
    means: 'Bedrock cannot use the role: it is missing, does not trust Bedrock, or lacks a permission.',
    heals: 'Correct the role with the statement in the message.',
  },
  LogGroupNotFound: {
    kind: 'stall',
    means: 'A log group that is declared Unmanaged does not exist.',
    heals: 'Create it, or set management: Managed.',
  },
  LogGroupClassDiffers: {
    kind: 'stall',
    means: 'The log group exists in another class than declared, and AWS cannot change it.',
    heals: 'Correct class, or give the log group a new name.',
  },
  KMSKeyNotUsable: {
    kind: 'stall',
    means:
      'The KMS key is missing or disabled, or its policy does not let CloudWatch Logs (of a bucket: Bedrock) use it.',
    heals: 'Correct the key or its policy as the message says.',
  },
  BucketNotUsable: {
    kind: 'stall',
    means: 'The bucket is missing, of another account or Region, has ACLs, or lacks the statement for Bedrock.',
    heals: 'Correct the bucket as the message says.',
  },
  FeatureDisabled: {
    kind: 'stall',
    means: 'The spec asks for a role or a bucket to be made, and the operator was started without that feature.',
    heals:
      'Name one that exists, or have the platform team start the operator with the flag in the message and give it the IAM policy named there.',
  },
  MaskingRetained: {
    kind: 'note',
    means:
      'Masking left the spec with deletionPolicy.dataProtection: Delete, and stays in force: Bedrock still delivers to the log group.',
    heals: 'It goes once no logging configuration names the group, or by hand with the command in the message.',
  },
  RetentionOverridden: {
    kind: 'note',
    means: 'A retention policy of the AWS account wins over the retention of the log group; the message says which.',
    heals: "Nothing to do here; the account policy is not this monitor's.",
  },
} as const satisfies Record<string, ReasonText>;
