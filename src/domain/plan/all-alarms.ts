import type { BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import { alarmMembers } from './alarm-members.ts';
import { planCompositeAlarms } from './composite-alarm.ts';
import { MAX_ALARMS, planAlarms } from './metric-alarm.ts';
import { planMuteRules } from './mute-rule.ts';
import { planSLOs } from './slo.ts';
import type { Facts, Plan } from './types.ts';

/**
 * Alarms and slos, then the composites over them, then the mute rules over all: each of these needs to know what those
 * before it come to in AWS.
 */
export function planAllAlarms(spec: BedrockMonitorSpec, facts: Facts): Partial<Plan> {
  const alarms = planAlarms(spec, facts);
  const { resources: simple = [] } = alarms;
  const slos = planSLOs(spec, facts, MAX_ALARMS - simple.length, simple);
  const single = [...simple, ...(slos.resources ?? [])];
  const leftOut = [...(alarms.remarks ?? []), ...(slos.remarks ?? [])].filter(({ note }) => !note);
  const composites = planCompositeAlarms(spec, facts, { planned: single, leftOut, room: MAX_ALARMS - single.length });
  const all = [...single, ...(composites.resources ?? [])];
  const unsaid = [...leftOut, ...(composites.remarks ?? []).filter(({ note }) => !note)];
  const pieces = [alarms, slos, composites, planMuteRules(spec, facts, alarmMembers(spec, all), unsaid)];
  return {
    resources: pieces.flatMap(({ resources = [] }) => resources),
    remarks: pieces.flatMap(({ remarks = [] }) => remarks),
    models: pieces.flatMap(({ models = [] }) => models),
    keep: [...new Set(pieces.flatMap(({ keep = [] }) => keep))],
  };
}
