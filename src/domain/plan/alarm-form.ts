import type { AlarmEntry } from '#src/api/v1alpha1.ts';
import type { AlarmMetric } from '../resource.ts';
import { type AlarmPreset, alarmPreset, type SignalContext } from './alarm-presets.ts';
import { BEDROCK, isPerModel } from './bedrock-metric.ts';
import { undocumented } from './metric-catalogue.ts';
import type { Obstacle } from './obstacle.ts';
import { freeID, type Signal } from './signal.ts';

/** What an entry watches, before models and numbers are known. */
export interface Form {
  readonly preset: AlarmPreset | undefined;
  /** For whoever is woken up. */
  readonly watches: string;
  /** `Each`: `spec.models` makes one alarm per model. `IfNamed`: only the entry's own models do. `Never`: no models do. */
  readonly perModel: 'Each' | 'IfNamed' | 'Never';
  readonly signal: (context: SignalContext) => Signal | Obstacle;
  /** Why it may never see data, in sentences; with models each alarm asks for one of them. */
  readonly doubts: (byModel: boolean) => readonly string[];
}

type MetricSpec = NonNullable<AlarmEntry['metric']>;

/** Undefined for what a newer release would know: then AWS is left alone. */
export function formOf(entry: AlarmEntry): Form | undefined {
  if (entry.preset !== undefined) return presetForm(entry.preset);
  if (entry.metric !== undefined) return metricForm(entry.metric);
  if (entry.metricMath !== undefined) return mathForm(entry.metricMath);
  if (entry.metricsInsights !== undefined) return insightsForm(entry.metricsInsights.query);
  return undefined;
}

function presetForm(name: string): Form | undefined {
  const preset = alarmPreset(name);
  if (preset === undefined) return undefined;
  const perModel = preset.models === 'Each' ? 'Each' : 'Never';
  return { preset, watches: preset.watches, perModel, signal: preset.signal, doubts: () => [] };
}

function metricForm(metric: MetricSpec): Form {
  return {
    preset: undefined,
    watches: `${metric.name} (${metric.statistic})`,
    perModel: isSelectedByModel(metric) ? 'Each' : 'IfNamed',
    signal: ({ period, modelID }) => ({ metric: alarmMetric(metric, period, modelID) }),
    doubts: (byModel) => doubtsOf(metric, byModel),
  };
}

/** With models, those metrics are by model that ModelId alone selects; a metric of the application beside them is not. */
function mathForm({ expression, metrics }: NonNullable<AlarmEntry['metricMath']>): Form {
  const byModel = metrics.some(isSelectedByModel);
  return {
    preset: undefined,
    watches: 'the expression',
    perModel: metrics.every(isSelectedByModel) ? 'Each' : 'IfNamed',
    signal: ({ period, modelID }) => {
      if (modelID !== undefined && !byModel) {
        return {
          reason: 'InvalidSpec',
          message: `watches no metric of ${BEDROCK} that models could select: remove models`,
        };
      }
      const queries = metrics.map((one) => ({
        id: one.id,
        metric: alarmMetric(one, period, isSelectedByModel(one) ? modelID : undefined),
        returnData: false,
      }));
      return { metrics: [{ id: freeID('result', queries), expression, returnData: true }, ...queries] };
    },
    doubts: (withModels) => metrics.flatMap((one) => doubtsOf(one, withModels && isSelectedByModel(one))),
  };
}

/** The query decides what it selects. */
function insightsForm(query: string): Form {
  return {
    preset: undefined,
    watches: 'any series of the query',
    perModel: 'Never',
    signal: ({ period }) => ({ metrics: [{ id: 'query', expression: query, period, returnData: true }] }),
    doubts: () => [],
  };
}

function alarmMetric(metric: MetricSpec, period: number, modelID: string | undefined): AlarmMetric {
  return {
    namespace: metric.namespace ?? BEDROCK,
    name: metric.name,
    dimensions: { ...metric.dimensions, ...(modelID !== undefined && { ModelId: modelID }) },
    statistic: metric.statistic,
    period,
    ...(metric.accountID !== undefined && { accountID: metric.accountID }),
  };
}

/** The rules of the schema on `awsName` beside `spec.models` have the same test. */
function isSelectedByModel({ namespace = BEDROCK, name, dimensions = {} }: MetricSpec): boolean {
  return namespace === BEDROCK && isPerModel(name) && Object.keys(dimensions).length === 0;
}

function doubtsOf({ namespace = BEDROCK, name, dimensions = {} }: MetricSpec, byModel: boolean): readonly string[] {
  const asked = [...Object.keys(dimensions), ...(byModel ? ['ModelId'] : [])];
  const doubt = undocumented(namespace, name, asked);
  return doubt === undefined ? [] : [doubt];
}
