import { isDeepStrictEqual } from 'node:util';
import { Waiting } from '#src/domain/failure.ts';
import { ownerMark } from '#src/domain/owner.ts';
import type { AnomalyDetector, Change, Observed } from '#src/domain/resource.ts';
import { refKey } from '#src/domain/result.ts';
import { untuned } from '#src/domain/trained-model.ts';
import type { ResourceHandler } from '#src/reconcile/ports.ts';
import { putInput, wireMetric } from './anomaly-detector-wire.ts';
import { isAbsent } from './errors.ts';
import { readDescription } from './marks.ts';
import type { Session } from './session.ts';
import { declaredDifferences } from './structural-diff.ts';

/** Our alarms go first; reads show them for a while. */
const GONE_MS = 2_000;

/**
 * Models of metric anomaly detection, one per metric and statistic. AWS can neither tag nor name them, and makes one
 * itself for any alarm with a band. So a model is ours
 * - by the inventory, which has it if we made it or took it;
 * - else, untuned, if no alarm of others rests on it: AWS made it, for an alarm of ours or one that is gone;
 * - else, in a pass that has no inventory, if alarms of ours rest on it and none of others.
 *
 * It is deleted only when no alarm rests on it. Alarms of others keep theirs as it is.
 */
export function anomalyDetectors(session: Session): ResourceHandler<'AnomalyDetector'> {
  /** Put in this pass: not in the inventory as it was read. */
  const put = new Set<string>();
  const ours = { state: 'Owned', by: ownerMark(session.owner) } as const;

  const isListed = (name: string) => {
    const key = refKey({ kind: 'AnomalyDetector', name });
    return put.has(name) || session.inventory?.has(key) === true;
  };
  /** Names of the alarms with a band on the model: ours, by mark or inventory, and those of others. */
  const usersOf = async (name: string, signal: AbortSignal) => {
    const alarms = (await session.shared.bands(name, signal)) ?? [];
    const isOurs = ({ AlarmName = '', AlarmDescription = '' }: (typeof alarms)[number]) => {
      const { mark } = readDescription(AlarmDescription);
      const listed = session.inventory?.has(refKey({ kind: 'MetricAlarm', name: AlarmName })) === true;
      return listed || (mark.state === 'Owned' && mark.by === ours.by);
    };
    const own = alarms.filter(isOurs).map(({ AlarmName = '' }) => AlarmName);
    return { own, others: alarms.length - own.length };
  };
  const isFree = async (model: AnomalyDetector, signal: AbortSignal) => {
    const { own, others } = await usersOf(model.name, signal);
    return others === 0 && (isUntuned(model) || (session.inventory === undefined && own.length > 0));
  };

  return {
    async observe({ name }, marks, signal) {
      const resource = await session.shared.detector(name, signal);
      if (resource === undefined) return session.absent({ kind: 'AnomalyDetector', name });
      if (isListed(name)) return { resource, mark: ours };
      if (marks === 'IfFree') return { resource, mark: { state: 'Unread' } };
      return { resource, mark: (await isFree(resource, signal)) ? ours : { state: 'None' } };
    },
    diff,
    async apply(desired, now, signal) {
      await session.call('cloudwatch:PutAnomalyDetector', desired.name, putInput(desired), signal);
      put.add(desired.name);
      if (now === undefined) session.created({ kind: 'AnomalyDetector', name: desired.name });
      return { kind: 'AnomalyDetector', name: desired.name };
    },
    async delete({ name }, { resource }, signal) {
      const { own, others } = await usersOf(name, signal);
      if (others > 0) return 'left';
      if (own.length > 0) {
        const message = `the model of ${name} goes once CloudWatch shows no alarm with a band on it: it still shows ${own[0]}`;
        throw new Waiting('DependencyNotReady', message, { retryAfterMs: GONE_MS });
      }
      const input = { SingleMetricAnomalyDetector: wireMetric(resource.metric) };
      try {
        await session.call('cloudwatch:DeleteAnomalyDetector', name, input, signal);
      } catch (error) {
        if (!isAbsent(error)) throw error;
      }
      put.delete(name);
      session.deleted({ kind: 'AnomalyDetector', name });
      return undefined;
    },
  };
}

function diff(desired: AnomalyDetector, now: Observed<'AnomalyDetector'>): readonly Change[] {
  const { kind: _, name: __, metric: ___, ...settings } = desired;
  return declaredDifferences(now.resource, settings);
}

function isUntuned(model: AnomalyDetector): boolean {
  return isDeepStrictEqual({ ...model, ...untuned }, model);
}
