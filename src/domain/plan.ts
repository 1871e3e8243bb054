import type { BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import { planAllAlarms } from './plan/all-alarms.ts';
import { planAnomalyDetectors, planModelsStillUsed } from './plan/anomaly-detector.ts';
import { planCrossAccount } from './plan/cross-account.ts';
import { planDashboards } from './plan/dashboard.ts';
import { planDataProtection } from './plan/data-protection-policy.ts';
import { planFieldIndexes } from './plan/field-index-policy.ts';
import { planInvocationLogging } from './plan/invocation-logging.ts';
import { planLogAnomalyDetector } from './plan/log-anomaly-detector.ts';
import { planLogGroups } from './plan/log-group.ts';
import { planLoggingBuckets } from './plan/logging-bucket.ts';
import { planLoggingRole } from './plan/logging-role.ts';
import { planMetricFilters } from './plan/metric-filter.ts';
import { planQueries } from './plan/query-definition.ts';
import { planSubscriptionFilters } from './plan/subscription-filter.ts';
import type { Facts, Plan } from './plan/types.ts';

export type { Fact, Facts, Part, Plan, Planned, PlannedOf } from './plan/types.ts';
export { isOfKind, parts } from './plan/types.ts';

/** The whole desired state of one monitor as a value. Pure: the same spec and facts give the same plan. */
export function plan(spec: BedrockMonitorSpec, facts: Facts): Plan {
  const before = [
    planLogGroups,
    planDataProtection,
    planLoggingRole,
    planLoggingBuckets,
    planInvocationLogging,
    planSubscriptionFilters,
    planFieldIndexes,
    planLogAnomalyDetector,
    // A model that is tuned before an alarm rests on it learns so from the beginning.
    planAnomalyDetectors,
    planAllAlarms,
  ].map((piece) => piece(spec, facts));
  // Dashboards show the state of the alarms, so they come after all that plans some.
  const shown = before.flatMap(({ resources = [] }) => resources);
  const pieces = [
    ...before,
    planDashboards(spec, facts, shown),
    planQueries(spec, facts),
    planMetricFilters(spec, facts),
    planCrossAccount(spec, facts),
  ];
  const resources = pieces.flatMap((piece) => piece.resources ?? []);
  return {
    resources: [...resources, ...planModelsStillUsed(resources, facts)],
    remarks: pieces.flatMap((piece) => piece.remarks ?? []),
    models: [...new Set(pieces.flatMap((piece) => piece.models ?? []))].sort(),
    keep: [...new Set(pieces.flatMap((piece) => piece.keep ?? []))],
  };
}
