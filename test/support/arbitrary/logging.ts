import * as fc from 'fast-check';
import { CATEGORIES } from '#src/api/schema/data-protection.ts';
import { DATA_TYPES } from '#src/api/schema/invocation-logging.ts';
import { RETENTION_DAYS } from '#src/api/schema/log-group.ts';
import type { DataProtectionSpec, InvocationLoggingSpec } from '#src/api/v1alpha1.ts';
import { masksNothing } from '#src/domain/plan/data-protection-policy.ts';
import { some } from './entries.ts';
import { attachments } from './log-attachments.ts';
import { surroundings } from './surroundings.ts';

type LogGroupSpec = NonNullable<InvocationLoggingSpec['cloudWatchLogs']>['logGroup'];

const retentionInDays = fc.constantFrom(...RETENTION_DAYS, 'NeverExpire' as const);
const settings = some({
  retentionInDays,
  deletionProtection: fc.constantFrom('Enabled' as const, 'Disabled' as const),
  kmsKeyARN: fc.constant(surroundings.logsKeyARN),
});

/** Of one name always of one class, which AWS cannot change. */
const groups = (standard: readonly string[], infrequent: string, unmanaged: string): fc.Arbitrary<LogGroupSpec> =>
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc
        .tuple(
          some(
            { name: fc.constantFrom(...standard), management: fc.constant('Managed'), class: fc.constant('Standard') },
            'name',
          ),
          settings,
        )
        .map(([named, set]): LogGroupSpec => ({ ...named, ...set })),
    },
    {
      weight: 1,
      arbitrary: settings.map((set): LogGroupSpec => ({ name: infrequent, class: 'InfrequentAccess', ...set })),
    },
    { weight: 1, arbitrary: fc.constant({ name: unmanaged, management: 'Unmanaged' as const }) },
  );

const logGroup = groups(['/aws/bedrock', '/aws/bedrock/other'], '/aws/bedrock/archive', surroundings.unmanagedGroup);

const role = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ arn: surroundings.deliveryRoleARN }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      { create: {} },
      { create: { permissionsBoundaryARN: surroundings.boundaryARN } },
      // AWS cannot change the path of a role: one for one name.
      { create: { name: 'BedrockWrites', path: '/bedrockmonitor/made/' } },
    ),
  },
);

const keyPrefix = fc.constantFrom('records', 'a/b');
/** Both destinations may make the bucket with the derived name: then with the same settings. */
const s3 = (name: string) =>
  fc.oneof(
    { weight: 3, arbitrary: some({ bucket: fc.constant({ name }), keyPrefix }, 'bucket') },
    {
      weight: 1,
      arbitrary: some(
        {
          bucket: fc.constantFrom(
            { create: {} },
            { create: { name: `${name}-made`, kmsKeyARN: surroundings.bucketKeyARN } },
            { create: { name: `${name}-made`, expirationInDays: 30 } },
          ),
          keyPrefix,
        },
        'bucket',
      ),
    },
  );

const cloudWatchLogs: fc.Arbitrary<NonNullable<InvocationLoggingSpec['cloudWatchLogs']>> = fc
  .tuple(
    some({ logGroup, role, largeDataDelivery: s3(surroundings.buckets[1]) }, 'logGroup', 'role'),
    fc.oneof({ weight: 2, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: attachments }),
  )
  .map(([logs, attached]) => ({ ...logs, ...(logs.logGroup.class !== 'InfrequentAccess' && attached) }));

const rest = some(
  {
    dataTypes: fc.subarray([...DATA_TYPES]),
    s3: s3(surroundings.buckets[0]),
    deliveryAlarm: fc.constantFrom('Enabled' as const, 'Disabled' as const),
  },
  'dataTypes',
);

/** With a log group, mostly. */
export const invocationLogging: fc.Arbitrary<InvocationLoggingSpec> = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(rest, cloudWatchLogs).map(([one, logs]) => ({ ...one, cloudWatchLogs: logs })) },
  {
    weight: 1,
    arbitrary: fc.tuple(rest, s3(surroundings.buckets[0])).map(([one, destination]) => ({ ...one, s3: destination })),
  },
);

const findings = some({
  logGroup: groups(['/aws/bedrock/findings'], '/aws/bedrock/old-findings', surroundings.unmanagedFindings),
  s3: fc.constant({ bucketName: surroundings.buckets[2] }),
  firehose: fc.constant({ deliveryStreamName: surroundings.deliveryStream }),
});

/** For a spec with a log group; what it says of S3 may have to be fitted. */
export const dataProtection: fc.Arbitrary<DataProtectionSpec> = some(
  {
    identifiers: fc.subarray(['EmailAddress', 'IpAddress', 'Ssn-US'], { minLength: 1 }),
    categories: fc.subarray([...CATEGORIES], { minLength: 1 }),
    countries: fc.subarray(['US', 'DE'], { minLength: 1 }),
    customIdentifiers: fc.constant([{ name: 'MRN', regex: 'MRN-[0-9]{8}' }]),
    s3Bodies: fc.constantFrom('AcceptUnmasked' as const, 'Refuse' as const),
    onFailure: fc.constantFrom('StopLogging' as const, 'KeepLogging' as const),
    findings,
  },
  'categories',
).filter((one) => masksNothing(one) === undefined);
