import { accountPolicyOperations } from './account-policies.ts';
import { anomalyDetectorOperations } from './anomaly-detectors.ts';
import { bucketSettingOperations } from './bucket-settings.ts';
import { bucketOperations } from './buckets.ts';
import { compositeAlarmOperations } from './composite-alarms.ts';
import { dashboardOperations } from './dashboards.ts';
import { dataProtectionOperations } from './data-protection.ts';
import { iamOperations } from './iam-operations.ts';
import { iamRolePolicyOperations } from './iam-role-policies.ts';
import { iamRoleOperations } from './iam-roles.ts';
import { indexPolicyOperations } from './index-policies.ts';
import { keyOperations } from './keys.ts';
import { logAlarmOperations } from './log-alarms.ts';
import { logAnomalyDetectorOperations } from './log-anomaly-detectors.ts';
import { logEventOperations } from './log-events.ts';
import { logGroupOperations } from './log-groups.ts';
import { metricAlarmOperations } from './metric-alarms.ts';
import { metricFilterOperations } from './metric-filters.ts';
import { metricOperations } from './metric-operations.ts';
import { modelInvocationLoggingOperations } from './model-invocation-logging.ts';
import { muteRuleOperations } from './mute-rules.ts';
import { linkOperations } from './oam-links.ts';
import { sinkOperations } from './oam-sinks.ts';
import { oamTagOperations } from './oam-tags.ts';
import type { Operation, Service } from './operation.ts';
import { queryOperations } from './queries.ts';
import { queryDefinitionOperations } from './query-definitions.ts';
import { stsOperations } from './sts.ts';
import { subscriptionFilterOperations } from './subscription-filters.ts';
import { tagOperations } from './tags.ts';
import { topicOperations } from './topics.ts';

/** Everything the simulator can do. A new kind of resource is a file of operations and a line here. */
const all: readonly Operation[] = [
  ...modelInvocationLoggingOperations,
  ...metricAlarmOperations,
  ...anomalyDetectorOperations,
  ...logAlarmOperations,
  ...compositeAlarmOperations,
  ...muteRuleOperations,
  ...metricOperations,
  ...dashboardOperations,
  ...logGroupOperations,
  ...logEventOperations,
  ...dataProtectionOperations,
  ...queryDefinitionOperations,
  ...queryOperations,
  ...metricFilterOperations,
  ...subscriptionFilterOperations,
  ...indexPolicyOperations,
  ...logAnomalyDetectorOperations,
  ...accountPolicyOperations,
  ...tagOperations,
  ...stsOperations,
  ...iamOperations,
  ...iamRoleOperations,
  ...iamRolePolicyOperations,
  ...bucketOperations,
  ...bucketSettingOperations,
  ...keyOperations,
  ...topicOperations,
  ...sinkOperations,
  ...linkOperations,
  ...oamTagOperations,
];

const byName: ReadonlyMap<string, Operation> = new Map(all.map((one) => [`${one.service}:${one.name}`, one]));

export function operationNamed(service: Service, name: string): Operation | undefined {
  return byName.get(`${service}:${name}`);
}
