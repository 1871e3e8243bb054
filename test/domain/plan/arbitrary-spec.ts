import * as fc from 'fast-check';
import type { AlarmEntry, BedrockMonitorSpec, DashboardEntry, SavedQueryEntry } from '#src/api/v1alpha1.ts';

const label = fc.stringMatching(/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/);
const profile = 'arn:aws:bedrock:us-east-1:111122223333:application-inference-profile';
const model = fc.oneof(
  fc.stringMatching(/^[a-z]{2,12}\.[a-z0-9-]{1,100}:0$/),
  fc.stringMatching(/^[a-z0-9]{12}$/).map((id) => `${profile}/${id}`),
);
const models = fc.uniqueArray(model, { maxLength: 6, size: 'max' });
const ownTopic = fc.stringMatching(/^[A-Za-z0-9_-]{1,40}$/).map((name) => `arn:aws:sns:us-east-1:111122223333:${name}`);
const action = fc.oneof(
  { weight: 12, arbitrary: ownTopic },
  { weight: 1, arbitrary: fc.constant('arn:aws:sns:us-east-1:999988887777:foreign') },
);
const actions = fc.uniqueArray(action, { maxLength: 5 });
const severity = fc.constantFrom('Critical', 'Warning', 'Info');
const threshold = fc.double({ noNaN: true, noDefaultInfinity: true });
const awsName = fc.constantFrom('x', 'y');
const printable = (maxLength: number): fc.Arbitrary<string> => fc.string({ minLength: 1, maxLength });
const listOf = <T extends { readonly name: string }>(entry: fc.Arbitrary<T>, maxLength: number): fc.Arbitrary<T[]> =>
  fc.uniqueArray(entry, { selector: ({ name }) => name, maxLength, size: 'max' });

const presetAlarm = fc.record(
  {
    preset: fc.constantFrom(
      'Throttling',
      'ServerErrors',
      'ClientErrors',
      'LegacyModel',
      'ErrorRate',
      'LatencyP99',
      'TimeToFirstToken',
    ),
    errorRate: fc.record(
      {
        include: fc.subarray<'ServerErrors' | 'ClientErrors' | 'Throttles'>(
          ['ServerErrors', 'ClientErrors', 'Throttles'],
          { minLength: 1 },
        ),
        minimumInvocations: fc.nat(1_000_000),
      },
      { requiredKeys: [] },
    ),
    threshold,
  },
  { requiredKeys: ['preset'] },
);

const metricAlarm = fc.record(
  {
    metric: fc.record(
      {
        name: fc.constantFrom('Invocations', 'InvocationLatency', 'OutputImageCount'),
        statistic: fc.constantFrom('Sum', 'p99', 'PR(:5000)'),
        dimensions: fc.dictionary(fc.constantFrom('team', 'stage'), label, { maxKeys: 2 }),
      },
      { requiredKeys: ['name', 'statistic'] },
    ),
    threshold,
    comparisonOperator: fc.constantFrom('GreaterThanThreshold', 'LessThanOrEqualToThreshold'),
  },
  { requiredKeys: ['metric', 'threshold'] },
);

const anyAlarm = fc.record(
  {
    name: label,
    period: fc.constantFrom('1m', '5m', '1h', '1h30m', '24h'),
    evaluationPeriods: fc.oneof(fc.integer({ min: 3, max: 10 }), fc.integer({ min: 1, max: 1440 })),
    datapointsToAlarm: fc.integer({ min: 1, max: 3 }),
    severity,
    models,
    alarmActions: actions,
    okActions: actions,
    actionsEnabled: fc.boolean(),
    description: printable(512),
    runbookURL: fc.stringMatching(/^https:\/\/[!-~]{1,248}$/),
    awsName,
  },
  { requiredKeys: ['name'] },
);

const alarm: fc.Arbitrary<AlarmEntry> = fc
  .tuple(fc.oneof(presetAlarm, metricAlarm), anyAlarm)
  .map(([watched, rest]) => ({ ...watched, ...rest }));

const dashboard: fc.Arbitrary<DashboardEntry> = fc.oneof(
  fc.record({ name: label, preset: fc.constant('Overview'), models, awsName }, { requiredKeys: ['name', 'preset'] }),
  fc.record(
    { name: label, body: fc.constantFrom('{"widgets": []}', 'not JSON'), awsName },
    { requiredKeys: ['name', 'body'] },
  ),
);

const logGroupNames = fc.subarray(['/b', '/a'], { minLength: 1 });
const savedQuery: fc.Arbitrary<SavedQueryEntry> = fc.oneof(
  fc.record(
    {
      name: label,
      preset: fc.constantFrom('LatestInvocations', 'PromptPatterns', 'TokensByModel', 'Errors'),
      logGroupNames,
      awsName,
    },
    { requiredKeys: ['name', 'preset'] },
  ),
  fc.record(
    {
      name: label,
      queryString: fc.constant('SELECT 1'),
      queryLanguage: fc.constantFrom('SQL', 'PPL'),
      logGroupNames,
      awsName,
    },
    { requiredKeys: ['name', 'queryString'] },
  ),
);

const bucket = fc.record({ bucket: fc.record({ name: fc.constant('records') }) });
const invocationLogging: fc.Arbitrary<NonNullable<BedrockMonitorSpec['invocationLogging']>> = fc.record(
  {
    dataTypes: fc.subarray<'Text' | 'Image' | 'Audio'>(['Text', 'Image', 'Audio']),
    cloudWatchLogs: fc.record({
      logGroup: fc.record({ name: fc.constantFrom('/aws/bedrock', '/aws/bedrock/production') }),
      role: fc.constantFrom('111122223333', '111122223333', '444455556666').map((account) => ({
        arn: `arn:aws:iam::${account}:role/logging`,
      })),
    }),
    s3: bucket,
  },
  { requiredKeys: ['dataTypes'] },
);

const dataProtection: fc.Arbitrary<NonNullable<BedrockMonitorSpec['dataProtection']>> = fc.record(
  {
    identifiers: fc.subarray(['Ssn-US', 'Name', 'Iris-NZ', 'EmailAddress']),
    categories: fc.subarray<'Credentials' | 'Financial' | 'PII'>(['Credentials', 'Financial', 'PII']),
    countries: fc.subarray(['US', 'DE', 'FR']),
    customIdentifiers: fc.constant([{ name: 'MRN', regex: 'MRN-[0-9]{8}' }]),
    s3Bodies: fc.constantFrom('Refuse', 'AcceptUnmasked'),
    findings: fc.constant({ logGroup: { name: '/findings' } }),
  },
  { requiredKeys: [] },
);

const routes = fc.uniqueArray(fc.record({ severity, alarmActions: actions }), { selector: (route) => route.severity });

/** Specs of every shape that the planner meets, and some that only an older CRD would let in. */
export const arbitrarySpec: fc.Arbitrary<BedrockMonitorSpec> = fc.record(
  {
    region: fc.constant('us-east-1'),
    tags: fc.dictionary(label, label, { maxKeys: 3 }),
    models,
    invocationLogging,
    dataProtection,
    notifications: fc.record({ routes }),
    alarms: listOf(alarm, 12),
    dashboards: listOf(dashboard, 4),
    savedQueries: listOf(savedQuery, 6),
  },
  { requiredKeys: ['region'] },
);
