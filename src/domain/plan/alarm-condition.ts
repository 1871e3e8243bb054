import type { AlarmEntry } from '#src/api/v1alpha1.ts';
import type { AlarmPreset, Severity } from './alarm-presets.ts';
import { seconds } from './duration.ts';

/** When an alarm fires, in CloudWatch's words. */
export interface Condition {
  readonly threshold: number;
  readonly comparisonOperator: string;
  /** Seconds. */
  readonly period: number;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly treatMissingData: string;
  readonly severity: Severity;
}

const DAY = 86_400;
const DEFAULT_PERIOD = 300;

/**
 * The entry's own values, else the preset's, else the general defaults. Where the entry shortens a preset's N below its
 * M, M follows.
 */
export function conditionOf(
  entry: AlarmEntry,
  preset: AlarmPreset | undefined,
): Condition | { readonly wrong: string } {
  const threshold = entry.threshold ?? preset?.threshold;
  if (threshold === undefined) return { wrong: `alarm ${entry.name}: set threshold` };
  const period = entry.period === undefined ? (preset?.period ?? DEFAULT_PERIOD) : seconds(entry.period);
  const evaluationPeriods = entry.evaluationPeriods ?? preset?.evaluationPeriods ?? 1;
  const datapointsToAlarm =
    entry.datapointsToAlarm ?? Math.min(preset?.datapointsToAlarm ?? evaluationPeriods, evaluationPeriods);
  const wrong = limitBroken(period, evaluationPeriods, datapointsToAlarm);
  if (wrong !== undefined) return { wrong: `alarm ${entry.name}: ${wrong}` };
  return {
    // YAML knows -0, which AWS would read back as 0.
    threshold: threshold + 0,
    comparisonOperator: entry.comparisonOperator ?? 'GreaterThanThreshold',
    period,
    evaluationPeriods,
    datapointsToAlarm,
    treatMissingData: lowerFirst(entry.treatMissingData ?? 'NotBreaching'),
    severity: entry.severity ?? preset?.severity ?? 'Warning',
  };
}

/** AWS's word, only where AWS heeds it: for percentiles. */
export function lowSampleCount(entry: AlarmEntry, statistic: string | undefined): string | undefined {
  if (statistic === undefined || !/^p\d/.test(statistic)) return undefined;
  return lowerFirst(entry.evaluateLowSampleCountPercentile ?? 'Evaluate');
}

/** What the schema cannot see where one factor is the spec's and the other a preset's (PutMetricAlarm's limits). */
function limitBroken(period: number, evaluationPeriods: number, datapointsToAlarm: number): string | undefined {
  if (!(period >= 60 && period % 60 === 0)) {
    return 'period must be whole minutes: Bedrock publishes metrics once a minute';
  }
  if (datapointsToAlarm > evaluationPeriods) return 'datapointsToAlarm may not exceed evaluationPeriods';
  if (period * evaluationPeriods > (period < 3600 ? DAY : 7 * DAY)) {
    return 'period x evaluationPeriods may be at most one day, or seven days for periods of an hour and more';
  }
  return undefined;
}

function lowerFirst(word: string): string {
  return `${word.charAt(0).toLowerCase()}${word.slice(1)}`;
}
