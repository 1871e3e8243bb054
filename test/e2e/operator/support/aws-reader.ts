import {
  BedrockClient,
  GetModelInvocationLoggingConfigurationCommand,
  type LoggingConfig,
  PutModelInvocationLoggingConfigurationCommand,
} from '@aws-sdk/client-bedrock';
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetDashboardCommand,
  ListDashboardsCommand,
  type MetricAlarm,
  PutMetricAlarmCommand,
} from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  DescribeQueryDefinitionsCommand,
  GetDataProtectionPolicyCommand,
  type LogGroup,
  PutRetentionPolicyCommand,
  type QueryDefinition,
} from '@aws-sdk/client-cloudwatch-logs';
import type { UserCredentials } from '#src/playground/aws/seeding.ts';

/** One Region of one account, as the AWS SDK shows it to somebody at the console. */
export interface AwsConsole {
  alarms(): Promise<readonly MetricAlarm[]>;
  alarm(name: string): Promise<MetricAlarm | undefined>;
  changeThreshold(alarm: MetricAlarm, threshold: number): Promise<void>;
  logGroups(): Promise<readonly LogGroup[]>;
  logGroup(name: string): Promise<LogGroup | undefined>;
  setRetention(logGroup: string, days: number): Promise<void>;
  /** The name of the masking policy's document; undefined where there is none. */
  maskingPolicy(logGroup: string): Promise<string | undefined>;
  logging(): Promise<LoggingConfig | undefined>;
  setLogging(configuration: LoggingConfig): Promise<void>;
  queries(): Promise<readonly QueryDefinition[]>;
  /** Names, of all Regions. */
  dashboards(): Promise<readonly string[]>;
  dashboardBody(name: string): Promise<string | undefined>;
  close(): void;
}

/** Clients of the SDK with nothing of the operator's own code between them and AWS. Lists fit one page here. */
export function openAwsConsole(endpoint: string, region: string, credentials: UserCredentials): AwsConsole {
  const settings = { endpoint, region, credentials };
  const bedrock = new BedrockClient(settings);
  const monitoring = new CloudWatchClient(settings);
  const logs = new CloudWatchLogsClient(settings);
  const alarmsBy = async (filter: { AlarmNames?: string[] }): Promise<readonly MetricAlarm[]> =>
    (await monitoring.send(new DescribeAlarmsCommand({ MaxRecords: 100, ...filter }))).MetricAlarms ?? [];
  const logGroups = async (prefix?: string): Promise<readonly LogGroup[]> =>
    (
      await logs.send(
        new DescribeLogGroupsCommand({ limit: 50, ...(prefix !== undefined && { logGroupNamePrefix: prefix }) }),
      )
    ).logGroups ?? [];
  return {
    alarms: () => alarmsBy({}),
    alarm: async (name) => (await alarmsBy({ AlarmNames: [name] }))[0],
    changeThreshold: async (alarm, threshold) => {
      const { AlarmName, ComparisonOperator, EvaluationPeriods } = alarm;
      if (AlarmName === undefined || ComparisonOperator === undefined || EvaluationPeriods === undefined) {
        throw new Error('AWS described an alarm without its name or condition');
      }
      await monitoring.send(
        new PutMetricAlarmCommand({ ...alarm, AlarmName, ComparisonOperator, EvaluationPeriods, Threshold: threshold }),
      );
    },
    logGroups: () => logGroups(),
    logGroup: async (name) => (await logGroups(name)).find(({ logGroupName }) => logGroupName === name),
    setRetention: async (logGroupName, retentionInDays) => {
      await logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays }));
    },
    maskingPolicy: async (logGroupIdentifier) => {
      const { policyDocument } = await logs.send(new GetDataProtectionPolicyCommand({ logGroupIdentifier }));
      const document: { Name?: string } = JSON.parse(policyDocument ?? '{}');
      return document.Name;
    },
    logging: async () => (await bedrock.send(new GetModelInvocationLoggingConfigurationCommand({}))).loggingConfig,
    setLogging: async (loggingConfig) => {
      await bedrock.send(new PutModelInvocationLoggingConfigurationCommand({ loggingConfig }));
    },
    queries: async () =>
      (await logs.send(new DescribeQueryDefinitionsCommand({ maxResults: 100 }))).queryDefinitions ?? [],
    dashboards: async () =>
      ((await monitoring.send(new ListDashboardsCommand({}))).DashboardEntries ?? []).map(
        ({ DashboardName }) => DashboardName ?? '',
      ),
    dashboardBody: async (DashboardName) =>
      (await monitoring.send(new GetDashboardCommand({ DashboardName }))).DashboardBody,
    close: () => {
      for (const client of [bedrock, monitoring, logs]) client.destroy();
    },
  };
}
