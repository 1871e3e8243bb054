import type { BedrockMonitorStatus } from '#src/api/v1alpha1.ts';
import type { Findings } from './conclude.ts';
import { isoSeconds } from './conditions.ts';
import { textOf } from './json.ts';
import { deidentified } from './masking.ts';

type MaskingStatus = NonNullable<BedrockMonitorStatus['dataProtection']>;

/**
 * MASKING for people. `LogsOnly`: masked in the log group, while S3 receives bodies that are not. Absent for a monitor
 * without the claim. `since` is when masking was first read back in force, or first seen not to be, and stays while
 * that holds: the time that failing masking is given counts from it.
 */
export function maskingStatus(findings: Findings, before: MaskingStatus | undefined): MaskingStatus | undefined {
  const { plan, results, now, logging } = findings;
  const policy = plan.resources.find(({ resource }) => resource.kind === 'DataProtectionPolicy')?.resource;
  if (policy?.kind !== 'DataProtectionPolicy' || logging?.state === undefined) return undefined;
  const result = results.find(({ ref }) => ref.kind === 'DataProtectionPolicy');
  const inForce = result?.state === 'InSync' || result?.inForce === true;
  // The group was not looked at.
  if (logging.state === 'Unknown' && !inForce) return before;
  const unmaskedInS3 = plan.remarks.some(({ reason }) => reason === 'MaskedInLogGroupOnly');
  const outOfForce = result?.trouble?.kind === 'stall' ? 'Failed' : 'Pending';
  const asBefore = isInForce(before) === inForce && result?.action !== 'created';
  const seen = result?.observed?.kind === 'DataProtectionPolicy' ? result.observed : undefined;
  const accountPolicyName = seen === undefined ? before?.accountPolicyName : seen.accountPolicyName;
  return {
    state: inForce ? (unmaskedInS3 ? 'LogsOnly' : 'Active') : outOfForce,
    since: (asBefore ? before?.since : undefined) ?? isoSeconds(now),
    identifiers: deidentified(policy.document).size,
    policyName: textOf(policy.document['Name']) ?? '',
    ...(accountPolicyName !== undefined && { accountPolicyName }),
  };
}

/** Undefined where nothing is known. */
export function isInForce(masking: MaskingStatus | undefined): boolean | undefined {
  return masking && (masking.state === 'Active' || masking.state === 'LogsOnly');
}
