import * as fc from 'fast-check';
import { DASHBOARD_PRESETS } from '#src/api/schema/dashboards.ts';
import { QUERY_PRESETS } from '#src/api/schema/saved-queries.ts';
import type { AlarmEntry, BedrockMonitorSpec, DashboardEntry, SavedQueryEntry } from '#src/api/v1alpha1.ts';
import { furtherAlarmForms } from '#test/support/arbitrary/alarms.ts';
import { composed, composition } from '#test/support/arbitrary/composition.ts';

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
  .tuple(fc.oneof(presetAlarm, metricAlarm, furtherAlarmForms), anyAlarm)
  .map(([watched, rest]): AlarmEntry => ({ ...watched, ...rest }));

const accountIDs = fc.uniqueArray(
  fc.integer({ min: 1, max: 20 }).map((n) => `${111122223333 + n}`),
  { maxLength: 20, size: 'max' },
);
const widgets = fc.array(
  fc.record(
    {
      type: fc.constant('text' as const),
      width: fc.integer({ min: 1, max: 24 }),
      height: fc.integer({ min: 1, max: 1000 }),
      properties: fc.record({ markdown: fc.string() }, { noNullPrototype: true }),
    },
    { requiredKeys: ['type', 'properties'] },
  ),
  { minLength: 1, maxLength: 50, size: 'max' },
);
const manyModels = fc.uniqueArray(model, { maxLength: 50, size: 'max' });
const modelPrices = fc.uniqueArray(
  fc.record({
    model,
    inputUSDPerMillion: fc.double({ min: 0, max: 1000, noNaN: true }),
    outputUSDPerMillion: fc.double({ min: 0, max: 1000, noNaN: true }),
  }),
  { selector: (price) => price.model, maxLength: 50, size: 'max' },
);

const dashboard: fc.Arbitrary<DashboardEntry> = fc.oneof(
  fc.record(
    {
      name: label,
      preset: fc.constantFrom(...DASHBOARD_PRESETS),
      models: fc.oneof(models, manyModels),
      sourceAccountIDs: accountIDs,
      widgets,
      awsName,
    },
    { requiredKeys: ['name', 'preset'] },
  ),
  fc.record({ name: label, widgets, awsName }, { requiredKeys: ['name', 'widgets'] }),
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
      preset: fc.constantFrom(...QUERY_PRESETS),
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
  fc.record(
    {
      name: label,
      queryString: fc.constant('filter requestMetadata.team = "{{team}}"'),
      parameters: fc.subarray([
        { name: 'team', defaultValue: 'search' },
        { name: 'days', description: 'How many' },
      ]),
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

const types = fc.subarray<'AWS::CloudWatch::Metric' | 'AWS::XRay::Trace'>(
  ['AWS::CloudWatch::Metric', 'AWS::XRay::Trace'],
  {
    minLength: 1,
  },
);
const crossAccount: fc.Arbitrary<NonNullable<BedrockMonitorSpec['crossAccount']>> = fc.record(
  {
    sink: fc.record(
      {
        sourceAccountIDs: fc.subarray(['444455556666', '777788889999']),
        organizationIDs: fc.subarray(['o-a1b2c3d4e5']),
        resourceTypes: types,
        awsName,
      },
      { requiredKeys: [] },
    ),
    link: fc.record(
      {
        sinkARN: fc
          .constantFrom('999988887777', '111122223333')
          .map((account) => `arn:aws:oam:us-east-1:${account}:sink/1a2b`),
        resourceTypes: types,
        metricFilter: fc.constant("Namespace = 'AWS/Bedrock'"),
      },
      { requiredKeys: ['sinkARN'] },
    ),
  },
  { requiredKeys: [] },
);

/** Specs of every shape that the planner meets, and some that only an older CRD would let in. */
const single: fc.Arbitrary<BedrockMonitorSpec> = fc.record(
  {
    region: fc.constant('us-east-1'),
    tags: fc.dictionary(label, label, { maxKeys: 3 }),
    models,
    invocationLogging,
    dataProtection,
    notifications: fc.record({ routes }),
    alarms: listOf(alarm, 12),
    modelPrices,
    dashboards: listOf(dashboard, 4),
    savedQueries: listOf(savedQuery, 6),
    crossAccount,
  },
  { requiredKeys: ['region'] },
);

export const arbitrarySpec: fc.Arbitrary<BedrockMonitorSpec> = fc
  .tuple(single, composition)
  .map(([spec, over]) => composed(spec, over));
