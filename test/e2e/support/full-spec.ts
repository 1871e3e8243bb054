import type { BedrockMonitorSpec } from '#src/api/v1alpha1.ts';

const region = 'us-east-1';
const account = '111122223333';

/** A spec whose lists hold as many entries as the schema takes: what the rules of the CRD cost most with. */
export function everyListFull(threshold: number): BedrockMonitorSpec {
  const models = many(50, (n) => `anthropic.model-${n}`);
  const alarms = many(100, (n) => `alarm-${n}`);
  const actions = (severity: string) => many(5, (n) => `arn:aws:sns:${region}:${account}:${severity}-${n}`);
  const metric = { name: 'Invocations', statistic: 'Sum' };
  return {
    region,
    accountID: account,
    tags: Object.fromEntries(many(40, (n) => [`key-${n}`, 'value'])),
    models,
    modelPrices: models.map((model) => ({ model, inputUSDPerMillion: 1, outputUSDPerMillion: 2 })),
    driftPolicy: { ignore: many(50, (n) => `alarms/alarm-${n}/threshold`) },
    notifications: {
      routes: (['Critical', 'Warning', 'Info'] as const).map((severity) => ({
        severity,
        alarmActions: actions(severity),
        okActions: actions(severity),
        insufficientDataActions: actions(severity),
      })),
      alarmTagsPropagation: { includedTagKeys: many(50, (n) => `key-${n}`) },
    },
    invocationLogging: {
      dataTypes: ['Text', 'Image', 'Embedding', 'Video', 'Audio'],
      cloudWatchLogs: {
        logGroup: { name: '/aws/bedrock/full' },
        role: { arn: `arn:aws:iam::${account}:role/bedrockmonitor/logs` },
        subscriptionFilters: many(5, (n) => ({
          name: `subscription-${n}`,
          destinationARN: `arn:aws:lambda:${region}:${account}:function:f-${n}`,
        })),
        fieldIndexes: many(19, (n) => `requestMetadata.field${n}`),
      },
    },
    dataProtection: {
      identifiers: many(150, (n) => `Identifier${n}`),
      categories: ['Credentials', 'Device', 'Financial', 'PHI', 'PII'],
      customIdentifiers: many(10, (n) => ({ name: `custom-${n}`, regex: 'MRN-[0-9]{8}' })),
    },
    alarms: alarms.map((name) => ({
      name,
      metricMath: {
        expression: 'm0 + m1',
        metrics: many(10, (n) => ({ id: `m${n}`, ...metric, dimensions: dimensions(30) })),
      },
      threshold,
      period: '5m',
      evaluationPeriods: 12,
      datapointsToAlarm: 3,
      alarmActions: actions('page'),
      okActions: actions('page'),
      insufficientDataActions: actions('page'),
    })),
    compositeAlarms: many(20, (n) => ({ name: `composite-${n}`, anyOf: alarms.slice(0, 40) })),
    slos: many(20, (n) => ({ name: `slo-${n}`, objective: 99.9, errors: {}, models })),
    muteRules: many(20, (n) => ({
      name: `mute-${n}`,
      cron: '0 2 * * SUN',
      duration: '3h',
      alarms: alarms.slice(0, 30),
    })),
    anomalyDetectors: many(50, (n) => ({
      name: `detector-${n}`,
      metric,
      models,
      excludedTimeRanges: many(10, (hour) => ({
        startTime: `2026-11-07T${10 + hour}:00:00Z`,
        endTime: `2026-11-07T${10 + hour}:30:00Z`,
      })),
    })),
    dashboards: many(10, (n) => ({
      name: `dashboard-${n}`,
      preset: 'Overview' as const,
      widgets: many(50, () => ({ type: 'text' as const, properties: { markdown: 'Who is on call?' } })),
      models,
    })),
    savedQueries: many(50, (n) => ({
      name: `query-${n}`,
      queryString: 'limit {{p0}}',
      logGroupNames: many(50, (g) => `/aws/bedrock/${g}`),
      parameters: many(20, (p) => ({ name: `p${p}` })),
    })),
    metricFilters: many(50, (n) => ({
      name: `filter-${n}`,
      preset: 'TokensByMetadata' as const,
      tokensByMetadata: { key: 'team', values: many(50, (v) => `team-${v}`) },
    })),
    crossAccount: {
      sink: {
        sourceAccountIDs: many(100, (n) => `${100_000_000_000 + n}`),
        organizationIDs: many(5, (n) => `o-a1b2c3d4e${n}`),
      },
    },
  };
}

function dimensions(count: number): Record<string, string> {
  return Object.fromEntries(many(count, (n) => [`Dimension${n}`, 'value']));
}

function many<T>(count: number, make: (n: number) => T): T[] {
  return Array.from({ length: count }, (_, n) => make(n));
}
