import { AwsError } from './errors.ts';
import type { Operation, Service, Thing } from './operation.ts';

/** Calls a second, by `service:Operation`. */
export type Rates = Readonly<Record<string, number>>;

/**
 * AWS's published quotas per account and Region; dashboards have one bucket per account. Sources: "CloudWatch service
 * quotas" and "CloudWatch Logs quotas". What is not listed has no published quota and is not limited.
 */
const publishedRates: Rates = {
  'monitoring:PutMetricAlarm': 3,
  'monitoring:PutCompositeAlarm': 3,
  'monitoring:PutAlarmMuteRule': 3,
  'monitoring:DeleteAlarmMuteRule': 3,
  'monitoring:GetAlarmMuteRule': 20,
  'monitoring:ListAlarmMuteRules': 50,
  'monitoring:DeleteAlarms': 3,
  'monitoring:SetAlarmState': 3,
  'monitoring:DescribeAlarms': 9,
  'monitoring:GetMetricData': 500,
  'monitoring:ListMetrics': 25,
  'monitoring:PutLogAlarm': 3,
  'monitoring:PutAnomalyDetector': 10,
  'monitoring:DescribeAnomalyDetectors': 10,
  'monitoring:DeleteAnomalyDetector': 5,
  'monitoring:PutDashboard': 10,
  'monitoring:GetDashboard': 10,
  'monitoring:ListDashboards': 10,
  'monitoring:DeleteDashboards': 10,
  'monitoring:TagResource': 20,
  'monitoring:UntagResource': 20,
  'monitoring:ListTagsForResource': 10,
  'logs:CreateLogGroup': 10,
  'logs:DeleteLogGroup': 10,
  'logs:DescribeLogGroups': 10,
  'logs:PutRetentionPolicy': 5,
  'logs:DeleteRetentionPolicy': 5,
  'logs:AssociateKmsKey': 5,
  'logs:DisassociateKmsKey': 5,
  'logs:PutDataProtectionPolicy': 5,
  'logs:GetDataProtectionPolicy': 5,
  'logs:DeleteDataProtectionPolicy': 5,
  'logs:TagResource': 5,
  'logs:UntagResource': 5,
  'logs:ListTagsForResource': 30,
  'logs:PutMetricFilter': 5,
  'logs:DescribeMetricFilters': 5,
  'logs:DeleteMetricFilter': 5,
  'logs:TestMetricFilter': 5,
  'logs:CreateLogStream': 50,
  'logs:DescribeLogStreams': 25,
  'logs:PutLogEvents': 5000,
  'logs:GetLogEvents': 25,
  'logs:StartQuery': 10,
  'logs:GetQueryResults': 10,
  ...Object.fromEntries(
    'CreateSink DeleteSink GetSink GetSinkPolicy ListSinks ListAttachedLinks CreateLink DeleteLink GetLink ListLinks UpdateLink ListTagsForResource TagResource UntagResource'
      .split(' ')
      .map((name) => [`oam:${name}`, 10]),
  ),
  'oam:PutSinkPolicy': 1,
  'sts:AssumeRole': 600,
  'sts:GetCallerIdentity': 600,
};

/** How many of a thing an account and Region may have. */
export type Counts = Readonly<Partial<Record<Thing, number>>>;

export interface Quotas {
  /** Throws AWS's throttling error when the bucket is empty. */
  take(operation: Operation, account: string, region: string): void;
  count(thing: Thing): number;
  /** Switches quotas on; without them nothing is limited. */
  enforce(options?: { readonly rates?: Rates; readonly counts?: Counts }): void;
}

interface Bucket {
  tokens: number;
  filledAt: number;
}

/** Token buckets that hold one second's worth of calls and refill by clock time. */
export function createQuotas(now: () => number): Quotas {
  let rates: Rates = {};
  let counts: Counts = {};
  const buckets = new Map<string, Bucket>();
  return {
    take(operation, account, region) {
      const name = `${operation.service}:${operation.name}`;
      const rate = rates[name];
      if (rate === undefined) return;
      const place =
        operation.name.includes('Dashboard') || operation.service === 'sts' ? account : `${account}/${region}`;
      const key = `${place}/${name}`;
      const bucket = buckets.get(key) ?? { tokens: rate, filledAt: now() };
      const tokens = Math.min(rate, bucket.tokens + ((now() - bucket.filledAt) / 1000) * rate);
      const allowed = tokens >= 1;
      buckets.set(key, { tokens: allowed ? tokens - 1 : tokens, filledAt: now() });
      if (!allowed) throw throttled(operation.service);
    },
    count(thing) {
      return counts[thing] ?? Number.POSITIVE_INFINITY;
    },
    enforce(options = {}) {
      rates = options.rates ?? publishedRates;
      counts = options.counts ?? counts;
    },
  };
}

/** Each service has its own throttling error. */
export function throttled(service: Service): AwsError {
  switch (service) {
    case 'monitoring':
      return new AwsError('ThrottlingException', 'Rate exceeded', { queryCode: 'Throttling' });
    case 'oam':
      return new AwsError('ThrottlingException', 'Rate exceeded', { status: 429 });
    case 'bedrock':
      return new AwsError('ThrottlingException', 'Too many requests, please wait before trying again.', {
        status: 429,
      });
    case 'sts':
    case 'iam':
    case 'sns':
      return new AwsError('Throttling', 'Rate exceeded');
    case 's3':
      return new AwsError('SlowDown', 'Please reduce your request rate.', { status: 503 });
    case 'logs':
    case 'kms':
      return new AwsError('ThrottlingException', 'Rate exceeded');
  }
}
