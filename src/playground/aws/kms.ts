import { invalidParameter } from './errors.ts';
import type { Scope } from './operation.ts';

/**
 * The key must exist in the Region, be symmetric and enabled, and its policy must admit
 * `logs.<region>.amazonaws.com`. CloudWatch Logs answers InvalidParameterException otherwise.
 */
export function requireUsableKey(arn: string, scope: Scope): void {
  if (!/^arn:[^:]+:kms:[^:]+:[0-9]{12}:key\/.+$/.test(arn)) {
    throw invalidParameter(`The specified KMS key identifier is not an ARN of a key: ${arn}`);
  }
  // Keys of other accounts may be used, those of other Regions not.
  const key = [...scope.world.accounts.values()]
    .map((account) => account.regions.get(scope.region.name)?.keys.get(arn))
    .find((one) => one !== undefined);
  if (!key) throw invalidParameter('The specified KMS Key Id could not be found.');
  if (!key.enabled) throw invalidParameter(`The specified KMS key is disabled: ${arn}`);
  if (key.pendingDeletion) throw invalidParameter(`The specified KMS key is pending deletion: ${arn}`);
  if (!key.symmetric) throw invalidParameter(`The specified KMS key is not a symmetric encryption key: ${arn}`);
  if (!key.allowsLogs) {
    throw invalidParameter(`The specified KMS key does not allow CloudWatch Logs to use it: ${arn}`);
  }
}
