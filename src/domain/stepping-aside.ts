import type { BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import { about } from './kinds.ts';
import { FALSE, printAlarmRule } from './plan/alarm-rule.ts';
import type { Plan, Planned } from './plan.ts';
import { staysInAWS } from './policies.ts';
import type { CompositeAlarm, ResourceRef } from './resource.ts';
import { refKey } from './result.ts';

/**
 * An entry whose metric alarm becomes a log alarm, or the other way round, keeps its name, so the old one goes first, and
 * AWS deletes none that a composite names. Until it is gone by the inventory, composites over the name name nothing and
 * notify nobody; then they are planned whole again, after the new alarm. Nobody steps aside for an alarm that stays.
 */
export function steppingAside(
  plan: Plan,
  spec: BedrockMonitorSpec,
  owned: ReadonlySet<string> = new Set<string>(),
): Plan {
  const goes = (ref: ResourceRef): boolean => {
    const former = formerOf(ref);
    if (former === undefined || !owned.has(refKey(former))) return false;
    return !plan.keep.includes(about[former.kind].part) && !staysInAWS(spec, former, true);
  };
  const resources = plan.resources.map((one): Planned => {
    const { resource, after } = one;
    if (resource.kind !== 'CompositeAlarm' || !owned.has(refKey(resource)) || !after.some(goes)) return one;
    return { ...one, resource: aside(resource), after: [] };
  });
  return { ...plan, resources };
}

function formerOf({ kind, name }: ResourceRef): ResourceRef | undefined {
  if (kind === 'LogAlarm') return { kind: 'MetricAlarm', name };
  return kind === 'MetricAlarm' ? { kind: 'LogAlarm', name } : undefined;
}

/** Its actions come back without a transition, so none is set off. */
function aside({ actionsSuppressor: _suppressor, ...composite }: CompositeAlarm): CompositeAlarm {
  return { ...composite, rule: printAlarmRule(FALSE), actionsEnabled: false };
}
