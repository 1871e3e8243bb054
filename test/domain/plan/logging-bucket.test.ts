import { describe, expect, test } from 'vitest';
import type { InvocationLoggingSpec } from '#src/api/v1alpha1.ts';
import { dependenciesOf } from '#src/domain/dependencies.ts';
import { planLoggingBuckets } from '#src/domain/plan/logging-bucket.ts';
import { plan } from '#src/domain/plan.ts';
import { facts, logging, planned, remarks, spec } from './given.ts';

type Destination = NonNullable<InvocationLoggingSpec['s3']>;

const given = facts({ features: new Set(['LoggingBucket']) });
const derived = 'bedrock-logging-111122223333-us-east-1';
const folder = 'AWSLogs/111122223333/BedrockModelInvocationLogs/';
const key = 'arn:aws:kms:us-east-1:111122223333:key/k';

function asking(large: Destination | undefined, whole?: Destination, retentionInDays?: number | 'NeverExpire') {
  const { cloudWatchLogs, dataTypes } = logging;
  const logGroup = { ...cloudWatchLogs.logGroup, ...(retentionInDays !== undefined && { retentionInDays }) };
  return spec({
    invocationLogging: {
      dataTypes,
      cloudWatchLogs: { ...cloudWatchLogs, logGroup, ...(large !== undefined && { largeDataDelivery: large }) },
      ...(whole !== undefined && { s3: whole }),
    },
  });
}
const buckets = (...of: Parameters<typeof asking>) =>
  planned('LoggingBucket', planLoggingBuckets(asking(...of), given));

describe('the buckets that Bedrock delivers to', () => {
  test('{} gives the console’s name, a private bucket, and a statement for this account’s records only', () => {
    expect(buckets({ bucket: { create: {} } })).toEqual([
      {
        kind: 'LoggingBucket',
        name: derived,
        folders: [folder],
        delivery: {
          Sid: 'BedrockMonitorDelivery',
          Effect: 'Allow',
          Principal: { Service: 'bedrock.amazonaws.com' },
          Action: 's3:PutObject',
          Resource: `arn:aws:s3:::${derived}/${folder}*`,
          Condition: {
            StringEquals: { 'aws:SourceAccount': '111122223333' },
            ArnLike: { 'aws:SourceArn': 'arn:aws:bedrock:us-east-1:111122223333:*' },
          },
        },
        objectOwnership: 'BucketOwnerEnforced',
        publicAccess: 'Blocked',
        tags: { 'bedrockmonitor.io/cluster': 'test', 'bedrockmonitor.io/monitor': 'genai/production' },
      },
    ]);
  });

  test.each([
    ['as written', { expirationInDays: 7 }, 30, [7, undefined]],
    ['else at least as the log group, if its retention is written', {}, 30, [undefined, 30]],
    ['for ever with the log group', {}, 'NeverExpire', [undefined, 'NeverExpire']],
    ['else what AWS has, or the default of a new bucket', {}, undefined, [undefined, undefined]],
  ] as const)('objects expire %s', (_, create, retention, expected) => {
    const [made] = buckets({ bucket: { create } }, undefined, retention);
    expect([made?.expirationInDays, made?.leastExpiration]).toEqual(expected);
  });

  test('two places in one bucket are one bucket that admits both', () => {
    const both = buckets({ bucket: { create: {} }, keyPrefix: 'large' }, { bucket: { create: {} }, keyPrefix: 'all' });
    expect(both).toMatchObject([
      {
        name: derived,
        folders: [`all/${folder}`, `large/${folder}`],
        delivery: { Resource: [`arn:aws:s3:::${derived}/all/${folder}*`, `arn:aws:s3:::${derived}/large/${folder}*`] },
      },
    ]);
  });

  test('a bucket that is made for one place and named for the other admits both', () => {
    const both = buckets({ bucket: { create: {} } }, { bucket: { name: derived }, keyPrefix: 'all' });
    expect(both[0]?.folders).toEqual([folder, `all/${folder}`]);
    const whole = plan(asking({ bucket: { create: {} } }, { bucket: { name: derived }, keyPrefix: 'all' }), given);
    expect(dependenciesOf(asking(undefined, { bucket: { name: derived } }), whole)).not.toContainEqual(
      expect.objectContaining({ kind: 'Bucket' }),
    );
  });

  test('two names are two buckets', () => {
    const both = buckets({ bucket: { create: { name: 'large' } } }, { bucket: { create: { kmsKeyARN: key } } });
    expect(both.map(({ name, kmsKeyARN }) => [name, kmsKeyARN])).toEqual([
      ['large', undefined],
      [derived, key],
    ]);
  });

  test('a derived name that is written for the other, with other settings, is refused where the account is known', () => {
    const given2 = asking({ bucket: { create: { name: derived } } }, { bucket: { create: { expirationInDays: 3 } } });
    const whole = plan(given2, given);
    expect(remarks(whole)).toEqual(['InvalidSpec invocationLogging/s3/bucket']);
    expect(planned('LoggingBucket', whole)).toEqual([]);
    expect(planned('InvocationLogging', whole)).toEqual([]);
  });

  test('logging names it and waits for it; its key is looked at beforehand, and the bucket is not', () => {
    const asked = asking({ bucket: { create: { kmsKeyARN: key } }, keyPrefix: 'large' });
    const whole = plan(asked, given);
    expect(planned('InvocationLogging', whole)[0]?.configuration).toMatchObject({
      cloudWatchConfig: { largeDataDeliveryS3Config: { bucketName: derived, keyPrefix: 'large' } },
    });
    const after = whole.resources.find(({ resource }) => resource.kind === 'InvocationLogging')?.after;
    expect(after).toContainEqual({ kind: 'LoggingBucket', name: derived });
    expect(dependenciesOf(asked, whole).map(({ kind }) => kind)).toEqual(['LoggingRole', 'BucketKey']);
  });

  test('where the platform did not switch it on: said once, and nothing is pruned', () => {
    const whole = plan(asking({ bucket: { create: {} } }), facts({ features: new Set(['LoggingRole']) }));
    expect(remarks(whole)).toEqual(['FeatureDisabled invocationLogging/largeDataDelivery/bucket']);
    expect(whole.remarks[0]?.message).toContain('--features=LoggingBucket');
    expect(planned('InvocationLogging', whole)).toEqual([]);
    expect(whole.keep).toContain('Logging');
  });

  test('buckets that exist are not planned', () => {
    expect(buckets({ bucket: { name: 'large' } }, { bucket: { name: 'records' } })).toEqual([]);
  });
});
