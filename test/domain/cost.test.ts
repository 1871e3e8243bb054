import { describe, expect, it } from 'vitest';
import { estimatedMonthlyCost, listPrices } from '#src/domain/cost.ts';
import type { Plan, Planned } from '#src/domain/plan.ts';
import { plan } from '#src/domain/plan.ts';
import { facts, logging, spec } from './plan/given.ts';

const TEN_MINUTES_MS = 600_000;
/** CloudWatch prices without the calls of supervision. */
const standing = { ...listPrices, thousandCalls: 0 };

function cost(members: Parameters<typeof spec>[0], prices = standing) {
  return estimatedMonthlyCost(plan(spec(members), facts()), prices, TEN_MINUTES_MS).amountUSD;
}

function planOf(...resources: Planned['resource'][]): Plan {
  return {
    resources: resources.map((resource) => ({ resource, part: 'Alarms', path: 'a', after: [] })),
    remarks: [],
    keep: [],
    models: [],
  };
}

describe('the estimated cost of a month', () => {
  it.each<[string, Parameters<typeof spec>[0], string]>([
    ['nothing', {}, '0.00'],
    ['an alarm over one metric', { alarms: [{ name: 'a', preset: 'Throttling' }] }, '0.10'],
    ['an alarm over three', { alarms: [{ name: 'a', preset: 'ErrorRate' }] }, '0.30'],
    ['one per model', { alarms: [{ name: 'a', preset: 'Throttling', models: ['x', 'y'] }] }, '0.20'],
    ['a dashboard', { dashboards: [{ name: 'd', preset: 'Overview' }] }, '3.00'],
    [
      'tokens by three teams: two metrics each, and the alarm on delivery',
      {
        invocationLogging: logging,
        metricFilters: [
          {
            name: 'tokens',
            preset: 'TokensByMetadata',
            tokensByMetadata: { key: 'team', values: ['a', 'b', 'c'] },
          },
        ],
      },
      '1.90',
    ],
  ])('%s', (_, members, expected) => {
    expect(cost(members)).toBe(expected);
  });

  it('counts the calls by which a monitor at rest is compared with AWS, and not those that are free', () => {
    // 4,380 passes a month, one DescribeAlarms and one GetDashboard each.
    const calls = { alarmMetric: 0, compositeAlarm: 0, dashboard: 0, customMetric: 0, thousandCalls: 0.01 };
    expect(cost({ alarms: [{ name: 'a', preset: 'Throttling' }] }, calls)).toBe('0.04');
    expect(cost({ dashboards: [{ name: 'd', preset: 'Overview' }] }, calls)).toBe('0.04');
    expect(cost({ savedQueries: [{ name: 'q', queryString: 'fields @message', logGroupNames: ['/a'] }] }, calls)).toBe(
      '0.00',
    );
  });

  it('takes the metric of a band three times, and composites as one', () => {
    const metric = { namespace: 'AWS/Bedrock', name: 'Invocations', dimensions: {}, statistic: 'Sum', period: 300 };
    const base = {
      description: '',
      actionsEnabled: true,
      alarmActions: [],
      okActions: [],
      insufficientDataActions: [],
      tags: {},
    };
    const band: Planned['resource'] = {
      ...base,
      kind: 'MetricAlarm',
      name: 'band',
      metrics: [
        { id: 'm', metric, returnData: true },
        { id: 'band', expression: 'ANOMALY_DETECTION_BAND(m, 2)', returnData: true },
      ],
      threshold: 0,
      comparisonOperator: 'GreaterThanUpperThreshold',
      evaluationPeriods: 1,
      datapointsToAlarm: 1,
      treatMissingData: 'notBreaching',
    };
    const composite: Planned['resource'] = { ...base, kind: 'CompositeAlarm', name: 'c', rule: 'ALARM(band)' };
    expect(estimatedMonthlyCost(planOf(band), standing, TEN_MINUTES_MS).amountUSD).toBe('0.30');
    expect(estimatedMonthlyCost(planOf(composite), standing, TEN_MINUTES_MS).amountUSD).toBe('0.50');
  });

  it('goes by the prices that a platform pays', () => {
    expect(cost({ alarms: [{ name: 'a', preset: 'ErrorRate' }] }, { ...standing, alarmMetric: 1 })).toBe('3.00');
  });

  it('says of which date the prices are, and counts of logging only the alarm on its delivery', () => {
    const whole = estimatedMonthlyCost(plan(spec({ invocationLogging: logging }), facts()), standing, TEN_MINUTES_MS);
    expect(whole).toEqual({ amountUSD: '0.10', pricesOf: '2026-11-01' });
  });
});
