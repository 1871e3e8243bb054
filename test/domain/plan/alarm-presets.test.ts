import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { AlarmEntry } from '#src/api/v1alpha1.ts';
import { type AlarmPreset, alarmPresets } from '#src/domain/plan/alarm-presets.ts';
import { planAlarms } from '#src/domain/plan/metric-alarm.ts';
import { queryPresets } from '#src/domain/plan/query-presets.ts';
import type { AlarmMetric, MetricQuery } from '#src/domain/resource.ts';
import { facts, logging, planned, remarks, spec } from './given.ts';

type Name = keyof typeof alarmPresets;

const modelPrices = [
  { model: 'claude', inputUSDPerMillion: 3, outputUSDPerMillion: 15 },
  {
    model: 'arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/q1w2',
    inputUSDPerMillion: 0.8,
    outputUSDPerMillion: 3.2,
  },
] as const;

describe('alarm presets', () => {
  test.each<[Name, string, string, number, number, string]>([
    ['Throttling', 'InvocationThrottles', 'Sum', 0, 60, '3 of 5'],
    ['ServerErrors', 'InvocationServerErrors', 'Sum', 0, 60, '3 of 5'],
    ['ClientErrors', 'InvocationClientErrors', 'Sum', 10, 300, '3 of 3'],
    ['LegacyModel', 'LegacyModelInvocations', 'Sum', 0, 3600, '1 of 1'],
    ['LatencyP99', 'InvocationLatency', 'p99', 30_000, 300, '3 of 3'],
    ['TimeToFirstToken', 'TimeToFirstToken', 'p99', 5000, 300, '3 of 3'],
  ])('%s watches %s', (preset, name, statistic, threshold, period, times) => {
    const [alarm] = planned(
      'MetricAlarm',
      planAlarms(spec({ alarms: [{ name: 'a', preset, models: ['m'] }] }), facts()),
    );
    expect(alarm?.metric).toEqual({ namespace: 'AWS/Bedrock', name, dimensions: { ModelId: 'm' }, statistic, period });
    expect(alarm?.threshold).toBe(threshold);
    expect(`${alarm?.datapointsToAlarm} of ${alarm?.evaluationPeriods}`).toBe(times);
    expect(alarm?.comparisonOperator).toBe('GreaterThanThreshold');
    expect(alarm?.treatMissingData).toBe('notBreaching');
  });

  test('ErrorRate is metric math over five-minute sums', () => {
    const [alarm] = planned('MetricAlarm', planAlarms(spec({ alarms: [{ name: 'e', preset: 'ErrorRate' }] }), facts()));
    expect(alarm?.metric).toBeUndefined();
    expect(alarm?.threshold).toBe(5);
    expect(
      alarm?.metrics?.map(({ id, expression, metric }) => [
        id,
        expression ?? `${metric?.name} ${metric?.statistic} ${metric?.period}`,
      ]),
    ).toEqual([
      ['rate', 'IF(requests < 20, 0, 100 * errors / IF(requests < 1, 1, requests))'],
      ['requests', 'FILL(invocations, 0) + errors'],
      ['errors', 'FILL(serverErrors, 0) + FILL(throttles, 0)'],
      ['invocations', 'Invocations Sum 300'],
      ['serverErrors', 'InvocationServerErrors Sum 300'],
      ['throttles', 'InvocationThrottles Sum 300'],
    ]);
  });

  test.each<[Name, Partial<AlarmEntry>, string[]]>([
    [
      'TokenSpike',
      {},
      [
        'FILL(input, 0) + FILL(output, 0)',
        'InputTokenCount Sum 900',
        'OutputTokenCount Sum 900',
        'ANOMALY_DETECTION_BAND(tokens, 3)',
      ],
    ],
    [
      'QuotaHeadroom',
      { quotaHeadroom: { tokensPerMinute: 800_000 }, models: ['m'] },
      ['100 * usage / 800000', 'EstimatedTPMQuotaUsage Sum 60 ModelId=m'],
    ],
    [
      'QuotaHeadroom',
      { quotaHeadroom: { tokensPerMinute: 10 }, models: ['m'], period: '5m' },
      ['100 * usage / 50', 'EstimatedTPMQuotaUsage Sum 300 ModelId=m'],
    ],
    [
      'LogDeliveryFailure',
      {},
      [
        'FILL(logs, 0) + FILL(s3, 0) + FILL(large, 0)',
        'ModelInvocationLogsCloudWatchDeliveryFailure Sum 300',
        'ModelInvocationLogsS3DeliveryFailure Sum 300',
        'ModelInvocationLargeDataS3DeliveryFailure Sum 300',
      ],
    ],
    ['GuardrailInterventions', {}, ['InvocationsIntervened Sum 300 Operation=ApplyGuardrail']],
    [
      'GuardrailInterventions',
      { guardrailInterventions: { guardrailARN: 'arn:g', guardrailVersion: '3' } },
      ['InvocationsIntervened Sum 300 GuardrailArn=arn:g GuardrailVersion=3'],
    ],
    [
      'CostBudget',
      { costBudget: { amountUSD: 400 } },
      [
        '(FILL(input1, 0) * 3 + FILL(output1, 0) * 15 + FILL(input2, 0) * 0.8 + FILL(output2, 0) * 3.2) / 1000000',
        'InputTokenCount Sum 86400 ModelId=claude',
        'OutputTokenCount Sum 86400 ModelId=claude',
        'InputTokenCount Sum 86400 ModelId=q1w2',
        'OutputTokenCount Sum 86400 ModelId=q1w2',
      ],
    ],
    [
      'CostBudget',
      { costBudget: { amountUSD: 10, per: 'Hour' }, models: ['q1w2'] },
      [
        '(FILL(input1, 0) * 0.8 + FILL(output1, 0) * 3.2) / 1000000',
        'InputTokenCount Sum 3600 ModelId=q1w2',
        'OutputTokenCount Sum 3600 ModelId=q1w2',
      ],
    ],
    ['SensitiveDataFindings', {}, ['LogEventsWithFindings Sum 300 Name=bedrockmonitor_test_genai_production']],
  ])('%s with %j', (preset, members, expected) => {
    const [alarm] = planned(
      'MetricAlarm',
      planAlarms(spec({ modelPrices, alarms: [{ name: 'a', preset, ...members }] }), facts()),
    );
    const all = alarm?.metrics ?? (alarm?.metric ? [{ id: '', metric: alarm.metric, returnData: true }] : []);
    const read = ({ name, statistic, period, dimensions }: AlarmMetric) =>
      [name, statistic, period, ...Object.entries(dimensions).map(([key, value]) => `${key}=${value}`)].join(' ');
    expect(all.map(({ expression, metric }: MetricQuery) => expression ?? (metric && read(metric)))).toEqual(expected);
  });

  test('CostBudget fires above its amount', () => {
    const entry: AlarmEntry = { name: 'a', preset: 'CostBudget', costBudget: { amountUSD: 12.5 } };
    const [alarm] = planned('MetricAlarm', planAlarms(spec({ modelPrices, alarms: [entry] }), facts()));
    expect(alarm).toMatchObject({ threshold: 12.5, comparisonOperator: 'GreaterThanThreshold' });
  });

  test.each<[string, Partial<AlarmEntry>, number, string]>([
    ['a model without a price', { models: ['nova'] }, 2, 'has no price for nova'],
    ['six models', {}, 6, 'adds up 6 models'],
    ['no prices at all', {}, 0, 'has no prices'],
  ])('CostBudget of %s is said', (_what, members, count, sentence) => {
    const prices = Array.from({ length: count }, (_, index) => ({ ...modelPrices[0], model: `m${index}` }));
    const entry: AlarmEntry = { name: 'a', preset: 'CostBudget', costBudget: { amountUSD: 1 }, ...members };
    const plan = planAlarms(spec({ modelPrices: prices, alarms: [entry] }), facts());
    expect(remarks(plan)).toEqual(['InvalidSpec alarms/a']);
    expect(plan.remarks?.[0]?.message).toContain(`alarm a ${sentence}`);
  });

  test('LogDeliveryFailure watches the destinations in use, and one needs no math', () => {
    const ofLogs = planAlarms(spec({ invocationLogging: logging }), facts());
    expect(planned('MetricAlarm', ofLogs)[0]?.metric?.name).toBe('ModelInvocationLogsCloudWatchDeliveryFailure');
    const s3 = { bucket: { name: 'records' } };
    const both = planned('MetricAlarm', planAlarms(spec({ invocationLogging: { ...logging, s3 } }), facts()));
    expect(both[0]?.metrics?.[0]?.expression).toBe('FILL(logs, 0) + FILL(s3, 0)');
  });

  test('SensitiveDataFindings watches the dimensions under which CloudWatch lists the findings', () => {
    const alarms = [{ name: 'found', preset: 'SensitiveDataFindings' as const }];
    const known = { LogGroupArn: 'arn', Policy: 'bedrockmonitor_test_genai_production' };
    const found = planAlarms(spec({ alarms }), facts({ findingsDimensions: { known } }));
    expect(planned('MetricAlarm', found)[0]?.metric?.dimensions).toEqual(known);
    const unknown = planAlarms(spec({ alarms }), facts({ findingsDimensions: { unknown: 'time-out' } }));
    expect(remarks(unknown)).toEqual(['DependencyNotReady alarms/found']);
    expect(unknown.keep).toEqual(['Alarms']);
  });

  test.each<[Name, string]>([
    ['Throttling', 'Warning'],
    ['ServerErrors', 'Critical'],
    ['ClientErrors', 'Info'],
    ['LegacyModel', 'Info'],
    ['ErrorRate', 'Critical'],
    ['LatencyP99', 'Warning'],
    ['TimeToFirstToken', 'Warning'],
    ['TokenSpike', 'Warning'],
    ['QuotaHeadroom', 'Warning'],
    ['LogDeliveryFailure', 'Critical'],
    ['SensitiveDataFindings', 'Warning'],
    ['GuardrailInterventions', 'Info'],
    ['CostBudget', 'Warning'],
  ])('%s is %s', (preset, severity) => {
    expect(alarmPresets[preset].severity).toBe(severity);
  });

  test('the description says what it means, to whom, and when it fires', () => {
    const entry: AlarmEntry = {
      name: 'a',
      preset: 'Throttling',
      models: ['amazon.nova-pro-v1:0'],
      runbookURL: 'https://r.example',
    };
    const [alarm] = planned('MetricAlarm', planAlarms(spec({ alarms: [entry] }), facts()));
    expect(alarm?.description).toBe(
      'Bedrock throttles requests to amazon.nova-pro-v1:0: a quota is used up. Fires when InvocationThrottles (Sum) is above 0 in 3 of 5 periods of 1m.\nRunbook: https://r.example',
    );
  });
});

