import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { AlarmEntry } from '#src/api/v1alpha1.ts';
import { alarmPresets } from '#src/domain/plan/alarm-presets.ts';
import { planAlarms } from '#src/domain/plan/metric-alarm.ts';
import { queryPresets } from '#src/domain/plan/query-presets.ts';
import { facts, planned, spec } from './given.ts';

type Name = keyof typeof alarmPresets;

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

  test.each<[Name, string]>([
    ['Throttling', 'Warning'],
    ['ServerErrors', 'Critical'],
    ['ClientErrors', 'Info'],
    ['LegacyModel', 'Info'],
    ['ErrorRate', 'Critical'],
    ['LatencyP99', 'Warning'],
    ['TimeToFirstToken', 'Warning'],
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

  test.each(Object.entries(alarmPresets))('alarm preset %s: every number of it', (name, preset) => {
    const { threshold, period, datapointsToAlarm, evaluationPeriods, severity } = preset;
    const line = `fires above ${threshold.toLocaleString('en-US')}, ${datapointsToAlarm} of ${evaluationPeriods} periods of ${minutes(period)}, ${severity}`;
    expect(section(name)).toContain(line);
  });

  test('the metric math of ErrorRate as it is sent', () => {
    const [alarm] = planned('MetricAlarm', planAlarms(spec({ alarms: [{ name: 'e', preset: 'ErrorRate' }] }), facts()));
    const lines = (alarm?.metrics ?? []).flatMap(({ id, expression }) => (expression ? [`${id} = ${expression}`] : []));
    expect(lines).toHaveLength(3);
    for (const line of lines) expect(section('ErrorRate')).toContain(line);
  });

  test.each([...Object.keys(queryPresets), 'Overview'])('%s has a section', (name) => {
    expect(section(name).length).toBeGreaterThan(100);
  });

  test.each(Object.entries(queryPresets))('saved query %s as it is sent', (name, query) => {
    expect(section(name)).toContain(query);
  });
});
