import type { BedrockMonitorSpec, MuteRuleEntry } from '#src/api/v1alpha1.ts';
import { muteRuleName } from '../names.ts';
import type { AlarmMuteRule } from '../resource.ts';
import type { AlarmMember } from './alarm-members.ts';
import { seconds } from './duration.ts';
import { asISODuration } from './iso-duration.ts';
import { blocked, listed } from './remark.ts';
import { declaredTags } from './tags.ts';
import type { Facts, Plan, Planned, Remark } from './types.ts';
import { withUniqueNames } from './unique-names.ts';

/** MuteTargets.AlarmNames (CloudWatch API reference: PutAlarmMuteRule). */
const MAX_TARGETS = 100;
const MINUTE_MS = 60_000;

/**
 * One rule per entry, or several of 100 alarms each. An entry that finds no alarm makes none: a rule without targets
 * would say nothing.
 */
export function planMuteRules(
  spec: BedrockMonitorSpec,
  facts: Facts,
  members: readonly AlarmMember[],
  leftOut: readonly Remark[],
): Partial<Plan> {
  const entries = spec.muteRules ?? [];
  const waiting = entries.flatMap((entry) => waitsForModels(entry, facts, leftOut));
  const settled = entries.filter(({ name }) => !waiting.some(({ path }) => path === `muteRules/${name}`));
  const plans = settled.map((entry) => ({ entry, rules: planEntry(entry, members, spec, facts) }));
  const idle = plans
    .filter(({ rules }) => rules.length === 0)
    .map(({ entry: { name } }) =>
      blocked(
        'Alarms',
        `muteRules/${name}`,
        'InvalidSpec',
        `mute rule ${name} mutes nothing: no alarm of this monitor is among its alarms and severities`,
      ),
    );
  const unique = withUniqueNames(
    'Alarms',
    plans.flatMap(({ rules }) => rules),
  );
  return {
    resources: unique.resources,
    remarks: [...waiting, ...idle, ...unique.remarks],
    keep: waiting.length + unique.remarks.length > 0 ? ['Alarms'] : [],
  };
}

/** While the models in use are not known, the alarms of some are not planned, though they may exist and be muted. */
function waitsForModels(entry: MuteRuleEntry, { modelsInUse }: Facts, leftOut: readonly Remark[]): readonly Remark[] {
  if (!('unknown' in modelsInUse)) return [];
  const reason = modelsInUse.reason ?? 'DependencyNotReady';
  const unread = leftOut
    .filter((remark) => remark.reason === reason)
    .map(({ path }) => path.split('/')[1] ?? '')
    .filter((name) => entry.alarms?.includes(name) ?? true);
  if (unread.length === 0) return [];
  const message = `mute rule ${entry.name} waits until the models of ${listed(unread)} are known (${modelsInUse.unknown})`;
  return [blocked('Alarms', `muteRules/${entry.name}`, reason, message)];
}

function planEntry(
  entry: MuteRuleEntry,
  members: readonly AlarmMember[],
  spec: BedrockMonitorSpec,
  facts: Facts,
): readonly Planned[] {
  const names = members
    .filter((member) => entry.alarms?.includes(member.entry) ?? true)
    .filter((member) => entry.severities?.includes(member.severity) ?? true)
    .map(({ ref }) => ref.name)
    .sort();
  const first = entry.awsName ?? muteRuleName(facts.owner, facts.place, entry.name);
  const chunks = Array.from({ length: Math.ceil(names.length / MAX_TARGETS) }, (_, index) =>
    names.slice(index * MAX_TARGETS, (index + 1) * MAX_TARGETS),
  );
  return chunks.map((alarmNames, index): Planned => {
    const suffix = index === 0 ? '' : String(index + 1);
    const resource: AlarmMuteRule = {
      kind: 'AlarmMuteRule',
      name: suffix === '' ? first : `${first}_${suffix}`,
      ...(entry.description !== undefined && { description: entry.description }),
      expression: entry.cron === undefined ? `at(${entry.at ?? ''})` : `cron(${entry.cron})`,
      duration: asISODuration(seconds(entry.duration)),
      timeZone: entry.timeZone ?? 'UTC',
      ...(entry.startDate !== undefined && { startDate: toMinute(entry.startDate) }),
      ...(entry.expireDate !== undefined && { expireDate: toMinute(entry.expireDate) }),
      alarmNames,
      tags: declaredTags(facts.owner, spec.tags),
    };
    const path = ['muteRules', entry.name, ...(suffix === '' ? [] : [suffix])].join('/');
    return { resource, part: 'Alarms', path, after: [] };
  });
}

/** AWS drops the seconds. */
function toMinute(time: string): string {
  return new Date(Math.floor(Date.parse(time) / MINUTE_MS) * MINUTE_MS).toISOString();
}
