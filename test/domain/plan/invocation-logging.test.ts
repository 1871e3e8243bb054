import { describe, expect, test } from 'vitest';
import { planInvocationLogging } from '#src/domain/plan/invocation-logging.ts';
import { facts, logging, planned, remarks, role, spec } from './given.ts';

const off = {
  textDataDeliveryEnabled: false,
  imageDataDeliveryEnabled: false,
  embeddingDataDeliveryEnabled: false,
  videoDataDeliveryEnabled: false,
  audioDataDeliveryEnabled: false,
};

describe('the logging configuration', () => {
  test('names group and role in AWS’s words, and sends all five flags', () => {
    expect(planned('InvocationLogging', planInvocationLogging(spec({ invocationLogging: logging }), facts()))).toEqual([
      {
        kind: 'InvocationLogging',
        name: 'invocation-logging',
        configuration: {
          cloudWatchConfig: { logGroupName: '/aws/bedrock/production', roleArn: role.arn },
          ...off,
          textDataDeliveryEnabled: true,
        },
      },
    ]);
  });

  test('no data type at all: records without bodies, five times false', () => {
    const given = spec({ invocationLogging: { ...logging, dataTypes: [] } });
    expect(planned('InvocationLogging', planInvocationLogging(given, facts()))[0]?.configuration).toMatchObject(off);
  });

  test.each([
    ['Image', 'imageDataDeliveryEnabled'],
    ['Embedding', 'embeddingDataDeliveryEnabled'],
    ['Video', 'videoDataDeliveryEnabled'],
    ['Audio', 'audioDataDeliveryEnabled'],
  ] as const)('%s is %s', (type, flag) => {
    const given = spec({ invocationLogging: { ...logging, dataTypes: [type] } });
    expect(planned('InvocationLogging', planInvocationLogging(given, facts()))[0]?.configuration).toMatchObject({
      ...off,
      [flag]: true,
    });
  });

  test('large data and S3 carry their prefixes, and no empty ones', () => {
    const given = spec({
      invocationLogging: {
        dataTypes: ['Text'],
        cloudWatchLogs: { ...logging.cloudWatchLogs, largeDataDelivery: { bucket: { name: 'large' } } },
        s3: { bucket: { name: 'records' }, keyPrefix: 'bedrock/records' },
      },
    });
    expect(planned('InvocationLogging', planInvocationLogging(given, facts()))[0]?.configuration).toMatchObject({
      cloudWatchConfig: { largeDataDeliveryS3Config: { bucketName: 'large' } },
      s3Config: { bucketName: 'records', keyPrefix: 'bedrock/records' },
    });
  });

  test('to S3 alone there is no cloudWatchConfig, and nothing to wait for', () => {
    const given = spec({ invocationLogging: { dataTypes: ['Text'], s3: { bucket: { name: 'records' } } } });
    const plan = planInvocationLogging(given, facts());
    expect(planned('InvocationLogging', plan)[0]?.configuration).toEqual({
      s3Config: { bucketName: 'records' },
      ...off,
      textDataDeliveryEnabled: true,
    });
    expect(plan.resources?.[0]?.after).toEqual([]);
  });
});

describe('order', () => {
  test('logging waits for its group', () => {
    expect(planInvocationLogging(spec({ invocationLogging: logging }), facts()).resources?.[0]?.after).toEqual([
      { kind: 'LogGroup', name: '/aws/bedrock/production' },
    ]);
  });

  test('mask before log: with dataProtection it waits for the policy too', () => {
    const given = spec({ invocationLogging: logging, dataProtection: { identifiers: ['Name'] } });
    expect(planInvocationLogging(given, facts()).resources?.[0]?.after).toContainEqual({
      kind: 'DataProtectionPolicy',
      name: '/aws/bedrock/production',
    });
  });
});

describe('what stands in the way', () => {
  test('a role of another account cannot be used by Bedrock: nothing is planned, nothing is taken away', () => {
    const place = { accountID: '444455556666', region: 'us-east-1', partition: 'aws' };
    const plan = planInvocationLogging(spec({ invocationLogging: logging }), facts({ place }));
    expect(remarks(plan)).toEqual(['RoleNotUsable invocationLogging/role']);
    expect(plan.remarks?.[0]?.message).toMatch(/111122223333.*444455556666/);
    expect(plan.keep).toEqual(['Logging']);
    expect(plan.resources).toBeUndefined();
  });

  test.each([
    ['s3', { ...logging, s3: { bucket: { name: 'records' } } }],
    [
      'largeDataDelivery',
      { ...logging, cloudWatchLogs: { ...logging.cloudWatchLogs, largeDataDelivery: { bucket: { name: 'large' } } } },
    ],
  ])('masking beside %s that nobody accepted is never switched on, whatever the CRD let in', (_, invocationLogging) => {
    const given = spec({ invocationLogging, dataProtection: { identifiers: ['Name'] } });
    expect(remarks(planInvocationLogging(given, facts()))).toEqual(['InvalidSpec invocationLogging']);
    const accepted = { ...given, dataProtection: { identifiers: ['Name'], s3Bodies: 'AcceptUnmasked' as const } };
    expect(planned('InvocationLogging', planInvocationLogging(accepted, facts()))).toHaveLength(1);
  });
});
