import type { BedrockMonitorSpec, MuteRuleEntry } from '#src/api/v1alpha1.ts';
import { muteRuleName } from '../names.ts';
import type { AlarmMuteRule } from '../resource.ts';
import { alarmEntries } from './alarm-entries.ts';
import type { AlarmMember } from './alarm-members.ts';
import { seconds } from './duration.ts';
import { asISODuration } from './iso-duration.ts';
import { blocked, listed, noted } from './remark.ts';
import { declaredTags } from './tags.ts';
import type { Facts, Plan, Planned, Remark } from './types.ts';
import { withUniqueNames } from './unique-names.ts';

/** MuteTargets.AlarmNames (CloudWatch API reference: PutAlarmMuteRule). */
const MAX_TARGETS = 100;
const MINUTE_MS = 60_000;

/**
 * One rule per entry, or several of 100 alarms each. An entry that finds no alarm makes none: AWS does not say whether a
 * rule without targets would mute nothing or everything.
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
    .map(({ entry }) => mutesNothing(entry, spec, members, leftOut));
  const unique = withUniqueNames(
    'Alarms',
    plans.flatMap(({ rules }) => rules),
  );
  const remarks = [...waiting, ...idle, ...unique.remarks];
  return {
    resources: unique.resources,
    remarks,
    keep: remarks.some(({ note }) => !note) ? ['Alarms'] : [],
  };
}

/** Why an entry finds no alarm: those that it names are left out, have no model with traffic yet, or are none. */
function mutesNothing(
  entry: MuteRuleEntry,
  spec: BedrockMonitorSpec,
  members: readonly AlarmMember[],
  leftOut: readonly Remark[],
): Remark {
  const path = `muteRules/${entry.name}`;
  const say = (why: string) => `mute rule ${entry.name} mutes nothing: ${why}`;
  const chosen = [alarmEntries(spec), spec.slos ?? [], spec.compositeAlarms ?? []]
    .flatMap((entries) => entries.map(({ name }) => name))
    .filter((name) => entry.alarms?.includes(name) ?? true);
  const out = leftOut.find((remark) => chosen.includes(remark.path.split('/')[1] ?? ''));
  if (out !== undefined) return blocked('Alarms', path, out.reason, say(`${out.path} is left out itself`));
  const idle = chosen.filter((name) => !members.some((member) => member.entry === name));
  if (idle.length > 0) {
    return noted('Alarms', path, 'NoModelsMatched', say(`no model with traffic matches ${listed(idle)} yet`));
  }
  return blocked('Alarms', path, 'InvalidSpec', say('no alarm of this monitor is among its alarms and severities'));
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
