import type { AnomalyDetectorEntry, BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import { isoSeconds } from '../conditions.ts';
import type { AnomalyDetector } from '../resource.ts';
import { refKey } from '../result.ts';
import { bandedMetric, modelName, seenFrom, untuned } from '../trained-model.ts';
import { BEDROCK, isPerModel } from './bedrock-metric.ts';
import { chooseModels } from './models.ts';
import { blocked } from './remark.ts';
import type { Facts, Plan, Planned, Remark } from './types.ts';

/**
 * One trained model per entry, or per entry and model of Bedrock. Of two entries on one series the first counts. What an
 * entry leaves out is as CloudWatch has it by default: taking a line out of the spec takes it back.
 */
export function planAnomalyDetectors(spec: BedrockMonitorSpec, facts: Facts): Partial<Plan> {
  const tuned = new Map<string, Planned>();
  const remarks: Remark[] = [];
  const models: string[] = [];
  for (const entry of spec.anomalyDetectors ?? []) {
    const path = `anomalyDetectors/${entry.name}`;
    const chosen = chooseModels(modelsOf(entry, spec), facts, 'Alarms', path);
    remarks.push(...chosen.remarks);
    models.push(...chosen.seen);
    for (const modelID of chosen.ids ?? [undefined]) {
      const planned = { path: modelID === undefined ? path : `${path}/${modelID}`, part: 'Alarms', after: [] } as const;
      const resource = detector(entry, modelID, facts);
      const twin = tuned.get(resource.name);
      if (twin === undefined) tuned.set(resource.name, { ...planned, resource });
      else remarks.push(sameSeries(planned.path, twin));
    }
  }
  const keep = remarks.some(({ note }) => !note) ? (['Alarms'] as const) : [];
  return { resources: [...tuned.values()], remarks, models, keep };
}

/**
 * Models that this monitor made or tuned, whose entry has left the spec while a band of its own still rests on them:
 * they go back to CloudWatch's defaults, and go when the alarm does. Deleted now, they would come back untrained.
 */
export function planModelsStillUsed(planned: readonly Planned[], { owned, place }: Facts): readonly Planned[] {
  const known = new Set(planned.map(({ resource }) => refKey(resource)));
  const banded = planned.flatMap(({ resource }) => {
    const metric = resource.kind === 'MetricAlarm' ? bandedMetric(resource, place.accountID) : undefined;
    return metric === undefined ? [] : [metric];
  });
  const left = new Map(banded.map((metric) => [modelName(metric), metric]));
  return [...left].flatMap(([name, metric]): Planned[] => {
    const resource: AnomalyDetector = { kind: 'AnomalyDetector', name, metric, ...untuned };
    if (known.has(refKey(resource)) || owned?.has(refKey(resource)) !== true) return [];
    return [{ resource, part: 'Alarms', path: `anomalyDetectors/${name}`, after: [] }];
  });
}

function modelsOf({ metric, models }: AnomalyDetectorEntry, spec: BedrockMonitorSpec): readonly string[] | undefined {
  const { namespace = BEDROCK, name, dimensions = {} } = metric;
  const perModel = namespace === BEDROCK && isPerModel(name) && Object.keys(dimensions).length === 0;
  return models ?? (perModel ? spec.models : undefined);
}

function detector(entry: AnomalyDetectorEntry, modelID: string | undefined, { place }: Facts): AnomalyDetector {
  const { namespace = BEDROCK, name, statistic, dimensions, accountID } = entry.metric;
  const metric = seenFrom(place.accountID, {
    namespace,
    name,
    statistic,
    dimensions: { ...dimensions, ...(modelID !== undefined && { ModelId: modelID }) },
    ...(accountID !== undefined && { accountID }),
  });
  const { timeZone, adaptationSpeed, outlierFilteringStrength, periodicSpikes } = entry;
  return {
    kind: 'AnomalyDetector',
    name: modelName(metric),
    metric,
    ...untuned,
    excludedTimeRanges: rangesOf(entry),
    ...(timeZone !== undefined && { timeZone }),
    ...(adaptationSpeed !== undefined && { adaptationSpeed: adaptationSpeed.toUpperCase() }),
    ...(outlierFilteringStrength !== undefined && { outlierFilteringStrength: outlierFilteringStrength.toUpperCase() }),
    ...(periodicSpikes !== undefined && { periodicSpikes }),
  };
}

/** In UTC and whole seconds, as AWS keeps them, and in order. */
function rangesOf({ excludedTimeRanges = [] }: AnomalyDetectorEntry): AnomalyDetector['excludedTimeRanges'] {
  return excludedTimeRanges
    .map(({ startTime, endTime }) => ({ startTime: inSeconds(startTime), endTime: inSeconds(endTime) }))
    .sort((a, b) => (a.startTime + a.endTime < b.startTime + b.endTime ? -1 : 1));
}

function inSeconds(time: string): string {
  return isoSeconds(Date.parse(time));
}

function sameSeries(path: string, twin: Planned): Remark {
  const message = `${path} and ${twin.path} tune one model, that of ${twin.resource.name}: CloudWatch has one for each metric and statistic, so remove one of the two`;
  return blocked('Alarms', path, 'InvalidSpec', message);
}
