import { recordsPath, sourceARN } from '#src/domain/bedrock-access.ts';
import type { Dependency } from '#src/domain/dependencies.ts';
import type { Trouble } from '#src/domain/result.ts';
import { bucketDelivery, principalOf } from '../permission.ts';
import { parseDocument } from '../policy-document.ts';
import type { Inspection } from './inspection.ts';
import { stalled } from './inspection.ts';
import { admits } from './policy-match.ts';

/**
 * The bucket exists in the Region, takes no ACLs, and its policy lets Bedrock write. AWS attaches that statement by
 * itself when the configuration is put, if the caller may: only where it may not is the missing statement a fault. A
 * bucket of another account cannot be told from one that may not be read: the Put's answer tells.
 */
export async function checkBucket(
  inspection: Inspection,
  { name, keyPrefix }: Dependency & { kind: 'Bucket' },
  signal: AbortSignal,
): Promise<Trouble | undefined> {
  const { place } = inspection.session;
  const input = { Bucket: name, ExpectedBucketOwner: place.accountID };
  const arn = `arn:${place.partition}:s3:::${name}`;
  const ownership = await inspection.read('s3:GetBucketOwnershipControls', arn, input, signal);
  const what = `Bedrock cannot deliver to bucket ${name}`;
  if (ownership === 'NoBucket') {
    return stalled('BucketNotUsable', `${what}: it does not exist. Create it in ${place.region}, or name another`);
  }
  if (ownership === 'Elsewhere') {
    const message = `${what}: it is in another Region, and must be in ${place.region}. Name a bucket of that Region`;
    return stalled('BucketNotUsable', message);
  }
  if (typeof ownership !== 'string') {
    const rule = ownership.answer.OwnershipControls?.Rules?.[0]?.ObjectOwnership;
    if (rule !== undefined && rule !== 'BucketOwnerEnforced') {
      const command = `aws s3api put-bucket-ownership-controls --bucket ${name} --ownership-controls 'Rules=[{ObjectOwnership=BucketOwnerEnforced}]'`;
      return stalled('BucketNotUsable', `${what}: it has ACLs (${rule}). Switch them off: ${command}`);
    }
  }
  const policy = await inspection.read('s3:GetBucketPolicy', arn, input, signal);
  if (policy === 'Unknown' || policy === 'NoBucket' || policy === 'Elsewhere') return undefined;
  const document = policy === 'Absent' ? {} : parseDocument(policy.answer.Policy ?? '{}');
  const path = recordsPath(place, name, keyPrefix);
  const asBedrock = { 'aws:SourceAccount': place.accountID, 'aws:SourceArn': sourceARN(place) };
  const admitted =
    document &&
    admits(document, { service: 'bedrock.amazonaws.com', action: 's3:PutObject', resource: path }, asBedrock);
  if (admitted !== false || !(await mayNotAttach(inspection, arn, signal))) return undefined;
  return stalled(
    'BucketNotUsable',
    `${what}: its policy does not let Bedrock write. Add to the bucket policy: ${bucketDelivery(place, name, keyPrefix)}`,
  );
}

/** Whether IAM says that we may not change bucket policies; where it does not tell, the Put does. */
async function mayNotAttach(inspection: Inspection, bucketARN: string, signal: AbortSignal): Promise<boolean> {
  const PolicySourceArn = principalOf(inspection.identityARN);
  const input = { PolicySourceArn, ActionNames: ['s3:PutBucketPolicy'], ResourceArns: [bucketARN] };
  const simulated = await inspection.read('iam:SimulatePrincipalPolicy', PolicySourceArn, input, signal);
  if (typeof simulated === 'string') return false;
  return (simulated.answer.EvaluationResults ?? []).some(({ EvalDecision }) => EvalDecision !== 'allowed');
}
