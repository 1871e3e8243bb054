import type { MetricAlarm as WireAlarm } from '@aws-sdk/client-cloudwatch';
import type { Change, MetricAlarm, Observed } from '#src/domain/resource.ts';
import type { ResourceHandler } from '#src/reconcile/ports.ts';
import { alarmFromWire, putInput, strayMembers } from './alarm-wire.ts';
import { heldByComposite, letGoByComposite } from './depended-upon.ts';
import {
  actionChanges,
  findAlarms,
  observedAlarm,
  otherAlarm,
  putMarkedAlarm,
  rawAlarm,
  tagChanges,
} from './marked-alarm.ts';
import type { Session } from './session.ts';
import { declaredDifferences, differences } from './structural-diff.ts';

/**
 * CloudWatch metric alarms. The mark is the last line of the description, where the observing read sees it; only where
 * it is missing are the tags asked. Alarms of other kinds share the name space and are never ours.
 */
export function metricAlarms(session: Session): ResourceHandler<'MetricAlarm'> {
  return {
    async observe(ref, marks, signal) {
      const found = await session.shared.alarm(ref.name, signal);
      if (found === undefined) return session.absent({ kind: 'MetricAlarm', name: ref.name });
      if (found.kind !== 'Metric') return otherAlarm(session, found, 'Metric', alarmFromWire(ref.name, '', {}));
      const resourceOf = (text: string) => alarmFromWire(ref.name, text, found.alarm);
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
          return session.call('cloudwatch:PutMetricAlarm', arn, input, signal);
        },
        signal,
      );
    },
    async delete(ref, _observed, signal) {
      if ((await session.shared.deleteAlarm(ref.name, signal)) === undefined) throw heldByComposite(session, ref.name);
      letGoByComposite(session, ref.name);
      session.deleted({ kind: 'MetricAlarm', name: ref.name });
    },
    find: (owner, signal) => findAlarms(session, 'MetricAlarm', owner, signal),
  };
}

function diff(desired: MetricAlarm, now: Observed<'MetricAlarm'>): readonly Change[] {
  const { kind: _, name: __, tags, metric, metrics, threshold, thresholdMetricID, ...declared } = desired;
  const { description, alarmActions: _1, okActions: _2, insufficientDataActions: _3, ...settings } = declared;
  const observed = now.resource;
  const wire = rawAlarm<WireAlarm>(now)?.wire;
  return [
    // What people look for first comes first: a plan shows five fields.
    ...differences('description', observed.description, description),
    // Exactly one of two is declared, and the other is to go.
    ...differences('threshold', observed.threshold, threshold),
    ...differences('thresholdMetricID', observed.thresholdMetricID, thresholdMetricID),
    ...declaredDifferences(observed, settings),
    ...actionChanges(observed, desired),
    // Here, too.
    ...differences('metric', observed.metric, metric),
    ...differences('metrics', observed.metrics, metrics),
    ...tagChanges(now, tags),
    ...Object.entries(wire === undefined ? {} : strayMembers(wire)).flatMap(([path, from]) =>
      differences(path, from, undefined),
    ),
  ];
}
