import type { AlarmMetric, AlarmWarmUp, TagsPropagation } from '../resource.ts';
import type { Tags } from './tags.ts';

/** What every kind of alarm notifies. At most five each (CloudWatch API reference: PutMetricAlarm). */
interface AlarmTargets {
  readonly actionsEnabled: boolean;
  readonly alarmActions: readonly string[];
  readonly okActions: readonly string[];
  readonly insufficientDataActions: readonly string[];
}

/** An alarm over the states of other alarms. */
export interface CompositeAlarm extends AlarmTargets {
  readonly kind: 'CompositeAlarm';
  readonly name: string;
  /** What people read, without the mark. */
  readonly description: string;
  /** AWS's grammar, at most 10,240 characters; compared by meaning. */
  readonly rule: string;
  readonly actionsSuppressor?: {
    /** An alarm's name or ARN. */
    readonly alarm: string;
    /** Seconds. */
    readonly waitPeriod: number;
    readonly extensionPeriod: number;
  };
  /** Absent: what AWS has stays. */
  readonly tagsPropagation?: TagsPropagation;
  readonly tags: Tags;
}

/** An alarm over the results of a Logs Insights query that CloudWatch runs on a schedule. */
export interface LogAlarm extends AlarmTargets {
  readonly kind: 'LogAlarm';
  readonly name: string;
  /** What people read, without the mark. */
  readonly description: string;
  readonly queryString: string;
  readonly aggregationExpression: string;
  readonly logGroupNames: readonly string[];
  /** Seconds. */
  readonly every: number;
  readonly startTimeOffset: number;
  readonly endTimeOffset: number;
  readonly roleARN: string;
  readonly logLines?: { readonly count: number; readonly roleARN: string };
  readonly threshold: number;
  readonly comparisonOperator: string;
  readonly resultsToEvaluate: number;
  readonly resultsToAlarm: number;
  readonly treatMissingData: string;
  /** Absent: what AWS has stays. */
  readonly warmUp?: AlarmWarmUp;
  readonly tagsPropagation?: TagsPropagation;
  readonly tags: Tags;
}

/** How CloudWatch's model of one metric and statistic is trained. Its name here is the metric in one line. */
export interface AnomalyDetector {
  readonly kind: 'AnomalyDetector';
  readonly name: string;
  readonly metric: Omit<AlarmMetric, 'period'>;
  /** RFC 3339 in UTC and whole seconds, in order. */
  readonly excludedTimeRanges: readonly { readonly startTime: string; readonly endTime: string }[];
  /** As the tz database names it. */
  readonly timeZone: string;
  /** AWS's words. */
  readonly adaptationSpeed: string;
  readonly outlierFilteringStrength: string;
  readonly periodicSpikes: boolean;
}

/** Times in which alarms set nothing off. */
export interface AlarmMuteRule {
  readonly kind: 'AlarmMuteRule';
  readonly name: string;
  readonly description?: string;
  /** AWS's words: `cron(…)` or `at(…)`. */
  readonly expression: string;
  /** ISO 8601, such as PT3H. */
  readonly duration: string;
  readonly timeZone: string;
  readonly startDate?: string;
  readonly expireDate?: string;
  /** At most 100. */
  readonly alarmNames: readonly string[];
  readonly tags: Tags;
}
