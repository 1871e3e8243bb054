import type { Tags } from './tags.ts';

/** A metric made from log events. The name here is `<log group>:<filter>`: neither may hold a colon. */
export interface MetricFilter {
  readonly kind: 'MetricFilter';
  readonly name: string;
  readonly filterPattern: string;
  readonly metricNamespace: string;
  readonly metricName: string;
  /** A number, or the field of the record that holds it: `$.input.inputTokenCount`. */
  readonly metricValue: string;
  /** Names, each with the field of the record that has its value. */
  readonly dimensions: Readonly<Record<string, string>>;
  /** Published where an event does not match; never beside dimensions. */
  readonly defaultValue?: number;
}

/** A live copy of log events to a destination. The name here is `<log group>:<filter>`. */
export interface SubscriptionFilter {
  readonly kind: 'SubscriptionFilter';
  readonly name: string;
  readonly destinationARN: string;
  readonly filterPattern: string;
  readonly roleARN?: string;
  readonly distribution: 'Random' | 'ByLogStream';
}

/** The fields of one log group by which queries are sped up. The name here is the log group's. */
export interface FieldIndexPolicy {
  readonly kind: 'FieldIndexPolicy';
  readonly name: string;
  /** Sorted, without the mark. */
  readonly fields: readonly string[];
}

/** CloudWatch's detector of unusual log patterns. The name here is `<log group>:<detector>`. */
export interface LogAnomalyDetector {
  readonly kind: 'LogAnomalyDetector';
  readonly name: string;
  /** AWS's word, such as `FIVE_MIN`. */
  readonly evaluationFrequency: string;
  /** Empty: all events. */
  readonly filterPattern: string;
  readonly visibilityDays: number;
  /** False: somebody has paused it. */
  readonly enabled: boolean;
  readonly tags: Tags;
}
