import { PutMetricFilterCommand } from '@aws-sdk/client-cloudwatch-logs';
import { expect, test } from 'vitest';
import type { MetricFilterEntry } from '#src/api/v1alpha1.ts';
import { metricsOf } from '#src/domain/plan/metric-filter-presets.ts';
import { pointsOf } from '#src/playground/aws/metrics.ts';
import { ingestRecords } from '#test/support/invocation-records.ts';
import { accountID, region, simulated } from './clients.ts';

/** What an entry makes of the recorded records: values by metric, in the order of the records. */
async function counted(entry: MetricFilterEntry) {
  const { aws, logs } = simulated();
  const here = aws.account(accountID).region(region);
  const group = aws.account(accountID).logGroup(region, { name: '/aws/bedrock' });
  for (const [index, { filterPattern, ...metric }] of (metricsOf(entry) ?? []).entries()) {
    const metricTransformations = [{ metricNamespace: 'Mine', ...metric, dimensions: { ...metric.dimensions } }];
    const filterName = `${entry.name}-${index}`;
    await logs.send(
      new PutMetricFilterCommand({ logGroupName: group.name, filterName, filterPattern, metricTransformations }),
    );
  }
  ingestRecords(here, group);
  return {
    series: [...here.metrics.values()].map(({ name, dimensions }) => ({ name, dimensions })),
    of: (name: string, dimensions: Record<string, string>) =>
      pointsOf(here, { namespace: 'Mine', name, dimensions }).map(({ value }) => value),
  };
}

test('TokensByMetadata counts as the records have it: bodies before counts, however many fields, nothing for an error', async () => {
  const tokensByMetadata = { key: 'team', values: ['search', 'assistant'] };
  const { series, of } = await counted({ name: 'tokens', preset: 'TokensByMetadata', tokensByMetadata });
  // The documented order, a profile's ARN, and a conversation of more fields than Insights extracts.
  expect(of('InputTokenCount', { team: 'search' })).toEqual([412, 300, 280, 5120]);
  expect(of('OutputTokenCount', { team: 'search' })).toEqual([9, 7, 6, 4]);
  expect(series).toHaveLength(2);
});

test('TokensByMetadata counts no value that is not listed', async () => {
  const tokensByMetadata = { key: 'team', values: ['support'] };
  expect((await counted({ name: 'tokens', preset: 'TokensByMetadata', tokensByMetadata })).series).toEqual([]);
});

test('ErrorsByCode counts the one call that failed, and no text that speaks of errors', async () => {
  const { series, of } = await counted({ name: 'errors', preset: 'ErrorsByCode' });
  expect(series).toEqual([{ name: 'InvocationErrors', dimensions: { errorCode: 'ThrottlingException' } }]);
  expect(of('InvocationErrors', { errorCode: 'ThrottlingException' })).toEqual([1]);
});

test('a filter of every record also counts the line that is none', async () => {
  const metricTransformation = { metricName: 'Lines', metricValue: '1' };
  const lines = await counted({ name: 'lines', filterPattern: '', metricTransformation });
  const records = await counted({
    name: 'records',
    filterPattern: '{ $.schemaType = "ModelInvocationLog" }',
    metricTransformation,
  });
  expect([lines.of('Lines', {}).length, records.of('Lines', {}).length]).toEqual([14, 13]);
});
