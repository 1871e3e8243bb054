import type { AlarmEntry } from '#src/api/v1alpha1.ts';
import type { AlarmMetric, MetricQuery } from '../resource.ts';
import { bedrockMetric } from './bedrock-metric.ts';
import { ERROR_RATE_INCLUDE, ERROR_RATE_MINIMUM, type ErrorKind, errorRate } from './error-rate.ts';

export type Severity = 'Critical' | 'Warning' | 'Info';

/** What one alarm watches: one metric, or metric math. */
export type Signal = { readonly metric: AlarmMetric } | { readonly metrics: readonly MetricQuery[] };

/** The parameters of a preset, from the member of the entry that is named like it. */
interface PresetParameters {
  readonly errorRate?: { readonly include?: readonly ErrorKind[]; readonly minimumInvocations?: number };
}

export interface AlarmPreset {
  /** A sentence for whoever is woken up; `target` is a model or `all models`. */
  readonly meaning: (target: string) => string;
  /** What the threshold is compared with, for the same reader. */
  readonly watches: string;
  readonly threshold: number;
  /** Seconds. */
  readonly period: number;
  /** M of N: `datapointsToAlarm` of `evaluationPeriods`. */
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly severity: Severity;
  readonly signal: (period: number, modelID: string | undefined, parameters: PresetParameters) => Signal;
}

/** All fire above their threshold. docs/presets.md says why the numbers are what they are. */
export const alarmPresets = {
  Throttling: {
    meaning: (target) => `Bedrock throttles requests to ${target}: a quota is used up.`,
    watches: 'InvocationThrottles (Sum)',
    threshold: 0,
    period: 60,
    evaluationPeriods: 5,
    datapointsToAlarm: 3,
    severity: 'Warning',
    signal: single('InvocationThrottles', 'Sum'),
  },
  ServerErrors: {
    meaning: (target) => `Requests to ${target} fail with errors on the side of AWS.`,
    watches: 'InvocationServerErrors (Sum)',
    threshold: 0,
    period: 60,
    evaluationPeriods: 5,
    datapointsToAlarm: 3,
    severity: 'Critical',
    signal: single('InvocationServerErrors', 'Sum'),
  },
  ClientErrors: {
    meaning: (target) => `Many requests to ${target} are refused as wrong or not permitted.`,
    watches: 'InvocationClientErrors (Sum)',
    threshold: 10,
    period: 300,
    evaluationPeriods: 3,
    datapointsToAlarm: 3,
    severity: 'Info',
    signal: single('InvocationClientErrors', 'Sum'),
  },
  LegacyModel: {
    meaning: (target) => `A model of Legacy status is in use (${target}): AWS will take it out of service.`,
    watches: 'LegacyModelInvocations (Sum)',
    threshold: 0,
    period: 3600,
    evaluationPeriods: 1,
    datapointsToAlarm: 1,
    severity: 'Info',
    signal: single('LegacyModelInvocations', 'Sum'),
  },
  ErrorRate: {
    meaning: (target) => `Too large a part of the requests to ${target} fails.`,
    watches: 'the error rate in percent',
    threshold: 5,
    period: 300,
    evaluationPeriods: 3,
    datapointsToAlarm: 3,
    severity: 'Critical',
    signal: (period, modelID, { errorRate: { include, minimumInvocations } = {} }) => ({
      metrics: errorRate(include ?? ERROR_RATE_INCLUDE, minimumInvocations ?? ERROR_RATE_MINIMUM, period, modelID),
    }),
  },
  LatencyP99: {
    meaning: (target) => `The slowest answers of ${target} take too long, from the request to the last token.`,
    watches: 'InvocationLatency (p99, milliseconds)',
    threshold: 30_000,
    period: 300,
    evaluationPeriods: 3,
    datapointsToAlarm: 3,
    severity: 'Warning',
    signal: single('InvocationLatency', 'p99'),
  },
  TimeToFirstToken: {
    meaning: (target) => `Streamed answers of ${target} begin too late.`,
    watches: 'TimeToFirstToken (p99, milliseconds)',
    threshold: 5000,
    period: 300,
    evaluationPeriods: 3,
    datapointsToAlarm: 3,
    severity: 'Warning',
    signal: single('TimeToFirstToken', 'p99'),
  },
} as const satisfies Record<NonNullable<AlarmEntry['preset']>, AlarmPreset>;

const byName: ReadonlyMap<string, AlarmPreset> = new Map(Object.entries(alarmPresets));

/** Undefined for a preset of a newer release. */
export function alarmPreset(name: string): AlarmPreset | undefined {
  return byName.get(name);
}

function single(name: string, statistic: string): AlarmPreset['signal'] {
  return (period, modelID) => ({ metric: bedrockMetric(name, statistic, period, modelID) });
}
