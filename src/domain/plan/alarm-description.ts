import type { AlarmEntry } from '#src/api/v1alpha1.ts';
import type { Condition } from './alarm-condition.ts';
import type { AlarmPreset, Signal } from './alarm-presets.ts';
import { asDuration } from './duration.ts';

/**
 * What whoever is woken up reads first: the entry's description, else a sentence, then the runbook. With the longest
 * mark line (184 characters and a newline) it stays under AWS's 1,024.
 */
export function descriptionOf(
  entry: AlarmEntry,
  preset: AlarmPreset | undefined,
  signal: Signal,
  condition: Condition,
  modelID: string | undefined,
): string {
  const sentence = entry.description ?? sentenceOf(preset, signal, condition, modelID ?? 'all models');
  return entry.runbookURL === undefined ? sentence : `${sentence}\nRunbook: ${entry.runbookURL}`;
}

function sentenceOf(preset: AlarmPreset | undefined, signal: Signal, condition: Condition, target: string): string {
  const { period, evaluationPeriods, datapointsToAlarm } = condition;
  const when = `${comparison(condition.comparisonOperator)} ${condition.threshold} in ${datapointsToAlarm} of ${evaluationPeriods} ${evaluationPeriods === 1 ? 'period' : 'periods'} of ${asDuration(period)}`;
  if (preset !== undefined) return `${preset.meaning(target)} Fires when ${preset.watches} is ${when}.`;
  const watched = 'metric' in signal ? `${signal.metric.name} (${signal.metric.statistic})` : 'the expression';
  return `${watched} is ${when}.`;
}

function comparison(operator: string): string {
  const words: Readonly<Record<string, string>> = {
    GreaterThanThreshold: 'above',
    GreaterThanOrEqualToThreshold: 'at or above',
    LessThanThreshold: 'below',
    LessThanOrEqualToThreshold: 'at or below',
  };
  return words[operator] ?? operator;
}
