import type { BedrockMonitorStatus } from '#src/api/v1alpha1.ts';
import type { Findings } from './conclude.ts';
import { isoSeconds } from './conditions.ts';
import { textOf } from './json.ts';
import { deidentified } from './masking.ts';

type MaskingStatus = NonNullable<BedrockMonitorStatus['dataProtection']>;

/**
 * MASKING for people. `LogsOnly`: masked in the log group, while S3 receives bodies that are not. Absent for a monitor
 * without the claim. `since` is when the masking was first read back in force, and stays while it is.
 */
export function maskingStatus(findings: Findings, before: MaskingStatus | undefined): MaskingStatus | undefined {
  const { plan, results, now } = findings;
  const policy = plan.resources.find(({ resource }) => resource.kind === 'DataProtectionPolicy')?.resource;
  if (policy?.kind !== 'DataProtectionPolicy' || findings.logging?.state === undefined) return undefined;
  const result = results.find(({ ref }) => ref.kind === 'DataProtectionPolicy');
  const unmaskedInS3 = plan.remarks.some(({ reason }) => reason === 'MaskedInLogGroupOnly');
  const facts = { identifiers: deidentified(policy.document).size, policyName: textOf(policy.document['Name']) ?? '' };
  if (result?.state === 'InSync') {
    const was = before?.state === 'Active' || before?.state === 'LogsOnly' ? before.since : undefined;
    return { state: unmaskedInS3 ? 'LogsOnly' : 'Active', since: was ?? isoSeconds(now), ...facts };
  }
  return { state: result?.trouble?.kind === 'stall' ? 'Failed' : 'Pending', ...facts };
}
