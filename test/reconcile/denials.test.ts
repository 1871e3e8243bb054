import { describe, expect, it } from 'vitest';
import { PART_CONDITIONS } from '#src/api/conditions.ts';
import type { BedrockMonitor, BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import type { OperationName } from '#src/aws/operations.ts';
import { operations } from '#src/aws/operations.ts';
import { bucketDelivery } from '#src/aws/permission.ts';
import { liveOn } from '#test/support/as-controller.ts';
import { said } from '#test/support/said.ts';
import { basicSpec, GROUP, loggingRole } from '#test/support/specs.ts';
import type { World } from '#test/support/world.ts';
import { ACCOUNT, createWorld, REGION } from '#test/support/world.ts';

type Part = (typeof PART_CONDITIONS)[number];
type Phase = 'create' | 'edit' | 'prune' | 'stop asking';

const logs = ['DataProtected', 'LoggingConfigured'] as const;

/** Needed only where the spec says that logs, or their masking, go with the monitor. */
const deletions = {
  'logs:DeleteDataProtectionPolicy': { dataProtection: 'Delete' },
  'logs:DeleteLogGroup': { logGroup: 'Delete' },
} as const satisfies Partial<Record<OperationName, BedrockMonitorSpec['deletionPolicy']>>;

/** Reads of preflight: what they may not see, the write's own answer tells. And STS, without which nothing begins; sinks and links have denials of their own. */
type Optional = `${'iam' | 'kms' | 'oam' | 's3' | 'sns' | 'sts'}:${string}`;
const isOptional = (name: string) => /^(iam|kms|oam|s3|sns|sts):/.test(name);

/** What CloudWatch knows of traffic: traffic.test.ts. */
type Watching = 'cloudwatch:GetMetricData' | 'cloudwatch:ListMetrics';
const isWatching = (name: string) => name === 'cloudwatch:GetMetricData' || name === 'cloudwatch:ListMetrics';

/** The name of the masking policy of the account, which is only shown: log-attachments.test.ts. */
type Shown = 'logs:DescribeAccountPolicies';
const isShown = (name: string) => name === 'logs:DescribeAccountPolicies';

/** The same for what stands on a log group. */
const attached = {
  'logs:CreateLogAnomalyDetector': ['create', ['LoggingConfigured']],
  'logs:DeleteIndexPolicy': ['prune', ['LoggingConfigured']],
  'logs:DeleteLogAnomalyDetector': ['prune', ['LoggingConfigured']],
  'logs:DeleteMetricFilter': ['prune', ['MetricFiltersConfigured']],
  'logs:DeleteSubscriptionFilter': ['prune', ['LoggingConfigured']],
  'logs:DescribeIndexPolicies': ['create', ['LoggingConfigured']],
  'logs:DescribeMetricFilters': ['create', ['MetricFiltersConfigured']],
  'logs:DescribeSubscriptionFilters': ['create', ['LoggingConfigured']],
  'logs:ListLogAnomalyDetectors': ['create', ['LoggingConfigured']],
  'logs:PutIndexPolicy': ['create', ['LoggingConfigured']],
  'logs:PutMetricFilter': ['create', ['MetricFiltersConfigured']],
  'logs:PutSubscriptionFilter': ['create', ['LoggingConfigured']],
  'logs:UpdateLogAnomalyDetector': ['edit', ['LoggingConfigured']],
} as const satisfies Partial<Record<OperationName, readonly [Phase, readonly Part[]]>>;

/** The same for alarms over alarms. */
const composed = {
  'cloudwatch:DeleteAlarmMuteRule': ['prune', ['AlarmsConfigured']],
  'cloudwatch:GetAlarmMuteRule': ['create', ['AlarmsConfigured']],
  'cloudwatch:ListAlarmMuteRules': ['create', ['AlarmsConfigured']],
  'cloudwatch:PutAlarmMuteRule': ['create', ['AlarmsConfigured']],
  'cloudwatch:PutCompositeAlarm': ['create', ['AlarmsConfigured']],
} as const satisfies Partial<Record<OperationName, readonly [Phase, readonly Part[]]>>;

/** The same for log alarms and trained models. */
const queried = {
  'cloudwatch:DeleteAnomalyDetector': ['prune', ['AlarmsConfigured']],
  'cloudwatch:DescribeAnomalyDetectors': ['create', ['AlarmsConfigured']],
  'cloudwatch:PutAnomalyDetector': ['create', ['AlarmsConfigured']],
  'cloudwatch:PutLogAlarm': ['create', ['AlarmsConfigured']],
} as const satisfies Partial<Record<OperationName, readonly [Phase, readonly Part[]]>>;

/** When each action is first needed, and which parts cannot be as declared without it. */
const cases: Record<
  Exclude<
    OperationName,
    | Optional
    | Watching
    | Shown
    | keyof typeof deletions
    | keyof typeof attached
    | keyof typeof composed
    | keyof typeof queried
  >,
  readonly [Phase, readonly Part[]]
> = {
  'bedrock:DeleteModelInvocationLoggingConfiguration': ['stop asking', []],
  'bedrock:GetModelInvocationLoggingConfiguration': ['create', logs],
  'bedrock:PutModelInvocationLoggingConfiguration': ['create', ['LoggingConfigured']],
  'cloudwatch:DeleteAlarms': ['prune', ['AlarmsConfigured']],
  'cloudwatch:DeleteDashboards': ['prune', ['DashboardsConfigured']],
  'cloudwatch:DescribeAlarms': ['create', ['AlarmsConfigured']],
  'cloudwatch:GetDashboard': ['create', ['DashboardsConfigured']],
  'cloudwatch:ListDashboards': ['create', ['DashboardsConfigured']],
  'cloudwatch:ListTagsForResource': ['create', ['DashboardsConfigured']],
  'cloudwatch:PutDashboard': ['create', ['DashboardsConfigured']],
  'cloudwatch:PutMetricAlarm': ['create', ['AlarmsConfigured']],
  'cloudwatch:TagResource': ['edit', ['AlarmsConfigured', 'DashboardsConfigured']],
  'logs:AssociateKmsKey': ['edit', ['LoggingConfigured']],
  'logs:CreateLogGroup': ['create', logs],
  'logs:DeleteQueryDefinition': ['prune', ['QueriesConfigured']],
  'logs:DeleteRetentionPolicy': ['edit', ['LoggingConfigured']],
  'logs:DescribeLogGroups': ['create', logs],
  'logs:DescribeQueryDefinitions': ['create', ['QueriesConfigured']],
  'logs:GetDataProtectionPolicy': ['create', logs],
  'logs:ListTagsForResource': ['edit', logs],
  'logs:PutDataProtectionPolicy': ['create', logs],
  'logs:PutLogGroupDeletionProtection': ['edit', ['LoggingConfigured']],
  'logs:PutQueryDefinition': ['create', ['QueriesConfigured']],
  'logs:PutRetentionPolicy': ['create', ['LoggingConfigured']],
  'logs:TagResource': ['edit', ['LoggingConfigured']],
  'logs:UntagResource': ['create', ['LoggingConfigured']],
};

function specIn(phase: Phase, role: string, key: string): BedrockMonitorSpec {
  const base = basicSpec(role);
  const full: BedrockMonitorSpec = {
    ...base,
    alarms: [...(base.alarms ?? []), { name: 'errors', preset: 'ErrorRate' }],
    dashboards: [...(base.dashboards ?? []), { name: 'more', body: '{"widgets":[]}' }],
    savedQueries: [...(base.savedQueries ?? []), { name: 'errors', preset: 'Errors' }],
  };
  const logGroup = {
    name: GROUP,
    retentionInDays: 'NeverExpire' as const,
    kmsKeyARN: key,
    deletionProtection: 'Disabled' as const,
  };
  switch (phase) {
    case 'create':
      return full;
    case 'edit':
      return {
        ...full,
        tags: { team: 'search' },
        invocationLogging: { dataTypes: ['Text', 'Image'], cloudWatchLogs: { logGroup, role: { arn: role } } },
      };
    case 'prune':
      return base;
    case 'stop asking': {
      const { invocationLogging: _, dataProtection: __, ...rest } = base;
      return { ...rest, savedQueries: [] };
    }
  }
}

const lambda = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:watch`;

function attachedIn(phase: Phase, role: string): BedrockMonitorSpec {
  const base = basicSpec(role);
  const logs = base.invocationLogging?.cloudWatchLogs;
  if (logs === undefined) throw new Error('no log group');
  const errors = { name: 'errors', preset: 'ErrorsByCode' } as const;
  if (phase === 'prune') return { ...base, metricFilters: [errors] };
  return {
    ...base,
    invocationLogging: {
      dataTypes: ['Text'],
      cloudWatchLogs: {
        ...logs,
        subscriptionFilters: [{ name: 'copy', destinationARN: lambda }],
        fieldIndexes: ['modelId'],
        anomalyDetector: { evaluationFrequency: phase === 'edit' ? '1h' : '5m' },
      },
    },
    metricFilters: [errors, { ...errors, name: 'more' }],
  };
}

function composedIn(phase: Phase, role: string): BedrockMonitorSpec {
  const night = { cron: '0 2 * * *', duration: '1h' };
  const rules = [{ name: 'nights', ...night }, ...(phase === 'create' ? [{ name: 'more', ...night }] : [])];
  return {
    ...basicSpec(role),
    compositeAlarms: [{ name: 'any', anyOf: ['throttling'] }],
    muteRules: rules,
  };
}

function queriedIn(phase: Phase, role: string): BedrockMonitorSpec {
  const base = basicSpec(role);
  const query = {
    queryString: 'filter ispresent(errorCode)',
    aggregationExpression: 'count(*)',
    every: '5m',
    roleARN: role,
  };
  const metric = { name: 'Invocations', statistic: 'Sum' };
  return {
    ...base,
    alarms: [...(base.alarms ?? []), { name: 'failed', logQuery: query, threshold: 5 }],
    ...(phase === 'create' && { anomalyDetectors: [{ name: 'calls', metric, adaptationSpeed: 'Slow' }] }),
  };
}

const conditions = (monitor: BedrockMonitor | undefined) => monitor?.status?.conditions ?? [];

describe('every action that IAM may refuse', () => {
  it('is in the table', () => {
    expect(
      [
        ...Object.keys(cases),
        ...Object.keys(attached),
        ...Object.keys(composed),
        ...Object.keys(queried),
        ...Object.keys(deletions),
      ].sort(),
    ).toEqual(
      Object.keys(operations)
        .filter((name) => !isOptional(name) && !isWatching(name) && !isShown(name))
        .sort(),
    );
  });

  const rows = [
    ...Object.entries(cases).map((row) => [...row, specIn] as const),
    ...Object.entries(attached).map((row) => [...row, attachedIn] as const),
    ...Object.entries(composed).map((row) => [...row, composedIn] as const),
    ...Object.entries(queried).map((row) => [...row, queriedIn] as const),
  ];

  it.each(rows)(
    '%s: is named, costs only its own parts, is not asked for in a loop, and heals',
    async (action, [phase, parts], specOf) => {
      const world = await createWorld();
      try {
        const role = loggingRole(world.aws);
        const { arn } = world.aws.account(ACCOUNT).key(REGION, { id: 'key' });
        world.aws.account(ACCOUNT).region(REGION).logDestinations.add(lambda);
        if (phase !== 'create') {
          await world.apply('production', specOf('create', role, arn));
          await world.settle('production');
        }
        const allow = world.aws.deny(ACCOUNT, action);
        await world.apply('production', specOf(phase, role, arn));
        await liveOn(world, 'production', 300_000);
        const monitor = await world.get('production');
        expect(said(monitor)).toMatchObject({ status: 'False', message: expect.stringContaining(action) });
        expect(said(monitor, 'Stalled')).toMatchObject({ status: 'True' });
        expect(said(monitor, 'Reconciling')).toBeUndefined();
        expect(
          conditions(monitor)
            .filter(({ type, status }) => type.match(/ed$/) && type !== 'Stalled' && status !== 'True')
            .map(({ type }) => type),
        ).toEqual(parts);

        await restsStalled(world);
        allow();
        expect(said(await world.settle('production'))).toMatchObject({
          status: 'True',
          observedGeneration: expect.any(Number),
        });
      } finally {
        await world.close();
      }
    },
  );
});

it('needs none of the reads of preflight, and asks for what is denied once in ten minutes', async () => {
  const world = await createWorld();
  try {
    const reads = Object.keys(operations).filter((name) => isOptional(name) && !name.startsWith('sts:'));
    for (const action of reads) world.aws.deny(ACCOUNT, action);
    const place = { accountID: ACCOUNT, region: REGION, partition: 'aws' };
    const policy = { Statement: [JSON.parse(bucketDelivery(place, 'records', undefined))] };
    world.aws.account(ACCOUNT).bucket(REGION, 'records', { policy });
    const topic = world.aws.account(ACCOUNT).topic(REGION, 'pager');
    const { arn } = world.aws.account(ACCOUNT).key(REGION, { id: 'key' });
    const base = specIn('edit', loggingRole(world.aws), arn);
    const spec: BedrockMonitorSpec = {
      ...base,
      ...(base.invocationLogging && {
        invocationLogging: { ...base.invocationLogging, s3: { bucket: { name: 'records' } } },
      }),
      dataProtection: { categories: ['PII'], s3Bodies: 'AcceptUnmasked' },
      alarms: [{ name: 'throttling', preset: 'Throttling', alarmActions: [topic] }],
    };
    await world.apply('production', spec);
    expect(said(await world.settle('production'))).toMatchObject({ status: 'True' });
    const { calls } = world.aws;
    const asked = calls.filter(
      ({ outcome }) => outcome?.kind === 'Refused' && outcome.code.match(/Denied|Authorization/),
    );
    // The role's policies are asked for only where the role could be read.
    expect(asked.map(({ operation }) => operation).sort()).toEqual([
      'DescribeKey',
      'GetBucketOwnershipControls',
      'GetBucketPolicy',
      'GetRole',
      'GetTopicAttributes',
    ]);
  } finally {
    await world.close();
  }
});

describe('what only a deletion may be refused', () => {
  it.each(Object.entries(deletions))('%s: is named, blocks nothing else, and heals', async (action, deletionPolicy) => {
    const world = await createWorld();
    try {
      await world.apply('production', { ...basicSpec(loggingRole(world.aws)), deletionPolicy });
      await world.settle('production');
      const allow = world.aws.deny(ACCOUNT, action);
      await world.remove('production');
      await liveOn(world, 'production', 700_000);
      const { alarms, logGroups } = world.aws.account(ACCOUNT).region(REGION);
      expect(said(await world.get('production'))).toMatchObject({
        reason: 'DeletionBlocked',
        message: expect.stringContaining(action),
      });
      expect([alarms.size, logGroups.size]).toEqual([0, 1]);
      await liveOn(world, 'production', 900_000);
      await restsStalled(world);
      allow();
      expect(await world.settle('production')).toBeUndefined();
      expect(logGroups.get(GROUP)?.dataProtection).toBeUndefined();
    } finally {
      await world.close();
    }
  });
});

/** Half an hour of a stalled monitor: few looks, only the refused write is tried, and Kubernetes hears nothing. */
async function restsStalled(world: World): Promise<void> {
  world.aws.forgetCalls();
  world.kubernetes.forgetCalls();
  const passes = await liveOn(world, 'production', 1_800_000);
  expect(passes).toBeLessThanOrEqual(6);
  const successes = world.aws.writes().filter(({ outcome }) => outcome?.kind === 'Answered');
  expect(successes.map(({ operation }) => operation)).toEqual([]);
  expect(world.aws.calls.length / passes).toBeLessThan(30);
  expect(world.kubernetes.calls.filter(({ writes }) => writes)).toEqual([]);
}

it('says AccessDenied, and is not patient, where only the log group of others cannot be read', async () => {
  const world = await createWorld();
  try {
    const allow = world.aws.deny(ACCOUNT, 'bedrock:GetModelInvocationLoggingConfiguration');
    await world.apply('production', {
      region: REGION,
      dashboards: [{ name: 'overview', preset: 'Overview' }],
      savedQueries: [{ name: 'latest', preset: 'LatestInvocations' }],
    });
    await liveOn(world, 'production', 300_000);
    const monitor = await world.get('production');
    for (const type of ['DashboardsConfigured', 'QueriesConfigured'])
      expect(said(monitor, type)).toMatchObject({ reason: 'AccessDenied' });
    expect(said(monitor, 'Stalled')).toMatchObject({ status: 'True' });
    await restsStalled(world);
    allow();
    expect(said(await world.settle('production'), 'DashboardsConfigured')).toMatchObject({ status: 'True' });
  } finally {
    await world.close();
  }
});
