import type { BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import type { MetricAlarm } from '../resource.ts';
import type { AlarmActions } from './alarm-actions.ts';
import type { Condition } from './alarm-condition.ts';
import { asMetrics, banded, type Signal } from './signal.ts';
import { declaredTags } from './tags.ts';
import { tagsPropagation } from './tags-propagation.ts';
import type { Facts } from './types.ts';

/** All that makes one metric alarm, in planning's words. */
export interface AlarmParts {
  /** The exact name in AWS. */
  readonly name: string;
  readonly signal: Signal;
  readonly condition: Omit<Condition, 'period' | 'severity'>;
  readonly actions: AlarmActions;
  /** Default: true. */
  readonly actionsEnabled?: boolean;
  /** What people read, without the mark: at most 839 characters. */
  readonly description: string;
}

/**
 * One alarm as AWS is to have it, with the tags and the propagation of tags that the spec asks for. For every planner
 * that makes metric alarms, also those that derive several from one entry (burn rates). `condition` of a fixed threshold
 * is `{threshold, comparisonOperator, evaluationPeriods, datapointsToAlarm, treatMissingData}` in AWS's words, with the
 * period inside `signal`; `actionsOf` gives the actions of a severity.
 */
export function alarmResource(
  { name, signal, condition, actions, actionsEnabled = true, description }: AlarmParts,
  spec: BedrockMonitorSpec,
  facts: Facts,
): MetricAlarm {
  const { threshold, evaluateLowSampleCountPercentile, warmUp } = condition;
  const propagation = tagsPropagation(spec.notifications);
  return {
    kind: 'MetricAlarm',
    name,
    description,
    ...watched(signal, threshold),
    comparisonOperator: condition.comparisonOperator,
    evaluationPeriods: condition.evaluationPeriods,
    datapointsToAlarm: condition.datapointsToAlarm,
    treatMissingData: condition.treatMissingData,
    // Of a metrics list AWS documents no such setting.
    ...(evaluateLowSampleCountPercentile !== undefined &&
      isOwnPercentile(signal, threshold) && { evaluateLowSampleCountPercentile }),
    ...(warmUp !== undefined && { warmUp }),
    ...(propagation !== undefined && { tagsPropagation: propagation }),
    actionsEnabled,
    ...actions,
    tags: declaredTags(facts.owner, spec.tags),
  };
}

function watched(signal: Signal, threshold: Condition['threshold']) {
  if (typeof threshold !== 'number') return banded(signal, threshold);
  return isOtherAccount(signal) ? { metrics: asMetrics(signal), threshold } : { ...signal, threshold };
}

function isOtherAccount(signal: Signal): boolean {
  return 'metric' in signal && signal.metric.accountID !== undefined;
}

function isOwnPercentile(signal: Signal, threshold: Condition['threshold']): boolean {
  if (typeof threshold !== 'number' || !('metric' in signal) || isOtherAccount(signal)) return false;
  return /^p\d/.test(signal.metric.statistic);
}
