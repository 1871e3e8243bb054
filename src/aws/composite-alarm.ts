import type { PutCompositeAlarmInput, CompositeAlarm as WireAlarm } from '@aws-sdk/client-cloudwatch';
import { Stalled, Waiting } from '#src/domain/failure.ts';
import { namePrefixes } from '#src/domain/names.ts';
import { ownerMark } from '#src/domain/owner.ts';
import { sameAlarmRule } from '#src/domain/plan/alarm-rule-text.ts';
import type { Change, CompositeAlarm, Observed, Tags } from '#src/domain/resource.ts';
import type { ResourceHandler } from '#src/reconcile/ports.ts';
import { propagationFromWire, wirePropagation } from './alarm-wire.ts';
import { heldByComposite, isDependedUpon, letGoByComposite } from './depended-upon.ts';
import { classify, isAbsent, messageOf } from './errors.ts';
import { PROPAGATION_MS } from './first-refusal.ts';
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
 * CloudWatch composite alarms. The mark is the last line of the description, as with metric alarms, with which they
 * share one space of names. AWS takes none before the alarms that it names, and deletes none of those before it.
 */
export function compositeAlarms(session: Session): ResourceHandler<'CompositeAlarm'> {
  return {
    async observe(ref, marks, signal) {
      const found = await session.shared.alarm(ref.name, signal);
      if (found === undefined) return session.absent({ kind: 'CompositeAlarm', name: ref.name });
      if (found.kind !== 'Composite') return observedOther(session, ref.name, found);
      const wire = found.alarm;
      const { text, mark, tagsHash: hash } = readDescription(wire.AlarmDescription ?? '');
      const arn = wire.AlarmArn ?? arnOf(session, ref.name);
      const resource = fromWire(ref.name, text, wire);
      const raw: Raw = { wire, tagsHash: hash };
      const head = { resource, arn, raw, ...(wire.StateValue !== undefined && { alarmState: wire.StateValue }) };
      if (mark.state === 'Owned') return { ...head, mark };
      if (marks === 'IfFree') return { ...head, mark: { state: 'Unread' } };
      const tagged = await monitoringTags(session, arn, signal);
      return { ...head, resource: { ...resource, tags: tagged.tags }, mark: tagged.mark };
    },
    diff,
    async apply(desired, now, signal) {
      const { name, tags } = desired;
      const arn = now?.arn ?? arnOf(session, name);
      const raw = rawOf(now);
      const put = async (marked: Tags | 'Changing', more: Pick<PutCompositeAlarmInput, 'Tags'> = {}) => {
        const description = markDescription(desired.description, session.owner, marked);
        const input = { ...putInput(desired, description, raw?.wire), ...more };
        try {
          await session.call('cloudwatch:PutCompositeAlarm', arn, input, signal);
        } catch (error) {
          throw missingChild(error, session, name) ?? error;
        }
      };
      // As with metric alarms.
      if (now !== undefined && raw?.tagsHash !== tagsHash(tags)) {
        if (saysOtherTags(raw?.tagsHash, tags)) await put('Changing');
        await session.call('cloudwatch:TagResource', arn, { ResourceARN: arn, Tags: tagList(tags) }, signal);
      }
      await put(tags, now === undefined ? { Tags: tagList(tags) } : {});
      session.refusals.allowed(childKey(session, name));
      if (now === undefined) session.created({ kind: 'CompositeAlarm', name });
      return { kind: 'CompositeAlarm', name };
    },
    async delete({ name }, _observed, signal) {
      try {
        // One composite a call.
        await session.call('cloudwatch:DeleteAlarms', name, { AlarmNames: [name] }, signal);
      } catch (error) {
        if (isDependedUpon(error)) throw heldByComposite(session, name);
        if (!isAbsent(error)) throw error;
      }
      letGoByComposite(session, name);
      session.deleted({ kind: 'CompositeAlarm', name });
    },
    async find(owner, signal) {
      const input = {
        AlarmNamePrefix: namePrefixes(owner).path,
        AlarmTypes: ['CompositeAlarm' as const],
        MaxRecords: 100,
      };
      const alarms = await allPages(async (NextToken) => {
        const page = await session.call('cloudwatch:DescribeAlarms', '*', { ...input, NextToken }, signal);
        return { items: page.CompositeAlarms, next: page.NextToken };
      });
      return alarms.map(({ AlarmName = '' }) => ({ kind: 'CompositeAlarm', name: AlarmName }));
    },
  };
}

function diff(desired: CompositeAlarm, now: Observed<'CompositeAlarm'>): readonly Change[] {
  const { kind: _, name: __, rule, actionsSuppressor, tags, ...declared } = desired;
  const { alarmActions, okActions, insufficientDataActions, ...settings } = declared;
  const observed = now.resource;
  return [
    ...declaredDifferences(observed, settings),
    ...(sameAlarmRule(observed.rule, rule) ? [] : [{ path: 'rule', from: observed.rule, to: rule }]),
    ...setDifferences('alarmActions', observed.alarmActions, alarmActions),
    ...setDifferences('okActions', observed.okActions, okActions),
    ...setDifferences('insufficientDataActions', observed.insufficientDataActions, insufficientDataActions),
    // One that nobody declared would keep the alarm silent.
    ...differences('actionsSuppressor', byName(observed.actionsSuppressor), byName(actionsSuppressor)),
    ...(rawOf(now)?.tagsHash === tagsHash(tags) ? [] : [{ path: 'tags', from: { ...observed.tags }, to: { ...tags } }]),
  ];
}

