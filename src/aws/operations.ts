import {
  DeleteModelInvocationLoggingConfigurationCommand,
  GetModelInvocationLoggingConfigurationCommand,
  PutModelInvocationLoggingConfigurationCommand,
} from '@aws-sdk/client-bedrock';
import {
  DeleteAlarmsCommand,
  DeleteDashboardsCommand,
  DescribeAlarmsCommand,
  GetDashboardCommand,
  GetMetricDataCommand,
  ListDashboardsCommand,
  ListMetricsCommand,
  ListTagsForResourceCommand as ListMonitoringTagsCommand,
  PutDashboardCommand,
  PutMetricAlarmCommand,
  TagResourceCommand as TagMonitoringCommand,
} from '@aws-sdk/client-cloudwatch';
import {
  AssociateKmsKeyCommand,
  CreateLogGroupCommand,
  DeleteDataProtectionPolicyCommand,
  DeleteLogGroupCommand,
  DeleteQueryDefinitionCommand,
  DeleteRetentionPolicyCommand,
  DescribeLogGroupsCommand,
  DescribeQueryDefinitionsCommand,
  GetDataProtectionPolicyCommand,
  ListTagsForResourceCommand as ListLogTagsCommand,
  PutDataProtectionPolicyCommand,
  PutLogGroupDeletionProtectionCommand,
  PutQueryDefinitionCommand,
  PutRetentionPolicyCommand,
  TagResourceCommand as TagLogCommand,
  UntagResourceCommand as UntagLogCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { GetRoleCommand, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { DescribeKeyCommand, GetKeyPolicyCommand } from '@aws-sdk/client-kms';
import { GetBucketOwnershipControlsCommand, GetBucketPolicyCommand } from '@aws-sdk/client-s3';
import { GetTopicAttributesCommand } from '@aws-sdk/client-sns';
import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import {
  CreateLinkCommand,
  CreateSinkCommand,
  DeleteLinkCommand,
  DeleteSinkCommand,
  GetLinkCommand,
  GetSinkCommand,
  GetSinkPolicyCommand,
  ListAttachedLinksCommand,
  ListLinksCommand,
  ListSinksCommand,
  type OamCommand,
  PutSinkPolicyCommand,
  TagObservabilityCommand,
  UpdateLinkCommand,
} from './oam-commands.ts';

/**
 * Every AWS operation that the operator calls, by its IAM action: nothing else can be called. `perSecond` is AWS's
 * published quota ("CloudWatch service quotas", "CloudWatch Logs quotas"), or a modest guess where AWS publishes none
 * (Bedrock's logging API, query definitions, deletion protection). Dashboards have one budget for all Regions.
 */
export const operations = {
  'bedrock:DeleteModelInvocationLoggingConfiguration': write(DeleteModelInvocationLoggingConfigurationCommand, 2),
  'bedrock:GetModelInvocationLoggingConfiguration': read(GetModelInvocationLoggingConfigurationCommand, 5),
  'bedrock:PutModelInvocationLoggingConfiguration': write(PutModelInvocationLoggingConfigurationCommand, 2),

  'cloudwatch:DeleteAlarms': write(DeleteAlarmsCommand, 3),
  'cloudwatch:DeleteDashboards': ofAccount(write(DeleteDashboardsCommand, 10)),
  'cloudwatch:DescribeAlarms': read(DescribeAlarmsCommand, 9),
  'cloudwatch:GetDashboard': ofAccount(read(GetDashboardCommand, 10)),
  'cloudwatch:GetMetricData': read(GetMetricDataCommand, 50),
  'cloudwatch:ListDashboards': ofAccount(read(ListDashboardsCommand, 10)),
  'cloudwatch:ListMetrics': read(ListMetricsCommand, 25),
  'cloudwatch:ListTagsForResource': read(ListMonitoringTagsCommand, 10),
  'cloudwatch:PutDashboard': ofAccount(write(PutDashboardCommand, 10)),
  'cloudwatch:PutMetricAlarm': write(PutMetricAlarmCommand, 3),
  'cloudwatch:TagResource': write(TagMonitoringCommand, 20),

  // Preflight: how what others made is looked at. No published rates; modest guesses.
  'iam:GetRole': ofAccount(read(GetRoleCommand, 5)),
  'iam:SimulatePrincipalPolicy': ofAccount(read(SimulatePrincipalPolicyCommand, 2)),

  'kms:DescribeKey': read(DescribeKeyCommand, 10),
  'kms:GetKeyPolicy': read(GetKeyPolicyCommand, 10),

  'logs:AssociateKmsKey': write(AssociateKmsKeyCommand, 5),
  'logs:CreateLogGroup': write(CreateLogGroupCommand, 10),
  'logs:DeleteDataProtectionPolicy': write(DeleteDataProtectionPolicyCommand, 5),
  'logs:DeleteLogGroup': write(DeleteLogGroupCommand, 10),
  'logs:DeleteQueryDefinition': write(DeleteQueryDefinitionCommand, 5),
  'logs:DeleteRetentionPolicy': write(DeleteRetentionPolicyCommand, 5),
  'logs:DescribeLogGroups': read(DescribeLogGroupsCommand, 10),
  'logs:DescribeQueryDefinitions': read(DescribeQueryDefinitionsCommand, 5),
  'logs:GetDataProtectionPolicy': read(GetDataProtectionPolicyCommand, 5),
  'logs:ListTagsForResource': read(ListLogTagsCommand, 30),
  'logs:PutDataProtectionPolicy': write(PutDataProtectionPolicyCommand, 5),
  'logs:PutLogGroupDeletionProtection': write(PutLogGroupDeletionProtectionCommand, 5),
  'logs:PutQueryDefinition': write(PutQueryDefinitionCommand, 5),
  'logs:PutRetentionPolicy': write(PutRetentionPolicyCommand, 5),
  'logs:TagResource': write(TagLogCommand, 5),
  'logs:UntagResource': write(UntagLogCommand, 5),

  'oam:CreateLink': write(CreateLinkCommand, 10),
  'oam:CreateSink': write(CreateSinkCommand, 10),
  'oam:DeleteLink': write(DeleteLinkCommand, 10),
  'oam:DeleteSink': write(DeleteSinkCommand, 10),
  'oam:GetLink': read(GetLinkCommand, 10),
  'oam:GetSink': read(GetSinkCommand, 10),
  'oam:GetSinkPolicy': read(GetSinkPolicyCommand, 10),
  'oam:ListAttachedLinks': read(ListAttachedLinksCommand, 10),
  'oam:ListLinks': read(ListLinksCommand, 10),
  'oam:ListSinks': read(ListSinksCommand, 10),
  'oam:PutSinkPolicy': write(PutSinkPolicyCommand, 1),
  'oam:TagResource': write(TagObservabilityCommand, 10),
  'oam:UpdateLink': write(UpdateLinkCommand, 10),

  's3:GetBucketOwnershipControls': read(GetBucketOwnershipControlsCommand, 10),
  's3:GetBucketPolicy': read(GetBucketPolicyCommand, 10),

  'sns:GetTopicAttributes': read(GetTopicAttributesCommand, 10),

  'sts:AssumeRole': read(AssumeRoleCommand, 50),
  'sts:GetCallerIdentity': read(GetCallerIdentityCommand, 50),
} as const;

/** An IAM action, and the one operation behind it. */
export type OperationName = keyof typeof operations;

type CommandOf<N extends OperationName> = (typeof operations)[N]['command'];
/** The operation's input, as the SDK types it. */
export type Input<N extends OperationName> = InstanceType<CommandOf<N>>['input'];
/** The operation's output, as the SDK types it. */
export type Output<N extends OperationName> =
  InstanceType<CommandOf<N>> extends {
    resolveMiddleware(
      stack: never,
      configuration: never,
      options: never,
    ): (...args: never[]) => Promise<{ output: infer O }>;
  }
    ? O
    : InstanceType<CommandOf<N>> extends OamCommand<object, infer Answer>
      ? Answer
      : never;

/** All of them, as metrics and logs name them. */
export const awsOperations: readonly { readonly service: string; readonly operation: string }[] = Object.keys(
  operations,
).map((name) => ({ service: name.slice(0, name.indexOf(':')), operation: name.slice(name.indexOf(':') + 1) }));

const services = ['bedrock', 'cloudwatch', 'iam', 'kms', 'logs', 'oam', 's3', 'sns', 'sts'] as const;
/** As in the prefix of IAM actions. */
export type ServiceName = (typeof services)[number];

/** `logs` of `logs:CreateLogGroup`. */
export function serviceOf(name: OperationName): ServiceName {
  return services.find((service) => name.startsWith(`${service}:`)) ?? 'sts';
}

/** What the gateway has to know of an operation. */
export interface Operation {
  /** Whether it changes something that AWS keeps. */
  readonly writes: boolean;
  /** Calls a second. */
  readonly perSecond: number;
  /** Who shares the rate: all callers of an account and Region, or of the account. */
  readonly budget: 'Region' | 'Account';
}

function read<C>(command: C, perSecond: number): Operation & { readonly command: C } {
  return { command, perSecond, writes: false, budget: 'Region' };
}

function write<C>(command: C, perSecond: number): Operation & { readonly command: C } {
  return { command, perSecond, writes: true, budget: 'Region' };
}

function ofAccount<O extends Operation>(operation: O): O {
  return { ...operation, budget: 'Account' };
}
