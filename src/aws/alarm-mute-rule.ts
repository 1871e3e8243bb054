import type { GetAlarmMuteRuleOutput, PutAlarmMuteRuleInput } from '@aws-sdk/client-cloudwatch';
import { Stalled, Waiting } from '#src/domain/failure.ts';
import { namePrefixes } from '#src/domain/names.ts';
import { secondsOfISO } from '#src/domain/plan/iso-duration.ts';
import { listed } from '#src/domain/plan/remark.ts';
import type { AlarmMuteRule, Change, Observed } from '#src/domain/resource.ts';
import type { ResourceHandler } from '#src/reconcile/ports.ts';
import { isAbsent } from './errors.ts';
import { PROPAGATION_MS } from './first-refusal.ts';
import { allPages } from './pages.ts';
import type { Session } from './session.ts';
import { monitoringTags, tagList } from './session.ts';
import { declaredDifferences, differences, setDifferences, tagDifferences } from './structural-diff.ts';

/**
 * CloudWatch alarm mute rules. The mark is in the tags. AWS takes names of existing alarms only: a rule waits for alarms
 * that are being made, and is put whole, as an approved plan has it. Those that do not come within two minutes do not keep
 * the others loud: it is put over these, and again once all exist.
 */
export function alarmMuteRules(session: Session): ResourceHandler<'AlarmMuteRule'> {
  return {
    async observe({ name }, marks, signal) {
      const ref = { kind: 'AlarmMuteRule', name } as const;
      const wire = await read(session, name, signal);
      if (wire === undefined) return session.absent(ref);
      const arn = wire.AlarmMuteRuleArn ?? arnOf(session, name);
      const resource = fromWire(name, wire);
      if (marks === 'IfFree') return { resource, arn, mark: { state: 'Unread' } };
      const { tags, mark } = await monitoringTags(session, arn, signal);
      return { resource: { ...resource, tags }, arn, mark };
    },
    diff,
    async apply(desired, now, signal) {
      const { name, tags } = desired;
      const ref = { kind: 'AlarmMuteRule', name } as const;
      const arn = now?.arn ?? arnOf(session, name);
      const found = await Promise.all(desired.alarmNames.map((one) => session.shared.alarm(one, signal)));
      const missing = desired.alarmNames.filter((_one, index) => found[index] === undefined);
      const without = missing.length === 0 ? undefined : withoutAlarms(session, name, missing);
      if (without instanceof Waiting) throw without;
      const possible = { ...desired, alarmNames: desired.alarmNames.filter((one) => !missing.includes(one)) };
      const changed = now === undefined ? [] : diff(possible, now).map(({ path }) => path);
      if (changed.some((path) => path.startsWith('tags'))) {
        await session.call('cloudwatch:TagResource', arn, { ResourceARN: arn, Tags: tagList(tags) }, signal);
      }
      const differs = now === undefined || changed.some((path) => !path.startsWith('tags'));
      if (differs && possible.alarmNames.length > 0) {
        // AWS takes tags with a new rule only.
        const input = { ...putInput(possible, now?.resource), ...(now === undefined && { Tags: tagList(tags) }) };
        await session.call('cloudwatch:PutAlarmMuteRule', arn, input, signal);
        if (now === undefined) session.created(ref);
      }
      if (without !== undefined) throw without;
      session.refusals.allowed(missingKey(session, name));
      return ref;
    },
    async delete({ name }, _observed, signal) {
      const arn = arnOf(session, name);
      try {
        await session.call('cloudwatch:DeleteAlarmMuteRule', arn, { AlarmMuteRuleName: name }, signal);
      } catch (error) {
        if (!isAbsent(error)) throw error;
      }
      session.deleted({ kind: 'AlarmMuteRule', name });
    },
    async find(owner, signal) {
      // AWS lists by alarm or status, not by name.
      const rules = await allPages(async (NextToken) => {
        const page = await session.call('cloudwatch:ListAlarmMuteRules', '*', { MaxRecords: 100, NextToken }, signal);
        return { items: page.AlarmMuteRuleSummaries, next: page.NextToken };
      });
      const before = arnOf(session, '');
      return rules
        .map(({ AlarmMuteRuleArn = '' }) => AlarmMuteRuleArn.slice(before.length))
        .filter((name) => name.startsWith(namePrefixes(owner).flat))
        .map((name) => ({ kind: 'AlarmMuteRule', name }));
    },
  };
}

