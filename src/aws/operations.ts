import {
  DeleteModelInvocationLoggingConfigurationCommand,
  GetModelInvocationLoggingConfigurationCommand,
  PutModelInvocationLoggingConfigurationCommand,
} from '@aws-sdk/client-bedrock';
import {
  DeleteAlarmMuteRuleCommand,
  DeleteAlarmsCommand,
  DeleteAnomalyDetectorCommand,
  DeleteDashboardsCommand,
  DescribeAlarmsCommand,
  DescribeAnomalyDetectorsCommand,
  GetAlarmMuteRuleCommand,
  GetDashboardCommand,
  GetMetricDataCommand,
  ListAlarmMuteRulesCommand,
  ListDashboardsCommand,
  ListMetricsCommand,
  ListTagsForResourceCommand as ListMonitoringTagsCommand,
  PutAlarmMuteRuleCommand,
  PutAnomalyDetectorCommand,
  PutCompositeAlarmCommand,
  PutDashboardCommand,
  PutLogAlarmCommand,
  PutMetricAlarmCommand,
  TagResourceCommand as TagMonitoringCommand,
} from '@aws-sdk/client-cloudwatch';
import {
  AssociateKmsKeyCommand,
  CreateLogAnomalyDetectorCommand,
  CreateLogGroupCommand,
  DeleteDataProtectionPolicyCommand,
  DeleteIndexPolicyCommand,
  DeleteLogAnomalyDetectorCommand,
  DeleteLogGroupCommand,
  DeleteMetricFilterCommand,
  DeleteQueryDefinitionCommand,
  DeleteRetentionPolicyCommand,
  DeleteSubscriptionFilterCommand,
  DescribeAccountPoliciesCommand,
  DescribeIndexPoliciesCommand,
  DescribeLogGroupsCommand,
  DescribeMetricFiltersCommand,
  DescribeQueryDefinitionsCommand,
  DescribeSubscriptionFiltersCommand,
  GetDataProtectionPolicyCommand,
  ListLogAnomalyDetectorsCommand,
  ListTagsForResourceCommand as ListLogTagsCommand,
  PutDataProtectionPolicyCommand,
  PutIndexPolicyCommand,
  PutLogGroupDeletionProtectionCommand,
  PutMetricFilterCommand,
  PutQueryDefinitionCommand,
  PutRetentionPolicyCommand,
  PutSubscriptionFilterCommand,
  TagResourceCommand as TagLogCommand,
  UntagResourceCommand as UntagLogCommand,
  UpdateLogAnomalyDetectorCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  SimulatePrincipalPolicyCommand,
  TagRoleCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { DescribeKeyCommand, GetKeyPolicyCommand } from '@aws-sdk/client-kms';
import {
  CreateBucketCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetPublicAccessBlockCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutPublicAccessBlockCommand,
} from '@aws-sdk/client-s3';
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
 * (Bedrock's logging API, query definitions, deletion protection, what stands on log groups). Dashboards have one budget for all Regions.
 */
export const operations = {
  'bedrock:DeleteModelInvocationLoggingConfiguration': write(DeleteModelInvocationLoggingConfigurationCommand, 2),
  'bedrock:GetModelInvocationLoggingConfiguration': read(GetModelInvocationLoggingConfigurationCommand, 5),
  'bedrock:PutModelInvocationLoggingConfiguration': write(PutModelInvocationLoggingConfigurationCommand, 2),

  'cloudwatch:DeleteAlarmMuteRule': write(DeleteAlarmMuteRuleCommand, 3),
  'cloudwatch:DeleteAlarms': write(DeleteAlarmsCommand, 3),
  'cloudwatch:DeleteAnomalyDetector': write(DeleteAnomalyDetectorCommand, 5),
  'cloudwatch:DeleteDashboards': ofAccount(write(DeleteDashboardsCommand, 10)),
  'cloudwatch:DescribeAlarms': read(DescribeAlarmsCommand, 9),
  'cloudwatch:DescribeAnomalyDetectors': read(DescribeAnomalyDetectorsCommand, 10),
  'cloudwatch:GetAlarmMuteRule': read(GetAlarmMuteRuleCommand, 20),
  'cloudwatch:GetDashboard': ofAccount(read(GetDashboardCommand, 10)),
  'cloudwatch:GetMetricData': read(GetMetricDataCommand, 50),
  'cloudwatch:ListAlarmMuteRules': read(ListAlarmMuteRulesCommand, 50),
  'cloudwatch:ListDashboards': ofAccount(read(ListDashboardsCommand, 10)),
  'cloudwatch:ListMetrics': read(ListMetricsCommand, 25),
  'cloudwatch:ListTagsForResource': read(ListMonitoringTagsCommand, 10),
  'cloudwatch:PutAlarmMuteRule': write(PutAlarmMuteRuleCommand, 3),
  'cloudwatch:PutAnomalyDetector': write(PutAnomalyDetectorCommand, 10),
  'cloudwatch:PutCompositeAlarm': write(PutCompositeAlarmCommand, 3),
  'cloudwatch:PutDashboard': ofAccount(write(PutDashboardCommand, 10)),
  'cloudwatch:PutLogAlarm': write(PutLogAlarmCommand, 3),
  'cloudwatch:PutMetricAlarm': write(PutMetricAlarmCommand, 3),
  'cloudwatch:TagResource': write(TagMonitoringCommand, 20),

  // Preflight: how what others made is looked at. No published rates; modest guesses.
  'iam:GetRole': ofAccount(read(GetRoleCommand, 5)),
  'iam:SimulatePrincipalPolicy': ofAccount(read(SimulatePrincipalPolicyCommand, 2)),

  // Roles on request.
  'iam:CreateRole': optional(ofAccount(write(CreateRoleCommand, 2))),
  'iam:DeleteRole': optional(ofAccount(write(DeleteRoleCommand, 2))),
  'iam:DeleteRolePolicy': optional(ofAccount(write(DeleteRolePolicyCommand, 2))),
  'iam:GetRolePolicy': optional(ofAccount(read(GetRolePolicyCommand, 5))),
  'iam:ListAttachedRolePolicies': optional(ofAccount(read(ListAttachedRolePoliciesCommand, 5))),
  'iam:ListRolePolicies': optional(ofAccount(read(ListRolePoliciesCommand, 5))),
  'iam:PutRolePermissionsBoundary': optional(ofAccount(write(PutRolePermissionsBoundaryCommand, 2))),
  'iam:PutRolePolicy': optional(ofAccount(write(PutRolePolicyCommand, 2))),
  'iam:TagRole': optional(ofAccount(write(TagRoleCommand, 2))),
  'iam:UpdateAssumeRolePolicy': optional(ofAccount(write(UpdateAssumeRolePolicyCommand, 2))),

  'kms:DescribeKey': read(DescribeKeyCommand, 10),
  'kms:GetKeyPolicy': read(GetKeyPolicyCommand, 10),

  'logs:AssociateKmsKey': write(AssociateKmsKeyCommand, 5),
  'logs:CreateLogAnomalyDetector': write(CreateLogAnomalyDetectorCommand, 5),
  'logs:CreateLogGroup': write(CreateLogGroupCommand, 10),
  'logs:DeleteDataProtectionPolicy': write(DeleteDataProtectionPolicyCommand, 5),
  'logs:DeleteIndexPolicy': write(DeleteIndexPolicyCommand, 5),
  'logs:DeleteLogAnomalyDetector': write(DeleteLogAnomalyDetectorCommand, 5),
  'logs:DeleteLogGroup': write(DeleteLogGroupCommand, 10),
  'logs:DeleteMetricFilter': write(DeleteMetricFilterCommand, 5),
  'logs:DeleteQueryDefinition': write(DeleteQueryDefinitionCommand, 5),
  'logs:DeleteRetentionPolicy': write(DeleteRetentionPolicyCommand, 5),
  'logs:DeleteSubscriptionFilter': write(DeleteSubscriptionFilterCommand, 5),
  'logs:DescribeAccountPolicies': read(DescribeAccountPoliciesCommand, 5),
  'logs:DescribeIndexPolicies': read(DescribeIndexPoliciesCommand, 5),
  'logs:DescribeLogGroups': read(DescribeLogGroupsCommand, 10),
  'logs:DescribeMetricFilters': read(DescribeMetricFiltersCommand, 5),
  'logs:DescribeQueryDefinitions': read(DescribeQueryDefinitionsCommand, 5),
  'logs:DescribeSubscriptionFilters': read(DescribeSubscriptionFiltersCommand, 5),
  'logs:GetDataProtectionPolicy': read(GetDataProtectionPolicyCommand, 5),
  'logs:ListLogAnomalyDetectors': read(ListLogAnomalyDetectorsCommand, 5),
  'logs:ListTagsForResource': read(ListLogTagsCommand, 30),
  'logs:PutDataProtectionPolicy': write(PutDataProtectionPolicyCommand, 5),
  'logs:PutIndexPolicy': write(PutIndexPolicyCommand, 5),
  'logs:PutLogGroupDeletionProtection': write(PutLogGroupDeletionProtectionCommand, 5),
  'logs:PutMetricFilter': write(PutMetricFilterCommand, 5),
  'logs:PutQueryDefinition': write(PutQueryDefinitionCommand, 5),
  'logs:PutRetentionPolicy': write(PutRetentionPolicyCommand, 5),
  'logs:PutSubscriptionFilter': write(PutSubscriptionFilterCommand, 5),
  'logs:TagResource': write(TagLogCommand, 5),
  'logs:UntagResource': write(UntagLogCommand, 5),
  'logs:UpdateLogAnomalyDetector': write(UpdateLogAnomalyDetectorCommand, 5),

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

  // Buckets on request: the actions of IAM are not called as S3's operations are.
  's3:CreateBucket': optional(write(CreateBucketCommand, 2)),
  's3:GetBucketPublicAccessBlock': optional(read(GetPublicAccessBlockCommand, 10)),
  's3:GetBucketTagging': optional(read(GetBucketTaggingCommand, 10)),
  's3:GetEncryptionConfiguration': optional(read(GetBucketEncryptionCommand, 10)),
  's3:GetLifecycleConfiguration': optional(read(GetBucketLifecycleConfigurationCommand, 10)),
  's3:PutBucketOwnershipControls': optional(write(PutBucketOwnershipControlsCommand, 5)),
  's3:PutBucketPolicy': optional(write(PutBucketPolicyCommand, 5)),
  's3:PutBucketPublicAccessBlock': optional(write(PutPublicAccessBlockCommand, 5)),
  's3:PutBucketTagging': optional(write(PutBucketTaggingCommand, 5)),
  's3:PutEncryptionConfiguration': optional(write(PutBucketEncryptionCommand, 5)),
  's3:PutLifecycleConfiguration': optional(write(PutBucketLifecycleConfigurationCommand, 5)),

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
  /** Only with a feature that makes roles or buckets, and allowed by an IAM policy of its own. */
  readonly optional?: true;
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

function optional<O extends Operation>(operation: O): O & { readonly optional: true } {
  return { ...operation, optional: true };
}
