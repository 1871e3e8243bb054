import type { PutCompositeAlarmInput, CompositeAlarm as WireAlarm } from '@aws-sdk/client-cloudwatch';
import { Stalled, Waiting } from '#src/domain/failure.ts';
import { sameAlarmRule } from '#src/domain/plan/alarm-rule-text.ts';
import type { Change, CompositeAlarm, Observed } from '#src/domain/resource.ts';
import type { ResourceHandler } from '#src/reconcile/ports.ts';
import { commonFromWire, commonInput } from './common-alarm-wire.ts';
import { classify, messageOf } from './errors.ts';
import { PROPAGATION_MS } from './first-refusal.ts';
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
import { declaredDifferences, differences } from './structural-diff.ts';

/**
 * CloudWatch composite alarms. The mark is the last line of the description, as with metric alarms, with which they
 * share one space of names. AWS takes none before the alarms that it names, and deletes none of those before it.
 */
export function compositeAlarms(session: Session): ResourceHandler<'CompositeAlarm'> {
  return {
    async observe(ref, marks, signal) {
      const found = await session.shared.alarm(ref.name, signal);
      if (found === undefined) return session.absent({ kind: 'CompositeAlarm', name: ref.name });
      if (found.kind !== 'Composite') return otherAlarm(session, found, 'Composite', fromWire(ref.name, '', {}));
      const resourceOf = (text: string) => fromWire(ref.name, text, found.alarm);
      return observedAlarm(session, found.alarm, resourceOf, ref, marks, signal);
    },
    diff,
    async apply(desired, now, signal) {
      const wire = rawAlarm<WireAlarm>(now)?.wire;
      const put = async (arn: string, description: string, created: Pick<PutCompositeAlarmInput, 'Tags'>) => {
        const input = { ...putInput(desired, description, wire), ...created };
        try {
          await session.call('cloudwatch:PutCompositeAlarm', arn, input, signal);
        } catch (error) {
          throw missingChild(error, session, desired.name) ?? error;
        }
      };
      const ref = await putMarkedAlarm(session, desired, now, put, signal);
      session.refusals.allowed(childKey(session, desired.name));
      return ref;
    },
    delete: (ref, _observed, signal) => deleteAlone(session, ref, signal),
    find: (owner, signal) => findAlarms(session, 'CompositeAlarm', owner, signal),
  };
}

function diff(desired: CompositeAlarm, now: Observed<'CompositeAlarm'>): readonly Change[] {
  const { kind: _, name: __, rule, actionsSuppressor, tags, ...declared } = desired;
  const { alarmActions: _1, okActions: _2, insufficientDataActions: _3, ...settings } = declared;
  const observed = now.resource;
  return [
    ...declaredDifferences(observed, settings),
    ...(sameAlarmRule(observed.rule, rule) ? [] : [{ path: 'rule', from: observed.rule, to: rule }]),
    ...actionChanges(observed, desired),
    // One that nobody declared would keep the alarm silent.
    ...differences('actionsSuppressor', byName(observed.actionsSuppressor), byName(actionsSuppressor)),
    ...tagChanges(now, tags),
  ];
}

function putInput(desired: CompositeAlarm, description: string, now: WireAlarm | undefined): PutCompositeAlarmInput {
  const suppressor = desired.actionsSuppressor;
  return {
    ...commonInput(desired, description, now),
    AlarmRule: desired.rule,
    ...(suppressor !== undefined && {
      ActionsSuppressor: suppressor.alarm,
      ActionsSuppressorWaitPeriod: suppressor.waitPeriod,
      ActionsSuppressorExtensionPeriod: suppressor.extensionPeriod,
    }),
  };
}

function fromWire(name: string, description: string, wire: WireAlarm): CompositeAlarm {
  return {
    kind: 'CompositeAlarm',
    name,
    description,
    rule: wire.AlarmRule ?? '',
    ...(wire.ActionsSuppressor !== undefined && {
      actionsSuppressor: {
        alarm: wire.ActionsSuppressor,
        waitPeriod: wire.ActionsSuppressorWaitPeriod ?? 0,
        extensionPeriod: wire.ActionsSuppressorExtensionPeriod ?? 0,
      },
    }),
    ...commonFromWire(wire),
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
