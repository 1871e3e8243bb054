import type { PutLogAlarmInput, LogAlarm as WireAlarm } from '@aws-sdk/client-cloudwatch';
import { namePrefixes } from '#src/domain/names.ts';
import type { Change, LogAlarm, Observed, Tags } from '#src/domain/resource.ts';
import type { ResourceHandler } from '#src/reconcile/ports.ts';
import { isAbsent } from './errors.ts';
import { logAlarmFromWire, putInput } from './log-alarm-wire.ts';
import { markDescription, readDescription, saysOtherTags, tagsHash } from './marks.ts';
import { allPages } from './pages.ts';
import type { Session } from './session.ts';
import { monitoringTags, tagList } from './session.ts';
import type { FoundAlarm } from './shared-calls.ts';
import { isUnknownAlarmType } from './shared-calls.ts';
import { declaredDifferences, differences, setDifferences } from './structural-diff.ts';

/** What `raw` of an observed alarm holds. */
interface Raw {
  readonly wire: WireAlarm;
  /** Of the tags in force when the mark was written. */
  readonly tagsHash: string | undefined;
}

/**
 * CloudWatch log alarms. Mark and tags are as those of metric alarms. Alarms of other kinds share the name space and are
 * never ours here. AWS keeps the scheduled query behind an alarm by itself, and deletes log alarms one by one only.
 */
export function logAlarms(session: Session): ResourceHandler<'LogAlarm'> {
  return {
    async observe(ref, marks, signal) {
      const found = await session.shared.alarm(ref.name, signal);
      if (found === undefined) return session.absent({ kind: 'LogAlarm', name: ref.name });
      if (found.kind !== 'Log') return observedOther(ref.name, found);
      const wire = found.alarm;
      const { text, mark, tagsHash: hash } = readDescription(wire.AlarmDescription ?? '');
      const arn = wire.AlarmArn ?? arnOf(session, ref.name);
      const resource = logAlarmFromWire(ref.name, text, { ...wire, AlarmArn: arn });
      const raw: Raw = { wire, tagsHash: hash };
      const head = { resource, arn, raw, ...(wire.StateValue !== undefined && { alarmState: wire.StateValue }) };
      if (mark.state === 'Owned') return { ...head, mark };
      if (marks === 'IfFree') return { ...head, mark: { state: 'Unread' } };
      const tagged = await monitoringTags(session, arn, signal);
      return { ...head, resource: { ...resource, tags: tagged.tags }, mark: tagged.mark };
    },
    diff,
    async apply(desired, now, signal) {
      const arn = now?.arn ?? arnOf(session, desired.name);
      const raw = rawOf(now);
      const put = (tags: Tags | 'Changing', more: Pick<PutLogAlarmInput, 'Tags'> = {}) => {
        const description = markDescription(desired.description, session.owner, tags);
        return session.call(
          'cloudwatch:PutLogAlarm',
          arn,
          { ...putInput(desired, description, raw?.wire), ...more },
          signal,
        );
      };
      // As with metric alarms.
      if (now !== undefined && raw?.tagsHash !== tagsHash(desired.tags)) {
        if (saysOtherTags(raw?.tagsHash, desired.tags)) await put('Changing');
        await session.call('cloudwatch:TagResource', arn, { ResourceARN: arn, Tags: tagList(desired.tags) }, signal);
      }
      await put(desired.tags, now === undefined ? { Tags: tagList(desired.tags) } : {});
      if (now === undefined) session.created({ kind: 'LogAlarm', name: desired.name });
      return { kind: 'LogAlarm', name: desired.name };
    },
    async delete(ref, _observed, signal) {
      try {
        await session.call('cloudwatch:DeleteAlarms', ref.name, { AlarmNames: [ref.name] }, signal);
      } catch (error) {
        if (!isAbsent(error)) throw error;
      }
      session.deleted({ kind: 'LogAlarm', name: ref.name });
    },
    async find(owner, signal) {
      const input = { AlarmNamePrefix: namePrefixes(owner).path, AlarmTypes: ['LogAlarm' as const], MaxRecords: 100 };
      try {
        const alarms = await allPages(async (NextToken) => {
          const page = await session.call('cloudwatch:DescribeAlarms', '*', { ...input, NextToken }, signal);
          return { items: page.LogAlarms, next: page.NextToken };
        });
        return alarms.map(({ AlarmName = '' }) => ({ kind: 'LogAlarm', name: AlarmName }));
      } catch (error) {
        if (isUnknownAlarmType(error)) return [];
        throw error;
      }
    },
  };
}

function diff(desired: LogAlarm, now: Observed<'LogAlarm'>): readonly Change[] {
  const { kind: _, name: __, tags, logGroupNames, logLines, ...declared } = desired;
  const { alarmActions, okActions, insufficientDataActions, ...settings } = declared;
  const observed = now.resource;
  return [
    ...declaredDifferences(observed, settings),
    ...setDifferences('logGroupNames', observed.logGroupNames, logGroupNames),
    // Lines that nobody declares would show prompts to whoever is notified.
    ...differences('logLines', observed.logLines, logLines),
    ...setDifferences('alarmActions', observed.alarmActions, alarmActions),
    ...setDifferences('okActions', observed.okActions, okActions),
    ...setDifferences('insufficientDataActions', observed.insufficientDataActions, insufficientDataActions),
    ...(rawOf(now)?.tagsHash === tagsHash(tags) ? [] : [{ path: 'tags', from: { ...observed.tags }, to: { ...tags } }]),
  ];
}

/** A metric or composite alarm under the name: it stands in the way, nothing says that it is ours, and it stays so. */
function observedOther(name: string, found: FoundAlarm & { kind: 'Metric' | 'Composite' }): Observed<'LogAlarm'> {
  const { AlarmArn, AlarmDescription = '' } = found.alarm;
  return {
    resource: logAlarmFromWire(name, AlarmDescription, {}),
    ...(AlarmArn !== undefined && { arn: AlarmArn }),
    mark: { state: 'None' },
    notAdoptable: `It is a ${found.kind.toLowerCase()} alarm, and only a log alarm can be taken over: set another awsName, or delete it in AWS.`,
  };
}

function rawOf(now: Observed<'LogAlarm'> | undefined): Raw | undefined {
  const raw = now?.raw;
  return isRaw(raw) ? raw : undefined;
}

function arnOf({ place }: Session, name: string): string {
  return `arn:${place.partition}:cloudwatch:${place.region}:${place.accountID}:alarm:${name}`;
}

function isRaw(raw: unknown): raw is Raw {
  return typeof raw === 'object' && raw !== null && 'wire' in raw;
}