async function read(session: Session, name: string, signal: AbortSignal): Promise<GetAlarmMuteRuleOutput | undefined> {
  const input = { AlarmMuteRuleName: name };
  try {
    return await session.call('cloudwatch:GetAlarmMuteRule', arnOf(session, name), input, signal);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

/** Dates that nobody declared would end the muting, or put it off. A description that nobody declared stays. */
function diff(desired: AlarmMuteRule, { resource, mark }: Observed<'AlarmMuteRule'>): readonly Change[] {
  const { description, expression, duration, timeZone, startDate, expireDate, alarmNames, tags } = desired;
  const sameDuration = secondsOfISO(duration) === secondsOfISO(resource.duration);
  return [
    ...declaredDifferences(resource, { description, expression, timeZone }),
    ...(sameDuration ? [] : differences('duration', resource.duration, duration)),
    ...differences('startDate', resource.startDate, startDate),
    ...differences('expireDate', resource.expireDate, expireDate),
    ...setDifferences('alarmNames', resource.alarmNames, alarmNames),
    ...(mark.state === 'Unread' ? [] : tagDifferences(resource.tags, tags)),
  ];
}

/** Patience while alarms are being made; after that whatever keeps them from it is for somebody to mend. */
function withoutAlarms(session: Session, name: string, missing: readonly string[]): Waiting | Stalled {
  const message = `mute rule ${name} waits for alarms that AWS does not show: ${listed(missing, 3)}`;
  if (session.refusals.refused(missingKey(session, name)) >= PROPAGATION_MS) {
    return new Stalled('DependencyNotReady', `${message}. The others are muted`);
  }
  return new Waiting('DependencyNotReady', message, { retryAfterMs: 2_000 });
}

function missingKey({ place }: Session, name: string): string {
  return `${place.accountID}/${place.region}/MissingAlarms/${name}`;
}

/** All that AWS is to hold: what a put leaves out is gone. */
function putInput(desired: AlarmMuteRule, now: AlarmMuteRule | undefined): PutAlarmMuteRuleInput {
  const { name, expression, duration, timeZone, startDate, expireDate, alarmNames } = desired;
  const description = desired.description ?? now?.description;
  return {
    Name: name,
    ...(description !== undefined && { Description: description }),
    Rule: { Schedule: { Expression: expression, Duration: duration, Timezone: timeZone } },
    MuteTargets: { AlarmNames: [...alarmNames] },
    ...(startDate !== undefined && { StartDate: new Date(startDate) }),
    ...(expireDate !== undefined && { ExpireDate: new Date(expireDate) }),
  };
}

function fromWire(name: string, wire: GetAlarmMuteRuleOutput): AlarmMuteRule {
  const { Expression, Duration, Timezone } = wire.Rule?.Schedule ?? {};
  return {
    kind: 'AlarmMuteRule',
    name,
    ...(wire.Description !== undefined && { description: wire.Description }),
    expression: Expression ?? '',
    duration: Duration ?? '',
    timeZone: Timezone ?? 'UTC',
    ...(wire.StartDate !== undefined && { startDate: wire.StartDate.toISOString() }),
    ...(wire.ExpireDate !== undefined && { expireDate: wire.ExpireDate.toISOString() }),
    alarmNames: [...(wire.MuteTargets?.AlarmNames ?? [])].sort(),
    tags: {},
  };
}

function arnOf({ place }: Session, name: string): string {
  return `arn:${place.partition}:cloudwatch:${place.region}:${place.accountID}:alarm-mute-rule:${name}`;
}
