import type { JsonObject } from '#src/domain/json.ts';
import { alarmActions, alarmPut } from './alarm-put.ts';
import { readAlarmRule } from './alarm-rule.ts';
import { array, boolean, check, integer, required, type Shape, string } from './constraints.ts';
import { validationError } from './errors.ts';
import { pick, text, texts } from './members.ts';
import { alarmName } from './metric-alarm-constraints.ts';
import { arn, type Operation, type Scope } from './operation.ts';
import type { Alarm, Region } from './state.ts';
import { tag, tagLimit } from './tag-constraints.ts';
import { tagEntries } from './tags.ts';

/** PutCompositeAlarm's limits ("CloudWatch service quotas"): of the rule's text, its alarms and its elements. */
const RULE = 10_240;
const CHILDREN = 100;
const ELEMENTS = 500;
/** So many composites may name one alarm. */
const PARENTS = 150;

const actions = array(0, 5, string(1, 1024));
const putCompositeAlarmShape: Shape = {
  AlarmName: required(alarmName),
  AlarmDescription: string(0, 1024),
  AlarmRule: required(string(1, RULE)),
  ActionsEnabled: boolean(),
  OKActions: actions,
  AlarmActions: actions,
  InsufficientDataActions: actions,
  Tags: array(0, tagLimit, tag),
  ActionsSuppressor: string(1, 1600),
  ActionsSuppressorWaitPeriod: integer(),
  ActionsSuppressorExtensionPeriod: integer(),
};

const putCompositeAlarm: Operation = {
  service: 'monitoring',
  name: 'PutCompositeAlarm',
  mutates: true,
  // "You must have the cloudwatch:PutCompositeAlarm permission that is scoped to *" (API reference).
  permissions: (input, scope) => [
    { action: 'cloudwatch:PutCompositeAlarm', resource: '*' },
    ...(tagEntries(input).length > 0
      ? [
          {
            action: 'cloudwatch:TagResource',
            resource: arn(scope, 'cloudwatch', `alarm:${text(input, 'AlarmName') ?? ''}`),
          },
        ]
      : []),
  ],
  run(input, scope) {
    check(input, putCompositeAlarmShape, validationError);
    const name = text(input, 'AlarmName') ?? '';
    const store = alarmPut('CompositeAlarm', input, scope);
    checkRule(text(input, 'AlarmRule') ?? '', name, scope);
    checkSuppressor(input, scope);
    for (const member of ['OKActions', 'AlarmActions', 'InsufficientDataActions']) {
      for (const action of texts(input, member)) checkAction(action, scope);
    }
    store({
      ...pick(input, [
        'AlarmDescription',
        'AlarmRule',
        'ActionsSuppressor',
        'ActionsSuppressorWaitPeriod',
        'ActionsSuppressorExtensionPeriod',
        'ActionConfiguration',
      ]),
      ...alarmActions(input),
    });
    evaluateComposites(scope.region, scope.now);
    return {};
  },
};

export const compositeAlarmOperations: readonly Operation[] = [putCompositeAlarm];

/** What the states of its children were when a composite was last evaluated: it is again only when one of them changes. */
const evaluatedFrom = new WeakMap<Alarm, string>();

/**
 * Brings composites up to date with their children. One in a cycle is not evaluated any more; one that was evaluated
 * once never goes back to INSUFFICIENT_DATA; what SetAlarmState set stays until a child changes its state.
 */
export function evaluateComposites(region: Region, now: number): void {
  const done = new Set<string>();
  const evaluate = (alarm: Alarm, above: readonly string[]): void => {
    if (alarm.kind !== 'CompositeAlarm' || done.has(alarm.name) || above.includes(alarm.name)) return;
    const rule = ruleOf(alarm);
    if (rule === undefined) return;
    const children = rule.children.map((child) => region.alarms.get(nameOf(child)));
    for (const child of children) if (child) evaluate(child, [...above, alarm.name]);
    done.add(alarm.name);
    const from = JSON.stringify([alarm.configuration['AlarmRule'] ?? '', children.map((child) => child?.state ?? '')]);
    if (evaluatedFrom.get(alarm) === from || leadsBack(alarm.name, region)) return;
    evaluatedFrom.set(alarm, from);
    const stateOf = (child: string) => region.alarms.get(nameOf(child))?.state ?? 'INSUFFICIENT_DATA';
    const state = rule.holds(stateOf) ? 'ALARM' : 'OK';
    alarm.stateUpdatedAt = now;
    if (state === alarm.state) return;
    alarm.state = state;
    alarm.stateReason = `${rule.children.length} child alarms were evaluated`;
    alarm.stateTransitionedAt = now;
  };
  for (const alarm of region.alarms.values()) evaluate(alarm, []);
}

/**
 * Throws ValidationError where a composite alarm names one of these, in its rule or as its suppressor: nothing of the
 * whole call is then deleted. An alarm that reads still show as naming it counts too.
 */
export function refuseDependedUpon(names: readonly string[], scope: Scope): void {
  const { alarms } = scope.region;
  const composites = [...scope.seen(alarms).values(), ...alarms.values()].filter(
    (alarm) => alarm.kind === 'CompositeAlarm' && alarms.has(alarm.name),
  );
  const depended = names.filter(
    (name) => alarms.has(name) && composites.some((alarm) => dependenciesOf(alarm).includes(name)),
  );
  if (depended.length === 0) return;
  const them = depended.length === 1 ? 'it' : 'them';
  throw validationError(`Cannot delete ${depended.join(',')} as there are composite alarm(s) depending on ${them}.`);
}

