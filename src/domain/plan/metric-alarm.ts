import type { AlarmEntry, BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import { alarmName } from '../names.ts';
import type { MetricAlarm } from '../resource.ts';
import { type AlarmActions, actionsOf, isUnheard, refusedActions } from './alarm-actions.ts';
import { type Condition, conditionOf, lowSampleCount } from './alarm-condition.ts';
import { descriptionOf } from './alarm-description.ts';
import { type AlarmPreset, alarmPreset, type Severity, type Signal } from './alarm-presets.ts';
import { BEDROCK, isPerModel } from './bedrock-metric.ts';
import { modelIDs } from './models.ts';
import { blocked, listed, noted } from './remark.ts';
import { declaredTags } from './tags.ts';
import type { Facts, Plan, Planned, Remark } from './types.ts';
import { withUniqueNames } from './unique-names.ts';

/** AWS alarms of one monitor once models are expanded: what a status can hold, and three minutes of AWS's write rate. */
export const MAX_ALARMS = 500;

/**
 * One alarm per entry, or per entry and model. An entry that cannot be planned is left out with a remark, and then
 * nothing of the part is pruned: its alarm may stand in AWS from before and still wake people up.
 */
export function planAlarms(spec: BedrockMonitorSpec, facts: Facts): Partial<Plan> {
  if (spec.alarms === undefined) return {};
  const entries = spec.alarms.map((entry) => ({ entry, plan: planEntry(entry, spec, facts) }));
  const unique = withUniqueNames(
    'Alarms',
    entries.flatMap(({ plan }) => ('planned' in plan ? plan.planned : [])),
  );
  const stalls = [
    ...entries.flatMap(({ plan }) => ('remark' in plan ? [plan.remark] : [])),
    ...unique.remarks,
    ...overBound(unique.resources.length),
  ];
  return {
    resources: unique.resources.slice(0, MAX_ALARMS),
    remarks: [...stalls, ...nobodyNotified(entries.flatMap(({ plan }) => ('unheard' in plan ? [plan] : [])))],
    keep: stalls.length > 0 ? ['Alarms'] : [],
  };
}

type EntryPlan =
  | { readonly remark: Remark }
  | { readonly planned: readonly Planned[] }
  | { readonly planned: readonly Planned[]; readonly unheard: string; readonly severity: Severity };

function planEntry(entry: AlarmEntry, spec: BedrockMonitorSpec, facts: Facts): EntryPlan {
  const path = `alarms/${entry.name}`;
  const form = formOf(entry);
  if (form === undefined) {
    const message = `alarm ${entry.name} uses a form or preset that this release of the operator does not know: upgrade the operator, or use preset or metric as its documentation lists them`;
    return { remark: blocked('Alarms', path, 'UnsupportedField', message) };
  }
  const condition = conditionOf(entry, form.preset);
  if ('wrong' in condition) return { remark: blocked('Alarms', path, 'InvalidSpec', condition.wrong) };
  const actions = actionsOf(entry, condition.severity, spec.notifications);
  const refused = refusedActions(actions, facts.place, facts.actionARNs);
  if (refused.length > 0) {
    const message = `alarm ${entry.name} may not notify ${listed(refused, 3)}: use an SNS topic of account ${facts.place.accountID} in ${facts.place.region}, or ask the platform team to list the target under actionARNs for namespace ${facts.owner.namespace} in the credentials ConfigMap`;
    return { remark: blocked('Alarms', path, 'ActionNotAllowed', message) };
  }
  const planned = (modelsOf(entry, form, spec) ?? [undefined]).map(
    (modelID): Planned => ({
      resource: alarm(entry, form, condition, actions, modelID, spec, facts),
      part: 'Alarms',
      path: modelID === undefined ? path : `${path}/${modelID}`,
      after: [],
    }),
  );
  return isUnheard(entry, actions) ? { planned, unheard: entry.name, severity: condition.severity } : { planned };
}

interface Form {
  readonly preset: AlarmPreset | undefined;
  readonly signal: (period: number, modelID: string | undefined) => Signal;
  /** Whether `spec.models` makes one alarm per model of it. */
  readonly perModel: boolean;
}

/** Undefined for what a newer release would know: then AWS is left alone. */
function formOf(entry: AlarmEntry): Form | undefined {
  if (entry.preset !== undefined) {
    const preset = alarmPreset(entry.preset);
    if (preset === undefined) return undefined;
    return { preset, signal: (period, modelID) => preset.signal(period, modelID, entry), perModel: true };
  }
  const { metric } = entry;
  if (metric === undefined) return undefined;
  const namespace = metric.namespace ?? BEDROCK;
  const dimensions = metric.dimensions ?? {};
  return {
    preset: undefined,
    signal: (period, modelID) => ({
      metric: {
        namespace,
        name: metric.name,
        dimensions: { ...dimensions, ...(modelID !== undefined && { ModelId: modelID }) },
        statistic: metric.statistic,
        period,
      },
    }),
    perModel: namespace === BEDROCK && isPerModel(metric.name) && Object.keys(dimensions).length === 0,
  };
}

function modelsOf(entry: AlarmEntry, form: Form, spec: BedrockMonitorSpec): readonly string[] | undefined {
  return modelIDs(entry.models ?? (form.perModel ? spec.models : undefined));
}

function alarm(
  entry: AlarmEntry,
  form: Form,
  condition: Condition,
  actions: AlarmActions,
  modelID: string | undefined,
  spec: BedrockMonitorSpec,
  facts: Facts,
): MetricAlarm {
  const signal = form.signal(condition.period, modelID);
  const lowSamples = lowSampleCount(entry, 'metric' in signal ? signal.metric.statistic : undefined);
  return {
    kind: 'MetricAlarm',
    name:
      (modelID === undefined ? entry.awsName : undefined) ?? alarmName(facts.owner, facts.place, entry.name, modelID),
    description: descriptionOf(entry, form.preset, signal, condition, modelID),
    ...signal,
    threshold: condition.threshold,
    comparisonOperator: condition.comparisonOperator,
    evaluationPeriods: condition.evaluationPeriods,
    datapointsToAlarm: condition.datapointsToAlarm,
    treatMissingData: condition.treatMissingData,
    ...(lowSamples !== undefined && { evaluateLowSampleCountPercentile: lowSamples }),
    actionsEnabled: entry.actionsEnabled ?? true,
    ...actions,
    tags: declaredTags(facts.owner, spec.tags),
  };
}

function overBound(count: number): readonly Remark[] {
  if (count <= MAX_ALARMS) return [];
  const message = `the spec comes to ${count} AWS alarms, and one monitor holds at most ${MAX_ALARMS}: only the first ${MAX_ALARMS} are kept, and none is deleted. Name fewer models, or divide the alarms among several monitors`;
  return [blocked('Alarms', 'alarms', 'TooManyResources', message)];
}

function nobodyNotified(
  unheard: readonly { readonly unheard: string; readonly severity: Severity }[],
): readonly Remark[] {
  if (unheard.length === 0) return [];
  const bySeverity = Map.groupBy(unheard, ({ severity }) => severity);
  const lists = [...bySeverity].map(
    ([severity, alarms]) =>
      `${severity} (${listed(
        alarms.map((one) => one.unheard),
        5,
      )})`,
  );
  const message = `nobody is notified of alarms of severity ${lists.join(', ')}: add a route to notifications.routes, or alarmActions to the entries`;
  return [noted('Alarms', 'alarms', 'NobodyNotified', message)];
}
