import type { Reason } from '#src/api/reasons.ts';
import type { AlarmEntry, BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import { alarmName } from '../names.ts';
import { actionsOf, isUnheard, notAllowed, refusedActions } from './alarm-actions.ts';
import { conditionOf } from './alarm-condition.ts';
import { descriptionOf } from './alarm-description.ts';
import { alarmEntries, DELIVERY_ALARM } from './alarm-entries.ts';
import { type Form, formOf } from './alarm-form.ts';
import type { Severity } from './alarm-presets.ts';
import { alarmResource } from './alarm-resource.ts';
import { logAlarm } from './log-alarm.ts';
import type { Chosen } from './models.ts';
import { chooseModels } from './models.ts';
import { nobodyNotified } from './nobody-notified.ts';
import { blocked, noted } from './remark.ts';
import type { Facts, Plan, Planned, Remark } from './types.ts';
import { withUniqueNames } from './unique-names.ts';

/** AWS alarms of one monitor once models are expanded: what a status can hold, and three minutes of AWS's write rate. */
export const MAX_ALARMS = 500;

/**
 * One alarm per entry, or per entry and model. An entry that cannot be planned is left out with a remark, and then
 * nothing of the part is pruned: its alarm may stand in AWS from before and still wake people up.
 */
export function planAlarms(spec: BedrockMonitorSpec, facts: Facts): Partial<Plan> {
  const plans = alarmEntries(spec).map((entry) => planEntry(entry, spec, facts));
  const entries = plans.filter((one) => 'planned' in one);
  const unique = withUniqueNames(
    'Alarms',
    entries.flatMap(({ planned }) => planned),
  );
  const remarks = [
    ...plans.filter((one) => 'reason' in one),
    ...entries.flatMap(({ models }) => models.remarks),
    ...unique.remarks,
    ...overBound(unique.resources.length),
  ];
  return {
    resources: unique.resources.slice(0, MAX_ALARMS),
    remarks: [
      ...remarks,
      ...nobodyNotified(
        'alarms',
        entries.filter(({ unheard }) => unheard),
      ),
      ...undocumentedMetrics(entries),
    ],
    models: entries.flatMap(({ models }) => models.seen),
    keep: remarks.some(({ note }) => !note) ? ['Alarms'] : [],
  };
}

interface EntryPlan {
  readonly name: string;
  readonly planned: readonly Planned[];
  readonly models: Chosen;
  readonly severity: Severity;
  /** Nobody hears of it, and nobody asked for silence. */
  readonly unheard: boolean;
  readonly doubts: readonly string[];
}

function planEntry(entry: AlarmEntry, spec: BedrockMonitorSpec, facts: Facts): EntryPlan | Remark {
  const path = `alarms/${entry.name}`;
  const stop = (reason: Reason, message: string) => blocked('Alarms', path, reason, `alarm ${entry.name} ${message}`);
  const form = entry.logQuery ?? formOf(entry);
  if (form === undefined) {
    return stop(
      'UnsupportedField',
      'uses a form or preset that this release of the operator does not know: upgrade the operator, or use what its documentation lists',
    );
  }
  const condition = conditionOf(entry, 'queryString' in form ? undefined : form.preset);
  if ('wrong' in condition) return blocked('Alarms', path, 'InvalidSpec', condition.wrong);
  const actions = actionsOf(entry, condition.severity, spec.notifications);
  const refused = refusedActions(actions, facts.place, facts.actionARNs);
  if (refused.length > 0) {
    return stop('ActionNotAllowed', notAllowed(refused, facts));
  }
  const unheard = entry !== DELIVERY_ALARM && isUnheard(entry, actions);
  const told = { name: entry.name, severity: condition.severity, unheard };
  if ('queryString' in form) {
    const resource = logAlarm(entry, form, condition, actions, spec, facts);
    if ('reason' in resource) return resource;
    return { ...told, planned: [{ resource, part: 'Alarms', path, after: [] }], models: noModels, doubts: [] };
  }
  const planned: Planned[] = [];
  const models = modelsOf(entry, form, spec, facts);
  for (const modelID of models.ids ?? [undefined]) {
    const signal = form.signal({ period: condition.period, modelID, entry, spec, facts });
    if ('reason' in signal) return stop(signal.reason, signal.message);
    const name =
      (modelID === undefined ? entry.awsName : undefined) ?? alarmName(facts.owner, facts.place, entry.name, modelID);
    const description = descriptionOf(entry, form, condition, modelID);
    const { actionsEnabled = true } = entry;
    planned.push({
      resource: alarmResource({ name, signal, condition, actions, actionsEnabled, description }, spec, facts),
      part: 'Alarms',
      path: modelID === undefined ? path : `${path}/${modelID}`,
      after: [],
    });
  }
  return { ...told, planned, models, doubts: form.doubts(models.ids !== undefined) };
}

/** Of a log query, which decides by itself what it looks at. */
const noModels: Chosen = { ids: undefined, seen: [], remarks: [] };

function modelsOf(entry: AlarmEntry, form: Form, spec: BedrockMonitorSpec, facts: Facts): Chosen {
  const models =
    form.perModel === 'Never' ? undefined : (entry.models ?? (form.perModel === 'Each' ? spec.models : undefined));
  return chooseModels(models, facts, 'Alarms', `alarms/${entry.name}`);
}

function overBound(count: number): readonly Remark[] {
  if (count <= MAX_ALARMS) return [];
  const message = `the spec comes to ${count} AWS alarms, and one monitor holds at most ${MAX_ALARMS}: only the first ${MAX_ALARMS} are kept, and none is deleted. Name fewer models, or divide the alarms among several monitors`;
  return [blocked('Alarms', 'alarms', 'TooManyResources', message)];
}

function undocumentedMetrics(entries: readonly EntryPlan[]): readonly Remark[] {
  return entries.flatMap(({ name, doubts }) => {
    if (doubts.length === 0) return [];
    const message = `alarm ${name} may never see data: ${[...new Set(doubts)].join('; ')}`;
    return [noted('Alarms', `alarms/${name}`, 'UndocumentedMetric', message)];
  });
}
