import type { BedrockMonitorSpec } from '#src/api/v1alpha1.ts';

/** The entries of the spec's lists, named. */
export type AlarmEntry = NonNullable<BedrockMonitorSpec['alarms']>[number];
export type DashboardEntry = NonNullable<BedrockMonitorSpec['dashboards']>[number];
export type QueryEntry = NonNullable<BedrockMonitorSpec['savedQueries']>[number];
export type Notifications = NonNullable<BedrockMonitorSpec['notifications']>;