describe('docs/presets.md is true to the code', () => {
  const page = readFileSync(new URL('../../../docs/presets.md', import.meta.url), 'utf8');
  const section = (title: string): string => page.split(/^#+ /m).find((text) => text.startsWith(`${title}\n`)) ?? '';
  const minutes = (period: number): string => (period >= 3600 ? `${period / 3600}h` : `${period / 60}m`);

  const above = (threshold: AlarmPreset['threshold']): string => {
    if (threshold === undefined) return 'the amount';
    if (typeof threshold === 'number') return threshold.toLocaleString('en-US');
    return `the band of ${threshold.standardDeviations} standard deviations`;
  };

  test.each<[string, AlarmPreset]>(Object.entries(alarmPresets))(
    'alarm preset %s: every number of it',
    (name, preset) => {
      const { threshold, period, datapointsToAlarm, evaluationPeriods, severity } = preset;
      const line = `fires above ${above(threshold)}, ${datapointsToAlarm} of ${evaluationPeriods} periods of ${minutes(period)}, ${severity}`;
      expect(section(name)).toContain(line);
    },
  );

  test.each<[Name, Partial<AlarmEntry>, number]>([
    ['ErrorRate', {}, 3],
    ['TokenSpike', {}, 2],
    ['QuotaHeadroom', { quotaHeadroom: { tokensPerMinute: 800_000 } }, 1],
    ['LogDeliveryFailure', {}, 1],
    ['CostBudget', { costBudget: { amountUSD: 400 } }, 1],
  ])('the metric math of %s as it is sent', (preset, members, count) => {
    const alarms = [{ name: 'a', preset, ...members }];
    const [alarm] = planned('MetricAlarm', planAlarms(spec({ modelPrices, alarms }), facts()));
    const lines = (alarm?.metrics ?? []).flatMap(({ id, expression }) => (expression ? [`${id} = ${expression}`] : []));
    expect(lines).toHaveLength(count);
    for (const line of lines) expect(section(preset)).toContain(line);
  });

  test('Overview has a section', () => {
    expect(section('Overview').length).toBeGreaterThan(100);
  });

  test.each(Object.entries(queryPresets))('saved query %s as it is sent', (name, query) => {
    // Other parts have presets of the same names.
    const [, queries = ''] = page.split('\n## Saved queries\n');
    expect(queries.split(/^#+ /m).find((text) => text.startsWith(`${name}\n`))).toContain(query);
  });
});
