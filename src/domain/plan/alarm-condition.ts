import type { AlarmEntry } from '#src/api/v1alpha1.ts';
import type { AlarmWarmUp } from '../resource.ts';
import type { AlarmPreset, Severity } from './alarm-presets.ts';
import { seconds } from './duration.ts';
import type { Band } from './signal.ts';

/** When an alarm fires, in CloudWatch's words. */
export interface Condition {
  /** A number, or a band around what CloudWatch expects. */
  readonly threshold: number | Band;
  readonly comparisonOperator: string;
  /** Seconds. */
  readonly period: number;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly treatMissingData: string;
  /** AWS's word; heeded for a percentile of one metric only. */
  readonly evaluateLowSampleCountPercentile?: string;
  /** Absent: what AWS has stays. */
  readonly warmUp?: AlarmWarmUp;
  readonly severity: Severity;
}

const DAY = 86_400;
const DEFAULT_PERIOD = 300;
const DEFAULT_DEVIATIONS = 2;

/**
 * The entry's own values, else the preset's, else the general defaults. Where the entry shortens a preset's N below its
 * M, M follows.
 */
export function conditionOf(
  entry: AlarmEntry,
  preset: AlarmPreset | undefined,
): Condition | { readonly wrong: string } {
  const threshold = thresholdOf(entry, preset);
  if (threshold === undefined) return { wrong: `alarm ${entry.name}: set either threshold or anomalyBand` };
  const period = entry.period === undefined ? periodOf(entry, preset) : seconds(entry.period);
  const evaluationPeriods = entry.evaluationPeriods ?? preset?.evaluationPeriods ?? 1;
  const datapointsToAlarm =
    entry.datapointsToAlarm ?? Math.min(preset?.datapointsToAlarm ?? evaluationPeriods, evaluationPeriods);
  const wrong = limitBroken(period, evaluationPeriods, datapointsToAlarm);
  if (wrong !== undefined) return { wrong: `alarm ${entry.name}: ${wrong}` };
  const { warmUp } = entry;
  return {
    threshold,
    comparisonOperator: entry.comparisonOperator ?? operatorOf(threshold, preset),
    period,
    evaluationPeriods,
    datapointsToAlarm,
    treatMissingData: lowerFirst(entry.treatMissingData ?? 'NotBreaching'),
    evaluateLowSampleCountPercentile: lowerFirst(entry.evaluateLowSampleCountPercentile ?? 'Evaluate'),
    ...(warmUp && {
      warmUp: { minutes: seconds(warmUp.duration) / 60, always: warmUp.startEvaluating === 'AfterWarmUp' },
    }),
    severity: entry.severity ?? preset?.severity ?? 'Warning',
  };
}

function thresholdOf(entry: AlarmEntry, preset: AlarmPreset | undefined): number | Band | undefined {
  const { threshold, anomalyBand, costBudget } = entry;
  if (anomalyBand !== undefined) {
    const ofPreset = typeof preset?.threshold === 'object' ? preset.threshold.standardDeviations : DEFAULT_DEVIATIONS;
    return { standardDeviations: anomalyBand.standardDeviations ?? ofPreset };
  }
  const written = threshold ?? costBudget?.amountUSD ?? preset?.threshold;
  // YAML knows -0, which AWS would read back as 0.
  return typeof written === 'number' ? written + 0 : written;
}

/** A preset fires above its band, too: it is about too much. */
function operatorOf(threshold: number | Band, preset: AlarmPreset | undefined): string {
  if (typeof threshold === 'number') return 'GreaterThanThreshold';
  return preset === undefined ? 'LessThanLowerOrGreaterThanUpperThreshold' : 'GreaterThanUpperThreshold';
}

function periodOf(entry: AlarmEntry, preset: AlarmPreset | undefined): number {
  return entry.costBudget?.per === 'Hour' ? 3600 : (preset?.period ?? DEFAULT_PERIOD);
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
