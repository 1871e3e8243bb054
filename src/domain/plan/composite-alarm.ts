import type { Reason } from '#src/api/reasons.ts';
import type { BedrockMonitorSpec, CompositeAlarmEntry } from '#src/api/v1alpha1.ts';
import { alarmName } from '../names.ts';
import type { CompositeAlarm, ResourceRef } from '../resource.ts';
import { actionsOf, isUnheard, notAllowed, refusedActions } from './alarm-actions.ts';
import { withRunbook } from './alarm-description.ts';
import { type Namespace, namespaceOf, resolveName, resolveRule, type Unresolved } from './alarm-references.ts';
import { type AlarmRule, alarmsOf, elementsOf, joined, printAlarmRule } from './alarm-rule.ts';
import { parseAlarmRule } from './alarm-rule-text.ts';
import { seconds } from './duration.ts';
import { MAX_ALARMS } from './metric-alarm.ts';
import { nobodyNotified } from './nobody-notified.ts';
import { blocked, listed } from './remark.ts';
import { declaredTags } from './tags.ts';
import { tagsPropagation } from './tags-propagation.ts';
import type { Facts, Plan, Planned, Remark } from './types.ts';
import { withUniqueNames } from './unique-names.ts';

/** PutCompositeAlarm's limits ("CloudWatch service quotas", API reference). */
const MAX_RULE = 10_240;
const MAX_CHILDREN = 100;
const MAX_ELEMENTS = 500;
/** With the mark and a runbook a description stays under AWS's 1,024. */
const MAX_SENTENCE = 512;

/** What was planned before: the alarms that composites may rest on, why others were left out, and how many more may be. */
export interface Before {
  readonly planned: readonly Planned[];
  readonly leftOut: readonly Remark[];
  readonly room: number;
}

/** One composite alarm per entry, each after the alarms of this monitor that it names. */
export function planCompositeAlarms(spec: BedrockMonitorSpec, facts: Facts, before: Before): Partial<Plan> {
  const entries = spec.compositeAlarms ?? [];
  const nameOf = (entry: CompositeAlarmEntry) => entry.awsName ?? alarmName(facts.owner, facts.place, entry.name);
  const names = namespaceOf(spec, facts.place, entries.map(nameOf), before.planned, before.leftOut);
  const plans = entries.map((entry) => planEntry(entry, nameOf(entry), names, spec, facts));
  const planned = plans.filter((one) => 'resource' in one);
  // All kinds of alarms share one space of names.
  const unique = withUniqueNames('Alarms', [...before.planned, ...planned]);
  const resources = unique.resources.slice(before.planned.length);
  const kept = resources.slice(0, Math.max(0, before.room));
  const stalls = [
    ...plans.filter((one) => 'reason' in one),
    ...unique.remarks,
    ...overRoom(resources.length - kept.length),
  ];
  const unheard = entries.flatMap(({ name, severity = 'Warning', ...targets }) =>
    planned.some(({ path }) => path === pathOf(name)) &&
    isUnheard(targets, actionsOf(targets, severity, spec.notifications))
      ? [{ name, severity }]
      : [],
  );
  return {
    resources: kept,
    remarks: [...stalls, ...nobodyNotified('compositeAlarms', unheard)],
    keep: stalls.length > 0 ? ['Alarms'] : [],
  };
}

function planEntry(
  entry: CompositeAlarmEntry,
  name: string,
  names: Namespace,
  spec: BedrockMonitorSpec,
  facts: Facts,
): Planned | Remark {
  const path = pathOf(entry.name);
  const stop = (reason: Reason, message: string) =>
    blocked('Alarms', path, reason, `composite alarm ${entry.name}: ${message}`);
  const declared = declaredRule(entry);
  if ('reason' in declared) return stop(declared.reason, declared.message);
  const rule = resolveRule(declared, names);
  if ('reason' in rule) return stop(rule.reason, rule.message);
  const tooLong = overLimit(rule);
  if (tooLong !== undefined) return stop('AlarmRuleInvalid', tooLong);
  const suppressor = suppressorOf(entry, names);
  if (suppressor !== undefined && 'reason' in suppressor) return stop(suppressor.reason, suppressor.message);
  const actions = actionsOf(entry, entry.severity ?? 'Warning', spec.notifications);
  const refused = refusedActions(actions, facts.place, facts.actionARNs);
  if (refused.length > 0) {
    return blocked('Alarms', path, 'ActionNotAllowed', `composite alarm ${entry.name} ${notAllowed(refused, facts)}`);
  }
  const propagation = tagsPropagation(spec.notifications);
  const resource: CompositeAlarm = {
    kind: 'CompositeAlarm',
    name,
    description: withRunbook(entry.description ?? sentence(entry), entry.runbookURL),
    rule: printAlarmRule(rule),
    actionsEnabled: entry.actionsEnabled ?? true,
    ...actions,
    ...(suppressor !== undefined && { actionsSuppressor: suppressor }),
    ...(propagation !== undefined && { tagsPropagation: propagation }),
    tags: declaredTags(facts.owner, spec.tags),
  };
  const named = [...alarmsOf(rule).map(({ text }) => text), ...(suppressor === undefined ? [] : [suppressor.alarm])];
  return { resource, part: 'Alarms', path, after: ownAmong(named, names) };
}