/** What DescribeAlarms adds while the suppressor holds the actions back. The two periods are not played. */
export function suppression(alarm: Alarm, region: Region): JsonObject {
  const suppressor = text(alarm.configuration, 'ActionsSuppressor');
  const holding = suppressor !== undefined && region.alarms.get(nameOf(suppressor))?.state === 'ALARM';
  if (alarm.kind !== 'CompositeAlarm' || alarm.state !== 'ALARM' || !holding) return {};
  return { ActionsSuppressedBy: 'Alarm', ActionsSuppressedReason: `Actions suppressed by ${suppressor}` };
}

function checkRule(rule: string, name: string, scope: Scope): void {
  if (rule !== rule.trim())
    throw validationError('AlarmRule must not contain leading or trailing whitespace or be null');
  const { children, elements } = readAlarmRule(rule);
  if (children.length > CHILDREN) {
    throw validationError(`AlarmRule can reference at most ${CHILDREN} alarms, and references ${children.length}`);
  }
  if (elements > ELEMENTS)
    throw validationError(`AlarmRule can have at most ${ELEMENTS} elements, and has ${elements}`);
  for (const child of children) checkPlace(child, scope);
  // As reads see them, which lag: alarms that were made a moment ago "do not exist".
  const seen = scope.seen(scope.region.alarms);
  const missing = children.filter((child) => !seen.has(nameOf(child)));
  if (missing.length > 0) {
    throw validationError(
      `Could not save the composite alarm as alarms [${missing.join(', ')}] in the alarm rule do not exist`,
    );
  }
  for (const child of children) {
    const parents = [...scope.region.alarms.values()].filter(
      (alarm) => alarm.name !== name && ruleOf(alarm)?.children.some((one) => nameOf(one) === nameOf(child)),
    );
    if (parents.length >= PARENTS) {
      throw validationError(`Alarm ${child} is already referenced by ${PARENTS} composite alarms`);
    }
  }
}

function checkSuppressor(input: JsonObject, scope: Scope): void {
  const suppressor = text(input, 'ActionsSuppressor');
  const periods = ['ActionsSuppressorWaitPeriod', 'ActionsSuppressorExtensionPeriod'];
  const given = periods.filter((member) => input[member] !== undefined);
  if (suppressor === undefined && given.length > 0) {
    throw validationError(`${given.join(', ')} can only be specified with ActionsSuppressor`);
  }
  if (suppressor === undefined) return;
  if (given.length < periods.length)
    throw validationError(`${periods.join(' and ')} are required with ActionsSuppressor`);
  checkPlace(suppressor, scope);
  if (!scope.seen(scope.region.alarms).has(nameOf(suppressor))) {
    throw validationError(
      `Could not save the composite alarm as alarms [${suppressor}] in the suppressor do not exist`,
    );
  }
}

/** All alarms under a composite are of its own account and Region. */
function checkPlace(child: string, scope: Scope): void {
  if (!child.startsWith('arn:')) return;
  const [, , service, region, account, kind] = child.split(':');
  if (service !== 'cloudwatch' || kind !== 'alarm' || region !== scope.region.name || account !== scope.account.id) {
    throw validationError(`AlarmRule references an alarm of another account or Region, or no alarm: ${child}`);
  }
}

/** Composite alarms take fewer kinds of actions than metric alarms. */
function checkAction(action: string, scope: Scope): void {
  const [prefix, partition, service, region] = action.split(':');
  if (prefix !== 'arn' || partition === undefined || !['sns', 'lambda', 'ssm', 'aiops'].includes(service ?? '')) {
    throw validationError(`Invalid arn syntax: ${action}`);
  }
  if (region !== scope.region.name) {
    throw validationError(`Invalid region ${region} specified. Only ${scope.region.name} is supported.`);
  }
}

/** Undefined for other alarms, and for what a test put there that is no rule. */
function ruleOf(alarm: Alarm): ReturnType<typeof readAlarmRule> | undefined {
  const rule = text(alarm.configuration, 'AlarmRule');
  if (rule === undefined) return undefined;
  try {
    return readAlarmRule(rule);
  } catch {
    return undefined;
  }
}

function dependenciesOf(alarm: Alarm): readonly string[] {
  const suppressor = text(alarm.configuration, 'ActionsSuppressor');
  const children = ruleOf(alarm)?.children ?? [];
  return [...children, ...(suppressor === undefined ? [] : [suppressor])].map(nameOf);
}

function leadsBack(name: string, { alarms }: Region): boolean {
  const reached = new Set<string>();
  const walk = (from: string): void => {
    const alarm = alarms.get(from);
    for (const child of (alarm && ruleOf(alarm)?.children) ?? []) {
      if (reached.has(nameOf(child))) continue;
      reached.add(nameOf(child));
      walk(nameOf(child));
    }
  };
  walk(name);
  return reached.has(name);
}

/** An alarm's name may itself hold colons. */
function nameOf(nameOrARN: string): string {
  return nameOrARN.startsWith('arn:') ? nameOrARN.split(':').slice(6).join(':') : nameOrARN;
}
