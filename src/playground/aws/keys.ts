import type { JsonObject } from '#src/domain/json.ts';
import { AwsError } from './errors.ts';
import { text } from './members.ts';
import type { Operation, Scope } from './operation.ts';
import type { KmsKey } from './state.ts';

const describeKey: Operation = {
  service: 'kms',
  name: 'DescribeKey',
  mutates: false,
  permissions: (input) => [{ action: 'kms:DescribeKey', resource: text(input, 'KeyId') ?? '*' }],
  run(input, scope) {
    const key = keyIn(input, scope);
    return {
      KeyMetadata: {
        KeyId: key.arn.split('/')[1] ?? '',
        Arn: key.arn,
        Enabled: key.enabled && !key.pendingDeletion,
        KeyState: key.pendingDeletion ? 'PendingDeletion' : key.enabled ? 'Enabled' : 'Disabled',
        KeySpec: key.symmetric ? 'SYMMETRIC_DEFAULT' : 'RSA_2048',
        KeyUsage: 'ENCRYPT_DECRYPT',
      },
    };
  },
};

const getKeyPolicy: Operation = {
  service: 'kms',
  name: 'GetKeyPolicy',
  mutates: false,
  permissions: (input) => [{ action: 'kms:GetKeyPolicy', resource: text(input, 'KeyId') ?? '*' }],
  run(input, scope) {
    const key = keyIn(input, scope);
    const [, partition, , region, account] = key.arn.split(':');
    const root = {
      Effect: 'Allow',
      Principal: { AWS: `arn:${partition}:iam::${account}:root` },
      Action: 'kms:*',
      Resource: '*',
    };
    const logs = {
      Effect: 'Allow',
      Principal: { Service: `logs.${region}.amazonaws.com` },
      Action: ['kms:Encrypt*', 'kms:Decrypt*', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
      Resource: '*',
    };
    const bedrock = {
      Effect: 'Allow',
      Principal: { Service: 'bedrock.amazonaws.com' },
      Action: 'kms:GenerateDataKey',
      Resource: '*',
      Condition: {
        StringEquals: { 'aws:SourceAccount': account },
        ArnLike: { 'aws:SourceArn': `arn:${partition}:bedrock:${region}:${account}:*` },
      },
    };
    const Statement = [root, ...(key.allowsLogs ? [logs] : []), ...(key.allowsBedrock ? [bedrock] : [])];
    return { Policy: JSON.stringify({ Version: '2012-10-17', Statement }) };
  },
};

export const keyOperations: readonly Operation[] = [describeKey, getKeyPolicy];

function keyIn(input: JsonObject, scope: Scope): KmsKey {
  const id = text(input, 'KeyId') ?? '';
  const key = scope.region.keys.get(id);
  if (key) return key;
  // A key of another account is not the caller's to read, whether or not it is there.
  if (id.split(':')[4] !== scope.account.id) {
    throw new AwsError(
      'AccessDeniedException',
      `User: ${scope.caller.arn} is not authorized to perform: kms:DescribeKey on this resource`,
    );
  }
  throw new AwsError('NotFoundException', `Key '${id}' does not exist`);
}
