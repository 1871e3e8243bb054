import { describe, expect, test } from 'vitest';
import type { AlarmEntry, BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import type { Fact } from '#src/domain/plan.ts';
import { plan } from '#src/domain/plan.ts';
import { facts, logging, planned, remarks, spec } from './given.ts';

const roleARN = 'arn:aws:iam::111122223333:role/bedrockmonitor/queries';
const logQuery = {
  queryString: 'filter ispresent(errorCode)',
  aggregationExpression: 'count(*)',
  every: '5m',
  roleARN,
} as const;
const entry = { name: 'errors', logQuery, threshold: 5 } as const satisfies AlarmEntry;

function alarmsOf(entries: readonly AlarmEntry[], members: Partial<BedrockMonitorSpec> = {}, group?: Fact<string>) {
  return plan(
    spec({ alarms: entries, ...members }),
    facts({ ...(group !== undefined && { deliveredLogGroup: group }) }),
  );
}

describe('a log alarm', () => {
  test('looks at the group of the records, from one run to the next', () => {
    const plan = alarmsOf([entry], { invocationLogging: logging });
    expect(remarks(plan)).toEqual(['NobodyNotified (note) alarms']);
    expect(plan.resources.map(({ path }) => path)).toContain('alarms/errors');
    expect(planned('LogAlarm', plan)).toEqual([
      {
        kind: 'LogAlarm',
        name: 'bedrockmonitor/test/genai/production/errors',
        description: 'count(*) of the log query is above 5 in the latest result, one every 5m.',
        queryString: 'filter ispresent(errorCode)',
        aggregationExpression: 'count(*)',
        logGroupNames: ['/aws/bedrock/production'],
        every: 300,
        startTimeOffset: 300,
        endTimeOffset: 0,
        roleARN,
        threshold: 5,
        comparisonOperator: 'GreaterThanThreshold',
        resultsToEvaluate: 1,
        resultsToAlarm: 1,
        treatMissingData: 'notBreaching',
        actionsEnabled: true,
        alarmActions: [],
        okActions: [],
        insufficientDataActions: [],
        tags: { 'bedrockmonitor.io/cluster': 'test', 'bedrockmonitor.io/monitor': 'genai/production' },
      },
    ]);
  });

  test('takes what the entry says', () => {
    const topic = 'arn:aws:sns:us-east-1:111122223333:pager';
    const logLines = { count: 5, roleARN };
    const own: AlarmEntry = {
      ...entry,
      awsName: 'Errors of Bedrock',
      logQuery: {
        ...logQuery,
        logGroupNames: ['/b', '/a'],
        every: '1h',
        startTimeOffset: '1h30m',
        endTimeOffset: '30m',
        logLines,
      },
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
      comparisonOperator: 'LessThanThreshold',
      treatMissingData: 'Breaching',
      severity: 'Critical',
      runbookURL: 'https://runbooks.example.com/errors',
    };
    const plan = alarmsOf([own], {
      models: ['amazon.nova-pro-v1:0'],
      notifications: { routes: [{ severity: 'Critical', alarmActions: [topic] }] },
    });
    expect(planned('LogAlarm', plan)).toMatchObject([
      {
        name: 'Errors of Bedrock',
        description:
          'count(*) of the log query is below 5 in 2 of 3 results, one every 1h.\nRunbook: https://runbooks.example.com/errors',
        logGroupNames: ['/a', '/b'],
        every: 3600,
        startTimeOffset: 5400,
        endTimeOffset: 1800,
        logLines,
        resultsToEvaluate: 3,
        resultsToAlarm: 2,
        treatMissingData: 'breaching',
        alarmActions: [topic],
      },
    ]);
    expect(remarks(plan)).toEqual([]);
  });

  test('without a group of its own looks at the one that Bedrock delivers to', () => {
    const plan = alarmsOf([entry], {}, { known: '/aws/bedrock/platform' });
    expect(planned('LogAlarm', plan)).toMatchObject([{ logGroupNames: ['/aws/bedrock/platform'] }]);
  });

  test.each([
    ['Bedrock delivers to none', undefined, 'LogGroupUnknown'],
    ['it could not be read', { unknown: 'time-out' }, 'DependencyNotReady'],
    ['it may not be read', { unknown: 'denied', reason: 'AccessDenied' }, 'AccessDenied'],
  ] as const)('is left out, and nothing is pruned, where %s', (_case, group, reason) => {
    const plan = alarmsOf([entry, { name: 'throttling', preset: 'Throttling' }], {}, group);
    expect(planned('LogAlarm', plan)).toEqual([]);
    expect(planned('MetricAlarm', plan)).toHaveLength(1);
    expect(remarks(plan)).toContain(`${reason} alarms/errors`);
    expect(plan.keep).toEqual(['Alarms']);
  });

  test('shares the names of all alarms', () => {
    const plan = alarmsOf([
      { ...entry, awsName: 'one', logQuery: { ...logQuery, logGroupNames: ['/a'] } },
      { name: 'calls', metric: { name: 'Invocations', statistic: 'Sum' }, threshold: 1, awsName: 'one' },
    ]);
    expect(plan.resources.map(({ path }) => path)).toEqual(['alarms/errors']);
    expect(remarks(plan)).toContain('InvalidSpec alarms/calls');
  });
});
