import type { Dependency } from '#src/domain/dependencies.ts';
import type { Trouble } from '#src/domain/result.ts';
import { keyUse } from '../permission.ts';
import { parseDocument } from '../policy-document.ts';
import type { Inspection } from './inspection.ts';
import { stalled } from './inspection.ts';
import { admits } from './policy-match.ts';

/**
 * By the state of a key that cannot be used ("Key states of AWS KMS keys", KMS developer guide). Those that pass by
 * themselves, such as Updating, have none.
 */
const remedies: Partial<Record<string, string>> = {
  Disabled: 'Enable it (aws kms enable-key --key-id KEY), or name another',
  PendingDeletion:
    'Keep it (aws kms cancel-key-deletion --key-id KEY, then aws kms enable-key --key-id KEY), or name another',
  PendingImport: 'Import its key material, or name another',
  Unavailable: 'Connect its key store, or name another',
};

/** The key exists, is enabled and symmetric, and its policy lets CloudWatch Logs use it. */
export async function checkKey(
  { session, read }: Inspection,
  { arn, logGroup }: Dependency & { kind: 'KMSKey' },
  signal: AbortSignal,
): Promise<Trouble | undefined> {
  const { place } = session;
  const what = `log group ${logGroup}: CloudWatch Logs cannot use key ${arn}`;
  const key = await read('kms:DescribeKey', arn, { KeyId: arn }, signal);
  if (key === 'Absent') return stalled('KMSKeyNotUsable', `${what}: it does not exist. Correct logGroup.kmsKeyARN`);
  if (typeof key === 'string') return undefined;
  const { KeyState, KeySpec } = key.answer.KeyMetadata ?? {};
  const remedy = KeyState && remedies[KeyState];
  if (remedy !== undefined && remedy !== '') {
    return stalled('KMSKeyNotUsable', `${what}: its state is ${KeyState}. ${remedy.replaceAll('KEY', arn)}`);
  }
  if (KeySpec !== undefined && KeySpec !== 'SYMMETRIC_DEFAULT')
    return stalled('KMSKeyNotUsable', `${what}: it is of spec ${KeySpec}, and must be a symmetric encryption key`);
  const policy = await read('kms:GetKeyPolicy', arn, { KeyId: arn, PolicyName: 'default' }, signal);
  if (typeof policy === 'string') return undefined;
  const document = parseDocument(policy.answer.Policy ?? '{}');
  const service = `logs.${place.region}.amazonaws.com`;
  const group = `arn:${place.partition}:logs:${place.region}:${place.accountID}:log-group:${logGroup}`;
  const context = {
    'kms:EncryptionContext:aws:logs:arn': group,
    'aws:SourceAccount': place.accountID,
    'aws:SourceArn': group,
  };
  // Of its actions the one without which nothing is encrypted.
  const admitted = document && admits(document, { service, action: 'kms:GenerateDataKey' }, context);
  if (admitted !== false) return undefined;
  return stalled(
    'KMSKeyNotUsable',
    `${what}: its policy does not allow that. Add to the key policy: ${keyUse(place, logGroup)}`,
  );
}
