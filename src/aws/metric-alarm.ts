import type { PutMetricAlarmInput, MetricAlarm as WireAlarm } from '@aws-sdk/client-cloudwatch';
import { namePrefixes } from '#src/domain/names.ts';
import type { Change, MetricAlarm, Observed, Tags } from '#src/domain/resource.ts';
import type { ResourceHandler } from '#src/reconcile/ports.ts';
import { alarmFromWire, putInput, strayMembers } from './alarm-wire.ts';
import { heldByComposite, letGoByComposite } from './depended-upon.ts';
import { markDescription, readDescription, saysOtherTags, tagsHash } from './marks.ts';
import { allPages } from './pages.ts';
import type { Session } from './session.ts';
import { monitoringTags, tagList } from './session.ts';
import type { FoundAlarm } from './shared-calls.ts';
import { declaredDifferences, differences, setDifferences } from './structural-diff.ts';

/** What `raw` of an observed alarm holds. */
interface Raw {
  readonly wire: WireAlarm;
  /** Of the tags in force when the mark was written. */
  readonly tagsHash: string | undefined;
}

/**
 * CloudWatch metric alarms. The mark is the last line of the description, where the observing read sees it; only where
 * it is missing are the tags asked. Alarms of other kinds share the name space and are never ours.
 */
export function metricAlarms(session: Session): ResourceHandler<'MetricAlarm'> {
  return {
    async observe(ref, marks, signal) {
      const found = await session.shared.alarm(ref.name, signal);
      if (found === undefined) return session.absent({ kind: 'MetricAlarm', name: ref.name });
      if (found.kind !== 'Metric') return observedOther(ref.name, found);
      const wire = found.alarm;
      const { text, mark, tagsHash: hash } = readDescription(wire.AlarmDescription ?? '');
      const arn = wire.AlarmArn ?? arnOf(session, ref.name);
      const resource = alarmFromWire(ref.name, text, wire);
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
      const put = (tags: Tags | 'Changing', more: Pick<PutMetricAlarmInput, 'Tags'> = {}) => {
        const description = markDescription(desired.description, session.owner, tags);
        const input = putInput(desired, description, raw?.wire);
        return session.call('cloudwatch:PutMetricAlarm', arn, { ...input, ...more }, signal);
      };
      // Tags before the line with their hash, which says that they are in place; and before both a line that says
      // nothing, or the old one would be believed if this ends half-way and the spec goes back to the old tags.
      if (now !== undefined && raw?.tagsHash !== tagsHash(desired.tags)) {
        if (saysOtherTags(raw?.tagsHash, desired.tags)) await put('Changing');
        await session.call('cloudwatch:TagResource', arn, { ResourceARN: arn, Tags: tagList(desired.tags) }, signal);
      }
      // AWS takes tags with a new alarm only, and ignores them on an update.
      await put(desired.tags, now === undefined ? { Tags: tagList(desired.tags) } : {});
      if (now === undefined) session.created({ kind: 'MetricAlarm', name: desired.name });
      return { kind: 'MetricAlarm', name: desired.name };
    },
    async delete(ref, _observed, signal) {
      if ((await session.shared.deleteAlarm(ref.name, signal)) === undefined) throw heldByComposite(session, ref.name);
      letGoByComposite(session, ref.name);
      session.deleted({ kind: 'MetricAlarm', name: ref.name });
    },
    async find(owner, signal) {
      const input = {
        AlarmNamePrefix: namePrefixes(owner).path,
        AlarmTypes: ['MetricAlarm' as const],
        MaxRecords: 100,
      };
      const alarms = await allPages(async (NextToken) => {
        const page = await session.call('cloudwatch:DescribeAlarms', '*', { ...input, NextToken }, signal);
        return { items: page.MetricAlarms, next: page.NextToken };
      });
      return alarms.map(({ AlarmName = '' }) => ({ kind: 'MetricAlarm', name: AlarmName }));
    },
  };
}

function diff(desired: MetricAlarm, now: Observed<'MetricAlarm'>): readonly Change[] {
  const { kind: _, name: __, tags, metric, metrics, threshold, thresholdMetricID, ...declared } = desired;
  const { description, alarmActions, okActions, insufficientDataActions, ...settings } = declared;
  const raw = rawOf(now);
  const observed = now.resource;
  const hash = tagsHash(tags);
  return [
    // What people look for first comes first: a plan shows five fields.
    ...differences('description', observed.description, description),
    // Exactly one of two is declared, and the other is to go.
    ...differences('threshold', observed.threshold, threshold),
    ...differences('thresholdMetricID', observed.thresholdMetricID, thresholdMetricID),
    ...declaredDifferences(observed, settings),
    ...setDifferences('alarmActions', observed.alarmActions, alarmActions),
    ...setDifferences('okActions', observed.okActions, okActions),
    ...setDifferences('insufficientDataActions', observed.insufficientDataActions, insufficientDataActions),
    // Here, too.
    ...differences('metric', observed.metric, metric),
    ...differences('metrics', observed.metrics, metrics),
    ...(raw?.tagsHash === hash ? [] : [{ path: 'tags', from: { ...now.resource.tags }, to: { ...tags } }]),
    ...Object.entries(raw === undefined ? {} : strayMembers(raw.wire)).flatMap(([path, from]) =>
      differences(path, from, undefined),
    ),
  ];
}

/** A composite or log alarm under the name: it stands in the way, nothing says that it is ours, and it stays so. */
function observedOther(name: string, found: FoundAlarm & { kind: 'Composite' | 'Log' }): Observed<'MetricAlarm'> {
  const { AlarmArn, AlarmDescription = '' } = found.alarm;
  return {
    resource: alarmFromWire(name, AlarmDescription, {}),
    ...(AlarmArn !== undefined && { arn: AlarmArn }),
    mark: { state: 'None' },
    notAdoptable: `It is a ${found.kind.toLowerCase()} alarm, and only a metric alarm can be taken over: set another awsName, or delete it in AWS.`,
  };
}

function rawOf(now: Observed<'MetricAlarm'> | undefined): Raw | undefined {
  const raw = now?.raw;
  return isRaw(raw) ? raw : undefined;
}

function arnOf({ place }: Session, name: string): string {
  return `arn:${place.partition}:cloudwatch:${place.region}:${place.accountID}:alarm:${name}`;
}

function isRaw(raw: unknown): raw is Raw {
  return typeof raw === 'object' && raw !== null && 'wire' in raw;
}
