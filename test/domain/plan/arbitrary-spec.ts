import fc from 'fast-check';
import type { BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import { alarmPresets } from '#src/domain/plan/alarm-presets.ts';
import { queryPresets } from '#src/domain/plan/query-presets.ts';
import type { AlarmEntry, DashboardEntry, QueryEntry } from '#src/domain/plan/spec-types.ts';

const optional = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });
const keysOf = <T extends object>(table: T): (keyof T & string)[] => Object.keys(table) as (keyof T & string)[];

const label = fc.stringMatching(/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/);
const model = fc.oneof(
  fc.stringMatching(/^[a-z]{2,12}\.[a-z0-9-]{1,100}:0$/),
  fc
    .stringMatching(/^[a-z0-9]{12}$/)
    .map((id) => `arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/${id}`),
);
const models = fc.uniqueArray(model, { maxLength: 6, size: 'max' });
const action = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.stringMatching(/^[A-Za-z0-9_-]{1,40}$/).map((name) => `arn:aws:sns:us-east-1:111122223333:${name}`),
  },
  { weight: 1, arbitrary: fc.constant('arn:aws:sns:us-east-1:999988887777:foreign') },
);
const actions = optional(fc.uniqueArray(action, { maxLength: 5 }));
const severity = fc.constantFrom('Critical' as const, 'Warning' as const, 'Info' as const);
const printable = (maxLength: number): fc.Arbitrary<string> => fc.string({ minLength: 1, maxLength });

const signal = fc.oneof(
  fc.record({
    preset: fc.constantFrom(...keysOf(alarmPresets)),
    errorRate: optional(
      fc.record({
        include: fc.subarray(['ServerErrors' as const, 'ClientErrors' as const, 'Throttles' as const], {
          minLength: 1,
        }),
        minimumInvocations: fc.nat(1_000_000),
      }),
    ),
    threshold: optional(fc.double({ noNaN: true, noDefaultInfinity: true })),
  }),
  fc.record({
    metric: fc.record({
      name: fc.constantFrom('Invocations', 'InvocationLatency', 'OutputImageCount'),
      statistic: fc.constantFrom('Sum', 'p99', 'PR(:5000)'),
      dimensions: optional(fc.constantFrom({ team: 'search' }, {})),
    }),
    threshold: fc.double({ noNaN: true, noDefaultInfinity: true }),
    comparisonOperator: optional(
      fc.constantFrom('GreaterThanThreshold' as const, 'LessThanOrEqualToThreshold' as const),
    ),
  }),
);

const alarm = fc
  .tuple(
    signal,
    fc.record({
      name: label,
      period: optional(fc.constantFrom('1m', '5m', '1h', '1h30m', '24h')),
      evaluationPeriods: optional(fc.oneof(fc.integer({ min: 3, max: 10 }), fc.integer({ min: 1, max: 1440 }))),
      datapointsToAlarm: optional(fc.integer({ min: 1, max: 3 })),
      severity: optional(severity),
      models: optional(models),
      alarmActions: actions,
      okActions: actions,
      actionsEnabled: optional(fc.boolean()),
      description: optional(printable(512)),
      runbookURL: optional(printable(256)),
      awsName: optional(fc.constantFrom('x', 'y')),
    }),
  )
  .map(([watched, rest]) => present<AlarmEntry>({ ...watched, ...rest }));

const dashboard = fc
  .record({
    name: label,
    models: optional(models),
    body: optional(fc.constantFrom('{"widgets": []}', 'not JSON')),
    awsName: optional(fc.constantFrom('x', 'y')),
  })
  .map(({ body, models: shown, ...rest }) =>
    present<DashboardEntry>(body === undefined ? { ...rest, models: shown, preset: 'Overview' } : { ...rest, body }),
  );

const savedQuery = fc
  .record({
    name: label,
    preset: optional(fc.constantFrom(...keysOf(queryPresets))),
    logGroupNames: optional(fc.constantFrom(['/b', '/a'], ['/a'])),
    awsName: optional(fc.constantFrom('x', 'y')),
  })
  .map((one) => present<QueryEntry>(one.preset === undefined ? { ...one, queryString: 'fields @message' } : one));

const invocationLogging = fc
  .record({
    dataTypes: fc.subarray(['Text', 'Image', 'Embedding', 'Video', 'Audio'] as const),
    group: fc.constantFrom('/aws/bedrock', '/aws/bedrock/production'),
    account: fc.constantFrom('111122223333', '111122223333', '444455556666'),
    s3: optional(fc.constant({ bucket: { name: 'records' } })),
  })
  .map(({ dataTypes, group, account, s3 }) =>
    present<NonNullable<BedrockMonitorSpec['invocationLogging']>>({
      dataTypes: [...dataTypes],
      cloudWatchLogs: { logGroup: { name: group }, role: { arn: `arn:aws:iam::${account}:role/logging` } },
      s3,
    }),
  );

const dataProtection = fc
  .record({
    identifiers: optional(fc.subarray(['Ssn-US', 'Name', 'Iris-NZ', 'EmailAddress'])),
    categories: optional(fc.subarray(['Credentials', 'Device', 'Financial', 'PHI', 'PII'] as const)),
    countries: optional(fc.subarray(['US', 'DE', 'FR'])),
    customIdentifiers: optional(fc.constant([{ name: 'MRN', regex: 'MRN-[0-9]{8}' }])),
    s3Bodies: optional(fc.constantFrom('Refuse' as const, 'AcceptUnmasked' as const)),
    findings: optional(fc.constant({ logGroup: { name: '/findings' } })),
  })
  .map((one) =>
    present<NonNullable<BedrockMonitorSpec['dataProtection']>>({
      ...one,
      categories: one.categories && [...one.categories],
    }),
  );

/** Specs of every shape that the planner meets, and some that only an older CRD would let in. */
export const arbitrarySpec: fc.Arbitrary<BedrockMonitorSpec> = fc
  .record({
    region: fc.constant('us-east-1'),
    tags: optional(fc.dictionary(label, label, { maxKeys: 3 })),
    models: optional(models),
    invocationLogging: optional(invocationLogging),
    dataProtection: optional(dataProtection),
    notifications: optional(
      fc.record({
        routes: fc.uniqueArray(fc.record({ severity, alarmActions: fc.array(action, { maxLength: 5 }) }), {
          selector: (route) => route.severity,
        }),
      }),
    ),
    alarms: optional(fc.uniqueArray(alarm, { selector: ({ name }) => name, maxLength: 12, size: 'max' })),
    dashboards: optional(fc.uniqueArray(dashboard, { selector: ({ name }) => name, maxLength: 4 })),
    savedQueries: optional(fc.uniqueArray(savedQuery, { selector: ({ name }) => name, maxLength: 6 })),
  })
  .map((one) => present<BedrockMonitorSpec>(one));

/** An absent member of a spec is absent, never there as undefined: that is what JSON makes of it. */
function present<T>(value: unknown): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
