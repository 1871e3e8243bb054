import type { BedrockMonitorSpec, SLOEntry } from '#src/api/v1alpha1.ts';
import { alarmName } from '../names.ts';
import type { CompositeAlarm } from '../resource.ts';
import { actionsOf, isUnheard, notAllowed, refusedActions } from './alarm-actions.ts';
import { withRunbook } from './alarm-description.ts';
import type { Severity } from './alarm-presets.ts';
import { alarmResource } from './alarm-resource.ts';
import { joined, printAlarmRule } from './alarm-rule.ts';
import { type Burn, badRequests, burnRate, burns, burnThreshold } from './burn-rate.ts';
import { MAX_ALARMS } from './metric-alarm.ts';
import { chooseModels } from './models.ts';
import { nobodyNotified, type Unheard } from './nobody-notified.ts';
import { blocked } from './remark.ts';
import { declaredTags } from './tags.ts';
import { tagsPropagation } from './tags-propagation.ts';
import type { Facts, Plan, Planned, Remark } from './types.ts';

const DEFAULT_DAYS = 30;
const severities = { fast: 'Critical', slow: 'Warning' } as const;
const silent = { alarmActions: [], okActions: [], insufficientDataActions: [] } as const;

/**
 * Per slo and model four burn-rate alarms, which set nothing off, and over them two composites: fast and slow, each
 * while both of its windows burn. All of a model or nothing: within `room` AWS alarms, and only where no alarm planned
 * `before` has the name of one of them.
 */
export function planSLOs(
  spec: BedrockMonitorSpec,
  facts: Facts,
  room: number,
  before: readonly Planned[] = [],
): Partial<Plan> {
  const plans = (spec.slos ?? []).map((entry) => planSLO(entry, spec, facts));
  const taken = new Map(before.map(({ resource, path }) => [resource.name, path]));
  const all = plans.flatMap(({ name, groups }) => groups.map((alarms) => ({ name, alarms })));
  const twins = all.flatMap(({ name, alarms }) => twinOf(name, alarms, taken));
  const groups = all.filter(({ alarms }) => !alarms.some(({ resource }) => taken.has(resource.name)));
  const size = groups[0]?.alarms.length ?? 1;
  const fitting = Math.max(0, Math.floor(room / size));
  const left = Map.groupBy(groups.slice(fitting), ({ name }) => name);
  const remarks = [
    ...plans.flatMap((one) => one.remarks),
    ...twins,
    ...[...left].map(([name, more]) => overRoom(name, more.length, size)),
  ];
  return {
    resources: groups.slice(0, fitting).flatMap(({ alarms }) => alarms),
    remarks: [
      ...remarks,
      ...nobodyNotified(
        'slos',
        plans.flatMap((one) => one.unheard),
      ),
    ],
    models: plans.flatMap((one) => one.models),
    keep: remarks.some(({ note }) => !note) ? ['Alarms'] : [],
  };
}

/** Of which severity the composites of an slo are. */
export function severityOfBurn(entry: SLOEntry, burn: Burn['name']): Severity {
  const written = burn === 'fast' ? entry.fastBurn?.severity : entry.slowBurn?.severity;
  return written ?? severities[burn];
}

interface SLOPlan {
  /** Of the entry. */
  readonly name: string;
  /** The alarms of one model, those that others rest on first. */
  readonly groups: readonly (readonly Planned[])[];
  readonly remarks: readonly Remark[];
  readonly models: readonly string[];
  readonly unheard: readonly Unheard[];
}

function planSLO(entry: SLOEntry, spec: BedrockMonitorSpec, facts: Facts): SLOPlan {
  const path = `slos/${entry.name}`;
  const chosen = chooseModels(entry.models ?? spec.models, facts, 'Alarms', path);
  const none = { name: entry.name, groups: [], models: [], unheard: [] };
  const refused = burns.flatMap(({ name }) => {
    const actions = actionsOf({}, severityOfBurn(entry, name), spec.notifications);
    return refusedActions(actions, facts.place, facts.actionARNs);
  });
  if (refused.length > 0) {
    const message = `slo ${entry.name} ${notAllowed(refused, facts)}`;
    return { ...none, remarks: [...chosen.remarks, blocked('Alarms', path, 'ActionNotAllowed', message)] };
  }
  if (entry.latency?.metric === 'TimeToFirstToken' && chosen.ids === undefined) {
    const message = `slo ${entry.name} needs models: AWS documents TimeToFirstToken per model only`;
    return { ...none, remarks: [blocked('Alarms', path, 'InvalidSpec', message)] };
  }
  return {
    name: entry.name,
    groups: (chosen.ids ?? [undefined]).map((modelID) => {
      const planned = burns.map((burn) => planBurn(entry, burn, modelID, spec, facts));
      return [...planned.flatMap(({ windows }) => windows), ...planned.map(({ composite }) => composite)];
    }),
    remarks: chosen.remarks,
    models: chosen.seen,
    unheard: burns.flatMap(({ name }) => {
      const severity = severityOfBurn(entry, name);
      return isUnheard({}, actionsOf({}, severity, spec.notifications)) ? [{ name: entry.name, severity }] : [];
    }),
  };
}

