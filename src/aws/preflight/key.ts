import { sourceARN } from '#src/domain/bedrock-access.ts';
import type { Dependency } from '#src/domain/dependencies.ts';
import type { Place } from '#src/domain/owner.ts';
import type { Trouble } from '#src/domain/result.ts';
import { bucketKeyUse, keyUse } from '../permission.ts';
import { parseDocument } from '../policy-document.ts';
import type { Inspection } from './inspection.ts';
import { stalled } from './inspection.ts';
import type { Context } from './policy-match.ts';
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

/** Who uses a key, and what its policy must say for that. */
interface Use {
  readonly what: string;
  readonly service: string;
  readonly context: Context;
  /** The field of the spec that names the key. */
  readonly field: string;
  readonly statement: string;
}

/** The key exists, is enabled and symmetric, and its policy lets its user use it: CloudWatch Logs, or Bedrock for a bucket. */
export async function checkKey(
  { session, read }: Inspection,
  dependency: Dependency & { kind: 'KMSKey' | 'BucketKey' },
  signal: AbortSignal,
): Promise<Trouble | undefined> {
  const { arn } = dependency;
  const { what, service, context, field, statement } =
    dependency.kind === 'KMSKey' ? byLogs(session.place, dependency) : byBedrock(session.place, dependency);
  const key = await read('kms:DescribeKey', arn, { KeyId: arn }, signal);
  if (key === 'Absent') return stalled('KMSKeyNotUsable', `${what}: it does not exist. Correct ${field}`);
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
  // Of its actions the one without which nothing is encrypted.
  const admitted = document && admits(document, { service, action: 'kms:GenerateDataKey' }, context);
  if (admitted !== false) return undefined;
  return stalled('KMSKeyNotUsable', `${what}: its policy does not allow that. Add to the key policy: ${statement}`);
}

function byLogs(place: Place, { arn, logGroup }: Dependency & { kind: 'KMSKey' }): Use {
  const group = `arn:${place.partition}:logs:${place.region}:${place.accountID}:log-group:${logGroup}`;
  return {
    what: `log group ${logGroup}: CloudWatch Logs cannot use key ${arn}`,
    service: `logs.${place.region}.amazonaws.com`,
    context: {
      'kms:EncryptionContext:aws:logs:arn': group,
      'aws:SourceAccount': place.accountID,
      'aws:SourceArn': group,
    },
    field: 'logGroup.kmsKeyARN',
    statement: keyUse(place, logGroup),
  };
}

function byBedrock(place: Place, { arn, bucket }: Dependency & { kind: 'BucketKey' }): Use {
  return {
    what: `bucket ${bucket}: Bedrock cannot use key ${arn}`,
    service: 'bedrock.amazonaws.com',
    context: { 'aws:SourceAccount': place.accountID, 'aws:SourceArn': sourceARN(place) },
    field: 'bucket.create.kmsKeyARN',
    statement: bucketKeyUse(place),
  };
}