/** The rule as written, over names of this monitor. */
function declaredRule({ anyOf, allOf, atLeast, rule = '' }: CompositeAlarmEntry): AlarmRule | Unresolved {
  const bare = (text: string) => ({ text, quoted: false });
  const firing = (text: string): AlarmRule => ({ is: 'state', state: 'ALARM', alarm: bare(text) });
  if (anyOf !== undefined) return joined('or', anyOf.map(firing));
  if (allOf !== undefined) return joined('and', allOf.map(firing));
  if (atLeast !== undefined) {
    const { count, alarms } = atLeast;
    return { is: 'atLeast', count, percent: false, not: false, state: 'ALARM', alarms: alarms.map(bare) };
  }
  const parsed = parseAlarmRule(rule);
  if (!('wrong' in parsed)) return parsed;
  return { reason: 'AlarmRuleInvalid', message: `rule is not in CloudWatch's grammar: ${parsed.wrong}` };
}

function overLimit(rule: AlarmRule): string | undefined {
  const children = new Set(alarmsOf(rule).map(({ text }) => text)).size;
  const length = printAlarmRule(rule).length;
  const elements = elementsOf(rule);
  const remedy = 'name fewer alarms or models, or divide them among several composite alarms';
  if (children > MAX_CHILDREN) return `it comes to ${children} alarms, and AWS takes ${MAX_CHILDREN}: ${remedy}`;
  if (length > MAX_RULE) return `its rule comes to ${length} characters, and AWS takes ${MAX_RULE}: ${remedy}`;
  if (elements > MAX_ELEMENTS)
    return `its rule comes to ${elements} elements, and AWS takes ${MAX_ELEMENTS}: ${remedy}`;
  return undefined;
}

function suppressorOf(
  { actionsSuppressor }: CompositeAlarmEntry,
  names: Namespace,
): CompositeAlarm['actionsSuppressor'] | Unresolved {
  if (actionsSuppressor === undefined) return undefined;
  const found = resolveName({ text: actionsSuppressor.alarm, quoted: false }, names);
  if ('reason' in found) return found;
  const [alarm] = found;
  if (alarm === undefined || found.length > 1) {
    const message = `actionsSuppressor.alarm ${actionsSuppressor.alarm} stands for ${found.length} AWS alarms, and CloudWatch takes one: name an alarm without models`;
    return { reason: 'AlarmRuleInvalid', message };
  }
  const { waitPeriod, extensionPeriod } = actionsSuppressor;
  return { alarm, waitPeriod: seconds(waitPeriod), extensionPeriod: seconds(extensionPeriod) };
}

/** Those of this monitor, each once, however they were named. */
function ownAmong(named: readonly string[], { byAWSName }: Namespace): readonly ResourceRef[] {
  const nameOf = (text: string) => (text.startsWith('arn:') ? text.split(':').slice(6).join(':') : text);
  return [...new Set(named.map(nameOf))].flatMap((name) => byAWSName.get(name) ?? []);
}

function sentence({ anyOf, allOf, atLeast, rule = '' }: CompositeAlarmEntry): string {
  const whole =
    anyOf !== undefined
      ? `Any of these alarms fires: ${listed(anyOf, 5)}.`
      : allOf !== undefined
        ? `All of these alarms fire: ${listed(allOf, 5)}.`
        : atLeast !== undefined
          ? `At least ${atLeast.count} of these alarms fire: ${listed(atLeast.alarms, 5)}.`
          : `This holds: ${rule}`;
  return whole.length > MAX_SENTENCE ? `${whole.slice(0, MAX_SENTENCE - 1)}…` : whole;
}

function pathOf(name: string): string {
  return `compositeAlarms/${name}`;
}

function overRoom(left: number): readonly Remark[] {
  if (left <= 0) return [];
  const message = `with the composite alarms the spec comes to ${left} AWS alarms more than the ${MAX_ALARMS} that one monitor holds: the last ${left} are left out, and nothing is deleted. Name fewer models, or divide the alarms among several monitors`;
  return [blocked('Alarms', 'compositeAlarms', 'TooManyResources', message)];
}