function putInput(desired: CompositeAlarm, description: string, now: WireAlarm | undefined): PutCompositeAlarmInput {
  const { actionsSuppressor: suppressor, tagsPropagation } = desired;
  const configuration = tagsPropagation
    ? { AlarmTagsPropagation: wirePropagation(tagsPropagation) }
    : now?.ActionConfiguration;
  return {
    AlarmName: desired.name,
    AlarmDescription: description,
    AlarmRule: desired.rule,
    ActionsEnabled: desired.actionsEnabled,
    AlarmActions: [...desired.alarmActions],
    OKActions: [...desired.okActions],
    InsufficientDataActions: [...desired.insufficientDataActions],
    ...(suppressor !== undefined && {
      ActionsSuppressor: suppressor.alarm,
      ActionsSuppressorWaitPeriod: suppressor.waitPeriod,
      ActionsSuppressorExtensionPeriod: suppressor.extensionPeriod,
    }),
    // Carried over where the spec does not say.
    ...(configuration !== undefined && { ActionConfiguration: configuration }),
  };
}

function fromWire(name: string, description: string, wire: WireAlarm): CompositeAlarm {
  return {
    kind: 'CompositeAlarm',
    name,
    description,
    rule: wire.AlarmRule ?? '',
    actionsEnabled: wire.ActionsEnabled ?? true,
    alarmActions: [...(wire.AlarmActions ?? [])].sort(),
    okActions: [...(wire.OKActions ?? [])].sort(),
    insufficientDataActions: [...(wire.InsufficientDataActions ?? [])].sort(),
    ...(wire.ActionsSuppressor !== undefined && {
      actionsSuppressor: {
        alarm: wire.ActionsSuppressor,
        waitPeriod: wire.ActionsSuppressorWaitPeriod ?? 0,
        extensionPeriod: wire.ActionsSuppressorExtensionPeriod ?? 0,
      },
    }),
    tagsPropagation: propagationFromWire(wire.ActionConfiguration),
    tags: {},
  };
}

/** A name and its ARN are one suppressor: AWS takes none of another account or Region. */
function byName(suppressor: CompositeAlarm['actionsSuppressor']): CompositeAlarm['actionsSuppressor'] {
  if (suppressor === undefined || !suppressor.alarm.startsWith('arn:')) return suppressor;
  return { ...suppressor, alarm: suppressor.alarm.split(':').slice(6).join(':') };
}

/**
 * AWS says of alarms that were made a moment ago that they do not exist, so it is tried again; after two minutes they are
 * names that nobody ever made. Undefined: the error is another.
 */
function missingChild(error: unknown, session: Session, name: string): Waiting | Stalled | undefined {
  const said = messageOf(error);
  if (classify(error) !== 'Rejected' || !/Could not save the composite alarm .*not exist/.test(said)) return undefined;
  if (session.refusals.refused(childKey(session, name)) < PROPAGATION_MS) {
    const message = `composite alarm ${name} waits until AWS sees all alarms of its rule (${said})`;
    return new Waiting('DependencyNotReady', message, { cause: error, retryAfterMs: 2_000 });
  }
  const message = `composite alarm ${name} names alarms that AWS does not have: correct the names or ARNs of alarms that others made (${said})`;
  return new Stalled('UnknownAlarmReference', message, { cause: error });
}

function childKey({ place }: Session, name: string): string {
  return `${place.accountID}/${place.region}/MissingChild/${name}`;
}

/** A metric or log alarm under the name stands in the way, and there is no composite of it. */
function observedOther(
  { owner }: Session,
  name: string,
  found: FoundAlarm & { kind: 'Metric' | 'Log' },
): Observed<'CompositeAlarm'> {
  const { AlarmArn, AlarmDescription = '' } = found.alarm;
  const { mark } = readDescription(AlarmDescription);
  const own = mark.state === 'Owned' && mark.by === ownerMark(owner);
  const kind = `${found.kind.toLowerCase()} alarm`;
  return {
    resource: fromWire(name, AlarmDescription, {}),
    ...(AlarmArn !== undefined && { arn: AlarmArn }),
    mark: { state: 'None' },
    notAdoptable: own
      ? `It is a ${kind} that this monitor made under the name before, and goes first.`
      : `It is a ${kind}, and only a composite alarm can be taken over: set another awsName, or delete it in AWS.`,
  };
}

function rawOf(now: Observed<'CompositeAlarm'> | undefined): Raw | undefined {
  const raw = now?.raw;
  return isRaw(raw) ? raw : undefined;
}

function arnOf({ place }: Session, name: string): string {
  return `arn:${place.partition}:cloudwatch:${place.region}:${place.accountID}:alarm:${name}`;
}

function isRaw(raw: unknown): raw is Raw {
  return typeof raw === 'object' && raw !== null && 'wire' in raw;
}
