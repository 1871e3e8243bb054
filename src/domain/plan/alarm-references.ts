import type { Reason } from '#src/api/reasons.ts';
import type { BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import type { Place } from '../owner.ts';
import type { ResourceRef } from '../resource.ts';
import { type AlarmMember, alarmMembers } from './alarm-members.ts';
import { type AlarmReference, type AlarmRule, FALSE, joined } from './alarm-rule.ts';
import type { Planned, Remark } from './types.ts';

/** What names in rules may stand for. */
export interface Namespace {
  readonly place: Place;
  readonly members: readonly AlarmMember[];
  /** All planned alarms by their name in AWS, those under an slo too. */
  readonly byAWSName: ReadonlyMap<string, ResourceRef>;
  /** Names in AWS of all composites of the spec. */
  readonly composites: ReadonlySet<string>;
  readonly spec: BedrockMonitorSpec;
  /** Why entries were not planned. */
  readonly leftOut: readonly Remark[];
}

/** A name that cannot be resolved, and what its reader is told. */
export interface Unresolved {
  readonly reason: Reason;
  readonly message: string;
}

export function namespaceOf(
  spec: BedrockMonitorSpec,
  place: Place,
  composites: readonly string[],
  planned: readonly Planned[],
  leftOut: readonly Remark[],
): Namespace {
  return {
    place,
    spec,
    leftOut,
    members: alarmMembers(spec, planned),
    composites: new Set(composites),
    byAWSName: new Map(planned.map(({ resource: { kind, name } }) => [name, { kind, name }])),
  };
}

/** The AWS alarms that a name stands for: several for an entry of many models, or an slo; none while no model is in use. */
export function resolveName(reference: AlarmReference, names: Namespace): readonly string[] | Unresolved {
  const { text, quoted } = reference;
  if (text.startsWith('arn:')) return resolveARN(text, names);
  if (quoted) return names.composites.has(text) ? cyclic(text) : [text];
  const { spec, members, leftOut } = names;
  // An entry that is planned in part only (its models could not be read) would make the rule weaker than it is.
  const why = leftOut.find(({ path }) => [`alarms/${text}`, `slos/${text}`].includes(path.split('/', 2).join('/')));
  if (why !== undefined) return { reason: why.reason, message: `${text} is left out itself (${why.message})` };
  const found = members.filter(({ entry }) => entry === text);
  if (found.length > 0) return found.map(({ ref }) => ref.name);
  if (spec.compositeAlarms?.some(({ name }) => name === text)) {
    const message = `${text} is a composite alarm, and one cannot name another: write the combined rule`;
    return { reason: 'UnknownAlarmReference', message };
  }
  const isEntry = [...(spec.alarms ?? []), ...(spec.slos ?? [])].some(({ name }) => name === text);
  if (isEntry) return [];
  const message = `${text} is no alarm or slo of this monitor; an alarm that others made is named by ARN, or, in rule, in double quotes`;
  return { reason: 'UnknownAlarmReference', message };
}

/** All alarms under a composite are of its own account and Region (CloudWatch user guide: Combining alarms). */
function resolveARN(arn: string, { place, composites }: Namespace): readonly string[] | Unresolved {
  const [, , service, region, account, kind, ...name] = arn.split(':');
  if (service !== 'cloudwatch' || kind !== 'alarm' || region !== place.region || account !== place.accountID) {
    const message = `${arn} is not the ARN of an alarm of account ${place.accountID} in ${place.region}, and CloudWatch combines no others`;
    return { reason: 'AlarmRuleInvalid', message };
  }
  return composites.has(name.join(':')) ? cyclic(arn) : [arn];
}

function cyclic(name: string): Unresolved {
  const message = `${name} is a composite alarm of this monitor, and one that rests on another may go in a circle, where CloudWatch evaluates neither: write the combined rule`;
  return { reason: 'AlarmRuleInvalid', message };
}

/** The rule over AWS alarms. A name that stands for many: ALARM is any of them, the other states are all. */
export function resolveRule(rule: AlarmRule, names: Namespace): AlarmRule | Unresolved {
  switch (rule.is) {
    case 'state': {
      const found = resolveName(rule.alarm, names);
      if ('reason' in found) return found;
      const rules = found.map((text) => ({ ...rule, alarm: { text, quoted: true } }));
      return joined(rule.state === 'ALARM' ? 'or' : 'and', rules);
    }
    case 'not': {
      const inner = resolveRule(rule.rule, names);
      return 'reason' in inner ? inner : { is: 'not', rule: inner };
    }
    case 'atLeast': {
      const found = rule.alarms.map((alarm) => resolveName(alarm, names));
      const wrong = found.find((one) => 'reason' in one);
      if (wrong !== undefined && 'reason' in wrong) return wrong;
      return enough(
        rule,
        found.map((one) => ('reason' in one ? [] : one)),
      );
    }
    default: {
      const rules = rule.rules.map((one) => resolveRule(one, names));
      const wrong = rules.find((one) => 'reason' in one);
      if (wrong !== undefined && 'reason' in wrong) return wrong;
      return joined(
        rule.is,
        rules.filter((one): one is AlarmRule => 'is' in one),
      );
    }
  }
}

/** AWS takes no count over the number of alarms. Where a name stands for none yet, that many cannot be reached yet. */
function enough(
  rule: Extract<AlarmRule, { is: 'atLeast' }>,
  found: readonly (readonly string[])[],
): AlarmRule | Unresolved {
  const alarms = [...new Set(found.flat())];
  if (alarms.length === 0) return FALSE;
  if (rule.percent || rule.count <= alarms.length) {
    return { ...rule, alarms: alarms.map((text) => ({ text, quoted: true })) };
  }
  if (found.some((one) => one.length === 0)) return FALSE;
  const message = `at least ${rule.count} of ${alarms.length} alarms can never be`;
  return { reason: 'AlarmRuleInvalid', message };
}
