import type { BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import type { Surroundings } from './arbitrary/surroundings.ts';

/** How the names of entries begin, what is compared with, and which log group: three ways in which two specs differ. */
interface Edition {
  readonly prefix?: string;
  readonly threshold?: number;
  readonly group?: string;
  /** Other names for alarms, under composites that keep theirs. */
  readonly child?: string;
}

/** A spec with every kind of resource there is, once or twice each, on what `surround` makes. */
export function everyFeature(around: Surroundings, edition: Edition = {}): BedrockMonitorSpec {
  const { prefix = '', threshold = 5, group = '/aws/bedrock/production', child = prefix } = edition;
  const changed = threshold !== 5;
  const [nova, claude] = around.models;
  const [page = '', ticket = ''] = around.topicARNs;
  return {
    region: around.region,
    tags: { team: changed ? 'search' : 'support' },
    models: changed ? [nova] : ['*'],
    modelPrices: [{ model: nova, inputUSDPerMillion: 0.8, outputUSDPerMillion: 3.2 }],
    notifications: {
      routes: [
        { severity: 'Critical', alarmActions: [page], okActions: [page] },
        { severity: 'Warning', alarmActions: [ticket] },
      ],
      alarmTagsPropagation: {},
    },
    invocationLogging: {
      dataTypes: changed ? ['Text', 'Image'] : ['Text'],
      cloudWatchLogs: {
        logGroup: { name: group, kmsKeyARN: around.logsKeyARN, retentionInDays: 30 },
        role: { create: {} },
        largeDataDelivery: { bucket: { create: { expirationInDays: changed ? 20 : 10 } } },
        subscriptionFilters: [
          {
            name: `${prefix}copy`,
            destinationARN: around.streamARN,
            roleARN: around.forwardingRoleARN,
            distribution: changed ? 'ByLogStream' : 'Random',
          },
        ],
        fieldIndexes: ['modelId', changed ? 'operation' : 'requestId'],
        anomalyDetector: { visibilityDays: changed ? 30 : 7 },
      },
      s3: { bucket: { name: around.buckets[0] }, keyPrefix: 'records' },
    },
    dataProtection: {
      categories: changed ? ['Credentials', 'PII'] : ['PII'],
      s3Bodies: 'AcceptUnmasked',
      findings: { logGroup: { name: '/aws/bedrock/findings' }, s3: { bucketName: around.buckets[2] } },
    },
    alarms: [
      { name: `${child}throttling`, preset: 'Throttling', threshold },
      { name: `${prefix}usual`, metric: { name: 'Invocations', statistic: 'Sum' }, anomalyBand: {}, models: [claude] },
      {
        name: `${child}rate`,
        metricMath: {
          expression: '100 * bad / calls',
          metrics: [
            { id: 'bad', name: 'InvocationClientErrors', statistic: 'Sum' },
            { id: 'calls', name: 'Invocations', statistic: 'Sum' },
          ],
        },
        threshold,
        models: [],
      },
      {
        name: `${prefix}slowest`,
        metricsInsights: {
          query: 'SELECT MAX(InvocationLatency) FROM SCHEMA("AWS/Bedrock", ModelId) GROUP BY ModelId',
        },
        threshold: threshold * 1_000,
      },
      {
        name: `${child}refused`,
        logQuery: {
          queryString: 'filter errorCode = "AccessDeniedException"',
          aggregationExpression: 'count(*) by identity.arn',
          every: '5m',
          roleARN: around.queryRoleARN,
          logLines: { count: 3, roleARN: around.linesRoleARN },
        },
        threshold,
      },
      {
        name: `${prefix}long`,
        logQuery: {
          queryString: 'filter input.inputTokenCount > 100000',
          aggregationExpression: 'count(*)',
          every: '1h',
          roleARN: around.queryRoleARN,
        },
        threshold,
      },
      { name: `${prefix}found`, preset: 'SensitiveDataFindings' },
      { name: `${prefix}spend`, preset: 'CostBudget', costBudget: { amountUSD: threshold } },
    ],
    anomalyDetectors: [
      {
        name: `${prefix}calls`,
        metric: { name: 'Invocations', statistic: 'Sum' },
        models: [claude],
        timeZone: changed ? 'Europe/Paris' : 'Europe/Berlin',
      },
    ],
    slos: [{ name: `${child}goal`, objective: changed ? 99.5 : 99, errors: {}, models: [] }],
    compositeAlarms: [
      {
        name: `${prefix}any`,
        anyOf: [`${child}throttling`, `${child}goal`, around.alarm.arn],
        actionsSuppressor: { alarm: `${child}rate`, waitPeriod: '1m', extensionPeriod: changed ? '2m' : '1m' },
      },
      { name: `${prefix}rule`, rule: `ALARM(${child}refused) AND NOT ${changed ? 'OK' : 'ALARM'}(${child}rate)` },
    ],
    muteRules: [{ name: `${prefix}nights`, cron: '0 2 * * SUN', duration: changed ? '2h' : '1h' }],
    dashboards: [{ name: `${prefix}overview`, preset: changed ? 'Delivery' : 'Overview' }],
    savedQueries: [
      {
        name: `${prefix}by-team`,
        queryString: `filter requestMetadata.team = "{{team}}" | limit ${threshold}`,
        parameters: [{ name: 'team', defaultValue: 'search' }],
      },
    ],
    metricFilters: [
      {
        name: `${prefix}tokens`,
        preset: 'TokensByMetadata',
        tokensByMetadata: { key: 'team', values: changed ? ['search'] : ['search', 'support'] },
      },
    ],
    crossAccount: {
      sink: { sourceAccountIDs: [changed ? '777788889999' : around.otherAccountID] },
      link: {
        sinkARN: around.sinkARN,
        resourceTypes: changed ? ['AWS::CloudWatch::Metric'] : ['AWS::CloudWatch::Metric', 'AWS::Logs::LogGroup'],
      },
    },
  };
}