function planBurn(
  entry: SLOEntry,
  burn: Burn,
  modelID: string | undefined,
  spec: BedrockMonitorSpec,
  facts: Facts,
): { readonly windows: readonly Planned[]; readonly composite: Planned } {
  const path = ['slos', entry.name, ...(modelID === undefined ? [] : [modelID])].join('/');
  const nameOf = (suffix: string) => alarmName(facts.owner, facts.place, entry.name, modelID, suffix);
  const rate = burnRate(burn, entry.windowDays ?? DEFAULT_DAYS);
  const threshold = burnThreshold(rate, entry.objective);
  const target = modelID ?? 'all models';
  const windows = burn.windows.map((window): Planned => {
    const suffix = `${burn.name}-${window.name}`;
    const condition = {
      threshold,
      comparisonOperator: 'GreaterThanThreshold',
      evaluationPeriods: 1,
      datapointsToAlarm: 1,
      treatMissingData: 'notBreaching',
    };
    const description = `More than ${threshold} % of the requests to ${target} within ${window.name} ${entry.latency === undefined ? 'failed' : 'were slow'}. Part of slo ${entry.name}, whose alarm ${burn.name} notifies.`;
    const signal = badRequests(entry, window.period, modelID);
    return {
      resource: alarmResource({ name: nameOf(suffix), signal, condition, actions: silent, description }, spec, facts),
      part: 'Alarms',
      path: `${path}/${suffix}`,
      after: [],
    };
  });
  const rules = windows.map(
    ({ resource }) => ({ is: 'state', state: 'ALARM', alarm: { text: resource.name, quoted: true } }) as const,
  );
  const propagation = tagsPropagation(spec.notifications);
  const composite: CompositeAlarm = {
    kind: 'CompositeAlarm',
    name: nameOf(burn.name),
    description: withRunbook(entry.description ?? sentence(entry, burn, rate, target), entry.runbookURL),
    rule: printAlarmRule(joined('and', rules)),
    actionsEnabled: true,
    ...actionsOf({}, severityOfBurn(entry, burn.name), spec.notifications),
    ...(propagation !== undefined && { tagsPropagation: propagation }),
    tags: declaredTags(facts.owner, spec.tags),
  };
  return {
    windows,
    composite: {
      resource: composite,
      part: 'Alarms',
      path: `${path}/${burn.name}`,
      after: windows.map(({ resource: { kind, name } }) => ({ kind, name })),
    },
  };
}

function sentence(entry: SLOEntry, burn: Burn, rate: number, target: string): string {
  const { latency, objective, windowDays = DEFAULT_DAYS } = entry;
  const good =
    latency === undefined ? 'without failure' : `under ${latency.under} (${latency.metric ?? 'InvocationLatency'})`;
  const [long] = burn.windows;
  return `The error budget of ${target} (${objective} % ${good} over ${windowDays} days) burns more than ${rate} times too fast: at this rate ${100 * burn.share} % of it are gone within ${long.name}.`;
}

/** Two alarms of one name would overwrite each other for ever. */
function twinOf(name: string, alarms: readonly Planned[], taken: ReadonlyMap<string, string>): readonly Remark[] {
  const twin = alarms.find(({ resource }) => taken.has(resource.name));
  if (twin === undefined) return [];
  const { name: shared } = twin.resource;
  const message = `${twin.path} and ${taken.get(shared)} both come to the alarm name ${shared}: give ${taken.get(shared)} another awsName`;
  return [blocked('Alarms', `slos/${name}`, 'InvalidSpec', message)];
}

function overRoom(name: string, left: number, size: number): Remark {
  const message = `slo ${name} needs ${left * size} AWS alarms more than the ${MAX_ALARMS} that one monitor holds: those of its last ${left === 1 ? 'model' : `${left} models`} are left out, and nothing is deleted. Name fewer models, or divide the slos among several monitors`;
  return blocked('Alarms', `slos/${name}`, 'TooManyResources', message);
}
