import {
  bare,
  type Draft,
  dashboard,
  logging,
  masked,
  metricAlarm,
  presetAlarm,
  query,
  type Rejection,
} from './row.ts';

/** What people write where a name, an ARN or a URL is asked for: each gets the form it should have. */
interface Misfit {
  readonly what: string;
  readonly says: string;
  readonly at: Readonly<Record<string, Draft>>;
}

const misfits: readonly Misfit[] = [
  {
    what: 'a name in capitals',
    says: 'a name may hold lower-case letters, digits and -, and begins and ends with a letter or digit',
    at: {
      'spec.alarms[0].name': presetAlarm('Throttling', { name: 'Throttling' }),
      'spec.dashboards[0].name': dashboard({ name: 'Overview', preset: 'Overview' }),
      'spec.savedQueries[0].name': query({ name: 'latest_100', preset: 'LatestInvocations' }),
    },
  },
  {
    what: 'the name of a topic instead of its ARN',
    says: 'must be an ARN, such as arn:aws:sns:us-east-1:111122223333:Topic',
    at: Object.fromEntries(
      ['alarmActions', 'okActions', 'insufficientDataActions'].flatMap((list) => [
        [`spec.alarms[0].${list}[0]`, presetAlarm('Throttling', { [list]: ['pager'] })],
        [
          `spec.notifications.routes[0].${list}[0]`,
          bare({ notifications: { routes: [{ severity: 'Critical', [list]: ['pager'] }] } }),
        ],
      ]),
    ),
  },
  {
    what: 'an alias instead of a KMS key',
    says: 'must be the ARN of a KMS key, not of an alias, such as arn:aws:kms:us-east-1:111122223333:key/1a2b3c4d-1111-2222-3333-444455556666',
    at: {
      'spec.invocationLogging.cloudWatchLogs.logGroup.kmsKeyARN': logging({ group: { kmsKeyARN: alias() } }),
      'spec.dataProtection.findings.logGroup.kmsKeyARN': masked({
        findings: { logGroup: { name: '/aws/bedrock/findings', kmsKeyARN: alias() } },
      }),
    },
  },
  {
    what: 'a URL instead of a bucket name',
    says: 'a bucket name may hold lower-case letters, digits, . and -',
    at: {
      'spec.invocationLogging.s3.bucket.name': logging({ members: { s3: bucket() } }),
      'spec.invocationLogging.cloudWatchLogs.largeDataDelivery.bucket.name': logging({
        logs: { largeDataDelivery: bucket() },
      }),
      'spec.dataProtection.findings.s3.bucketName': masked({ findings: { s3: { bucketName: 's3://findings' } } }),
    },
  },
  {
    what: 'a country in small letters',
    says: 'must be a country code of two capital letters, such as US',
    at: { 'spec.dataProtection.countries[0]': masked({ countries: ['us'] }) },
  },
  {
    what: 'a runbook that is no URL',
    says: 'must be a URL that begins with https:// or http://',
    at: { 'spec.alarms[0].runbookURL': metricAlarm({ runbookURL: 'wiki/throttling' }) },
  },
  {
    what: 'a dashboard in a folder',
    says: 'a dashboard name may hold letters, digits, - and _',
    at: { 'spec.dashboards[0].awsName': dashboard({ preset: 'Overview', awsName: 'genai/overview' }) },
  },
  {
    what: 'the ARN of a log group instead of its name',
    says: 'a log group name may hold letters, digits and . - _ / #',
    at: {
      'spec.savedQueries[0].logGroupNames[0]': query({
        preset: 'Errors',
        logGroupNames: ['arn:aws:logs:us-east-1:111122223333:log-group:/app'],
      }),
    },
  },
];

export const formRejections: readonly Rejection[] = misfits.flatMap(({ what, says, at }) =>
  Object.entries(at).map(([field, spec]) => ({ what: `${what} (${field})`, spec, field, says })),
);

function alias(): string {
  return 'arn:aws:kms:us-east-1:111122223333:alias/logs';
}

function bucket(): Draft {
  return { bucket: { name: 's3://records' } };
}
