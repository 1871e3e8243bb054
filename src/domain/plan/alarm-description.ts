import type { AlarmEntry } from '#src/api/v1alpha1.ts';
import type { Condition } from './alarm-condition.ts';
import type { Form } from './alarm-form.ts';
import { asDuration } from './duration.ts';

/**
 * What whoever is woken up reads first: the entry's description, else a sentence, then the runbook. With the longest
 * mark line (184 characters and a newline) it stays under AWS's 1,024.
 */
export function descriptionOf(
  entry: AlarmEntry,
  form: Pick<Form, 'preset' | 'watches'>,
  condition: Condition,
  modelID: string | undefined,
): string {
  const sentence = entry.description ?? sentenceOf(form, condition, modelID ?? 'all models');
  return withRunbook(sentence, entry.runbookURL);
}

/** As every alarm has it: the sentence, and in a line of its own where to read on. */
export function withRunbook(sentence: string, runbookURL: string | undefined): string {
  return runbookURL === undefined ? sentence : `${sentence}\nRunbook: ${runbookURL}`;
}

function sentenceOf({ preset, watches }: Pick<Form, 'preset' | 'watches'>, condition: Condition, target: string) {
  const { period, evaluationPeriods, datapointsToAlarm } = condition;
  const when = `${comparison(condition)} in ${datapointsToAlarm} of ${evaluationPeriods} ${evaluationPeriods === 1 ? 'period' : 'periods'} of ${asDuration(period)}`;
  return preset === undefined
    ? `${watches} is ${when}.`
    : `${preset.meaning(target)} Fires when ${watches} is ${when}.`;
}

const words: Readonly<Record<string, string>> = {
  GreaterThanThreshold: 'above',
  GreaterThanOrEqualToThreshold: 'at or above',
  LessThanThreshold: 'below',
  LessThanOrEqualToThreshold: 'at or below',
  GreaterThanUpperThreshold: 'above',
  LessThanLowerThreshold: 'below',
  LessThanLowerOrGreaterThanUpperThreshold: 'outside',
};

/** `above 5`, or what it is of a band. */
export function comparison({ comparisonOperator, threshold }: Condition): string {
  const word = words[comparisonOperator] ?? comparisonOperator;
  if (typeof threshold === 'number') return `${word} ${threshold}`;
  return `${word} the band of ${threshold.standardDeviations} standard deviations around what CloudWatch expects`;
}
