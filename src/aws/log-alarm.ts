import type { LogAlarm as WireAlarm } from '@aws-sdk/client-cloudwatch';
import type { Change, LogAlarm, Observed } from '#src/domain/resource.ts';
import type { ResourceHandler } from '#src/reconcile/ports.ts';
import { logAlarmFromWire, putInput } from './log-alarm-wire.ts';
import {
  actionChanges,
  deleteAlone,
  findAlarms,
  observedAlarm,
  otherAlarm,
  putMarkedAlarm,
  rawAlarm,
  tagChanges,
} from './marked-alarm.ts';
import type { Session } from './session.ts';
import { isUnknownAlarmType } from './shared-calls.ts';
import { declaredDifferences, differences, setDifferences } from './structural-diff.ts';

/**
 * CloudWatch log alarms. Mark and tags are as those of metric alarms. Alarms of other kinds share the name space and are
 * never ours here. AWS keeps the scheduled query behind an alarm by itself, and deletes log alarms one by one only.
 */
export function logAlarms(session: Session): ResourceHandler<'LogAlarm'> {
  return {
    async observe(ref, marks, signal) {
      const found = await session.shared.alarm(ref.name, signal);
      if (found === undefined) return session.absent({ kind: 'LogAlarm', name: ref.name });
      if (found.kind !== 'Log') return otherAlarm(session, found, 'Log', logAlarmFromWire(ref.name, '', {}));
      const resourceOf = (text: string, AlarmArn: string) =>
        logAlarmFromWire(ref.name, text, { ...found.alarm, AlarmArn });
      return observedAlarm(session, found.alarm, resourceOf, ref, marks, signal);
    },
    diff,
    apply(desired, now, signal) {
      const wire = rawAlarm<WireAlarm>(now)?.wire;
      return putMarkedAlarm(
        session,
        desired,
        now,
        (arn, description, created) => {
          const input = { ...putInput(desired, description, wire), ...created };
          return session.call('cloudwatch:PutLogAlarm', arn, input, signal);
        },
        signal,
      );
    },
    delete: (ref, _observed, signal) => deleteAlone(session, ref, signal),
    async find(owner, signal) {
      try {
        return await findAlarms(session, 'LogAlarm', owner, signal);
      } catch (error) {
        if (isUnknownAlarmType(error)) return [];
        throw error;
      }
    },
  };
}

function diff(desired: LogAlarm, now: Observed<'LogAlarm'>): readonly Change[] {
  const { kind: _, name: __, tags, logGroupNames, logLines, ...declared } = desired;
  const { alarmActions: _1, okActions: _2, insufficientDataActions: _3, ...settings } = declared;
  const observed = now.resource;
  return [
    ...declaredDifferences(observed, settings),
    ...setDifferences('logGroupNames', observed.logGroupNames, logGroupNames),
    // Lines that nobody declares would show prompts to whoever is notified.
    ...differences('logLines', observed.logLines, logLines),
    ...actionChanges(observed, desired),
    ...tagChanges(now, tags),
  ];
}
