import type { AlarmEntry, BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import { bedrockMetric } from './bedrock-metric.ts';
import { costBudget } from './cost-budget.ts';
import { ERROR_RATE_INCLUDE, ERROR_RATE_MINIMUM, errorRate } from './error-rate.ts';
import type { BedrockMetricName } from './metric-catalogue.ts';
import type { Obstacle } from './obstacle.ts';
import { deliveryFailures, interventions, quotaUse, tokens } from './preset-signals.ts';
import { sensitiveDataFindings } from './sensitive-data-findings.ts';
import type { Band, Signal } from './signal.ts';
import type { Facts } from './types.ts';

export type Severity = 'Critical' | 'Warning' | 'Info';

/** What a signal is made from. */
export interface SignalContext {
  /** Seconds. */
  readonly period: number;
  /** Undefined: all models together. */
  readonly modelID: string | undefined;
  /** The entry, whose members named like a preset hold its parameters. */
  readonly entry: AlarmEntry;
  readonly spec: BedrockMonitorSpec;
  readonly facts: Facts;
}

export interface AlarmPreset {
  /** A sentence for whoever is woken up; `target` is a model or `all models`. */
  readonly meaning: (target: string) => string;
  /** What the threshold is compared with, for the same reader. */
  readonly watches: string;
  /** Absent: one of the preset's parameters. */
  readonly threshold?: number | Band;
  /** Seconds. */
  readonly period: number;
  /** M of N: `datapointsToAlarm` of `evaluationPeriods`. */
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly severity: Severity;
  /** `Each`: one alarm per model. `Together`: one alarm, of the models it names. `None`: it has no model. */
  readonly models: 'Each' | 'Together' | 'None';
  readonly signal: (context: SignalContext) => Signal | Obstacle;
}

/** All fire above their threshold, or above their band. docs/presets.md says why the numbers are what they are. */
export const alarmPresets = {
  Throttling: {
    meaning: (target) => `Bedrock throttles requests to ${target}: a quota is used up.`,
    watches: 'InvocationThrottles (Sum)',
    threshold: 0,
    period: 60,
    evaluationPeriods: 5,
    datapointsToAlarm: 3,
    severity: 'Warning',
    models: 'Each',
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
    models: 'Each',
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
    models: 'Each',
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
    models: 'Each',
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
    models: 'Each',
    signal: ({ period, modelID, entry: { errorRate: { include, minimumInvocations } = {} } }) => ({
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
    models: 'Each',
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
    models: 'Each',
    signal: single('TimeToFirstToken', 'p99'),
  },
  TokenSpike: {
    meaning: (target) => `Requests to ${target} use more tokens than usual at this time.`,
    watches: 'the sum of input and output tokens',
    threshold: { standardDeviations: 3 },
    period: 900,
    evaluationPeriods: 2,
    datapointsToAlarm: 2,
    severity: 'Warning',
    models: 'Each',
    signal: ({ period, modelID }) => tokens(period, modelID),
  },
  QuotaHeadroom: {
    meaning: (target) => `The quota of tokens per minute of ${target} is nearly used up: throttling comes next.`,
    watches: 'the part of the quota in use in percent',
    threshold: 80,
    period: 60,
    evaluationPeriods: 5,
    datapointsToAlarm: 3,
    severity: 'Warning',
    models: 'Each',
    signal: ({ period, modelID, entry: { quotaHeadroom } }) =>
      quotaHeadroom === undefined
        ? { reason: 'InvalidSpec', message: 'has no quota: set quotaHeadroom' }
        : quotaUse(quotaHeadroom.tokensPerMinute, period, modelID),
  },
  LogDeliveryFailure: {
    meaning: () => 'Bedrock could not deliver records of invocations: they are missing from the log.',
    watches: 'the number of failed deliveries',
    threshold: 0,
    period: 300,
    evaluationPeriods: 1,
    datapointsToAlarm: 1,
    severity: 'Critical',
    models: 'None',
    signal: ({ spec, period }) => deliveryFailures(spec, period),
  },
  SensitiveDataFindings: {
    meaning: () => 'Records of invocations hold data that the masking policy looks for.',
    watches: 'LogEventsWithFindings (Sum)',
    threshold: 0,
    period: 300,
    evaluationPeriods: 1,
    datapointsToAlarm: 1,
    severity: 'Warning',
    models: 'None',
    signal: sensitiveDataFindings,
  },
  GuardrailInterventions: {
    meaning: () => 'Guardrails stop or change many requests or answers.',
    watches: 'InvocationsIntervened (Sum)',
    threshold: 10,
    period: 300,
    evaluationPeriods: 3,
    datapointsToAlarm: 3,
    severity: 'Info',
    models: 'None',
    signal: ({ entry, period }) => interventions(entry, period),
  },
  CostBudget: {
    meaning: () => 'The tokens of a period cost more than was planned.',
    watches: 'the cost in USD',
    period: 86_400,
    evaluationPeriods: 1,
    datapointsToAlarm: 1,
    severity: 'Warning',
    models: 'Together',
    signal: ({ entry, spec, period }) => costBudget(entry, spec, period),
  },
} as const satisfies Record<NonNullable<AlarmEntry['preset']>, AlarmPreset>;

const byName: ReadonlyMap<string, AlarmPreset> = new Map(Object.entries(alarmPresets));

/** Undefined for a preset of a newer release. */
export function alarmPreset(name: string): AlarmPreset | undefined {
  return byName.get(name);
}

function single(name: BedrockMetricName, statistic: string): AlarmPreset['signal'] {
  return ({ period, modelID }) => ({ metric: bedrockMetric(name, statistic, period, modelID) });
}
