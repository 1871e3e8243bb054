import type { conditions } from './schema/condition.ts';
import type { Value } from './schema/shape.ts';
import type { spec } from './schema/spec.ts';
import type { status } from './schema/status.ts';

/** The one served version of the one kind. Types are inferred from the schema that the CRD is made of. */
export const group = 'bedrockmonitor.io';
export const version = 'v1alpha1';
export const kind = 'BedrockMonitor';
export const plural = 'bedrockmonitors';
export const apiVersion = `${group}/${version}` as const;

/** metadata as the API server gives it, in wire form: times are RFC 3339 strings. */
interface ObjectMeta {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
}

export interface BedrockMonitor {
  readonly apiVersion: typeof apiVersion;
  readonly kind: typeof kind;
  readonly metadata: ObjectMeta;
  readonly spec: BedrockMonitorSpec;
  readonly status?: BedrockMonitorStatus;
}

export type BedrockMonitorSpec = Value<typeof spec>;
export type BedrockMonitorStatus = Value<typeof status>;
export type Condition = Value<typeof conditions>[number];

export type InvocationLoggingSpec = NonNullable<BedrockMonitorSpec['invocationLogging']>;
export type LogGroupSpec = NonNullable<InvocationLoggingSpec['cloudWatchLogs']>['logGroup'];
export type DataProtectionSpec = NonNullable<BedrockMonitorSpec['dataProtection']>;
export type NotificationsSpec = NonNullable<BedrockMonitorSpec['notifications']>;
export type AlarmEntry = NonNullable<BedrockMonitorSpec['alarms']>[number];
export type AnomalyDetectorEntry = NonNullable<BedrockMonitorSpec['anomalyDetectors']>[number];
export type CompositeAlarmEntry = NonNullable<BedrockMonitorSpec['compositeAlarms']>[number];
export type SLOEntry = NonNullable<BedrockMonitorSpec['slos']>[number];
export type MuteRuleEntry = NonNullable<BedrockMonitorSpec['muteRules']>[number];
export type DashboardEntry = NonNullable<BedrockMonitorSpec['dashboards']>[number];
export type SavedQueryEntry = NonNullable<BedrockMonitorSpec['savedQueries']>[number];
export type MetricFilterEntry = NonNullable<BedrockMonitorSpec['metricFilters']>[number];
