import { describe, expect, test } from 'vitest';
import { dashboardQueries } from '#src/domain/plan/dashboards/log-queries.ts';
import { ingest, streamOf } from '#src/playground/aws/log-events.ts';
import { insights, type Row } from '#test/support/insights.ts';
import { ingestRecords, invocationRecords } from '#test/support/invocation-records.ts';

type Name = keyof typeof dashboardQueries;

const MODEL = 'amazon.nova-pro-v1:0';
const at = Date.parse('2026-11-24T10:30:00Z');
const names = Object.keys(dashboardQueries).filter((name): name is Name => name in dashboardQueries);

/** The rows of one query over the recorded records, and over `more`. */
async function rows(name: Name, more: readonly object[] = []): Promise<readonly Row[]> {
  const on = insights();
  ingestRecords(on.region, on.group);
  const stream = streamOf(on.group, 'more', at);
  for (const one of more) ingest(on.region, on.group, stream, JSON.stringify(one), at, at);
  return on.query(dashboardQueries[name].replaceAll('CHOSEN_MODEL', MODEL));
}

/** A record with the members that a row is about. */
const record = (output: object, members: object = {}) => ({
  timestamp: '2026-11-24T10:30:00Z',
  requestId: 'stopped',
  operation: 'Converse',
  modelId: `arn:aws:bedrock:us-east-1::foundation-model/${MODEL}`,
  input: { inputContentType: 'application/json', inputBodyJson: {}, inputTokenCount: 5 },
  output: { outputContentType: 'application/json', outputBodyJson: output, outputTokenCount: 7 },
  identity: { arn: 'arn:aws:sts::111122223333:assumed-role/app/one' },
  schemaType: 'ModelInvocationLog',
  schemaVersion: '1.0',
  ...members,
});

test.each(names)('%s is a query that Logs Insights runs', async (name) => {
  await expect(rows(name)).resolves.toBeDefined();
});

test('the line that is no record is in none of them', async () => {
  const records = invocationRecords.length - 1;
  const sums = (await rows('recordsByOperation')).map(({ records: count }) => Number(count));
  expect(sums.reduce((sum, count) => sum + count, 0)).toBe(records);
  const overTime = (await rows('recordsOverTime')).map(({ records: count }) => Number(count));
  expect(overTime.reduce((sum, count) => sum + count, 0)).toBe(records);
});

test('the latest prompts have model, tokens and text, and are at most 20', async () => {
  const found = await rows('latestPrompts');
  expect(found.length).toBeLessThanOrEqual(20);
  expect(found.filter(({ model }) => model === undefined || model.includes('/'))).toEqual([]);
  expect(found.filter(({ prompt, inputTokens }) => prompt !== undefined && inputTokens !== undefined)).not.toEqual([]);
});

test('the slowest are first, with their milliseconds', async () => {
  const found = (await rows('slowestInvocations')).map(({ latencyMs }) => Number(latencyMs));
  expect(found.length).toBeGreaterThan(1);
  expect(found).toEqual(found.toSorted((a, b) => b - a));
});

test('tokens are added up by caller', async () => {
  const found = await rows('tokensByCaller');
  expect(found.filter(({ caller }) => caller?.startsWith('arn:'))).not.toEqual([]);
  expect(found.filter(({ totalInputTokens }) => Number(totalInputTokens) > 0)).not.toEqual([]);
});

test('failures are those with an error code, counted by it', async () => {
  const found = await rows('latestErrors');
  expect(found.length).toBeGreaterThan(0);
  expect(found.filter(({ error }) => error === undefined)).toEqual([]);
  const counted = (await rows('errorsByCode')).map(({ failures }) => Number(failures));
  expect(counted.reduce((sum, count) => sum + count, 0)).toBe(found.length);
});

test('one model is the model that the reader chooses, however it was called', async () => {
  const requestIDs = (found: readonly Row[]) => found.map(({ requestId }) => requestId);
  expect(requestIDs(await rows('latestOfChosenModel', [record({})]))).toContain('stopped');
  expect(requestIDs(await rows('latestOfChosenModel', [record({}, { modelId: 'other.model' })]))).not.toContain(
    'stopped',
  );
});

describe('what a guardrail stopped', () => {
  test.each([
    ['by Converse', { stopReason: 'guardrail_intervened' }],
    ['by a stream', [{ messageStart: {} }, { messageStop: { stopReason: 'guardrail_intervened' } }]],
    ['by InvokeModel', { 'amazon-bedrock-guardrailAction': 'INTERVENED' }],
  ])('is found %s', async (_, output) => {
    expect(await rows('latestInterventions', [record(output)])).toMatchObject([{ requestId: 'stopped', model: MODEL }]);
  });

  test.each([
    ['an answer that ended', { stopReason: 'end_turn' }],
    ['a guardrail that let it pass', { 'amazon-bedrock-guardrailAction': 'NONE' }],
    ['a text that says so', { text: '"stopReason": "guardrail_intervened"' }],
  ])('is not %s', async (_, output) => {
    expect(await rows('latestInterventions', [record(output)])).toEqual([]);
  });
});

test('masked records are those with asterisks where something was', async () => {
  const masked = [record({ text: 'write to ***************' }), record({ text: '*** three are a rule' })];
  expect(await rows('latestMasked', masked)).toHaveLength(1);
  expect(await rows('maskedByModel', masked)).toEqual([{ model: MODEL, maskedRecords: '1' }]);
});

test('findings are counted by the first identifier of each, as the group of findings has them', async () => {
  const finding = (...identifiers: [string, number][]) => ({
    auditTimestamp: '2026-11-24T10:30:00Z',
    resourceArn: 'arn:aws:logs:us-east-1:111122223333:log-group:/aws/bedrock:*',
    dataIdentifiers: identifiers.map(([name, count]) => ({ name, count, detections: [{ start: 1, end: 2 }] })),
  });
  const findings = [finding(['EmailAddress', 2], ['Name', 1]), finding(['EmailAddress', 3]), finding(['Name', 1])];
  expect(await rows('findingsByIdentifier', findings)).toEqual([
    { identifier: 'EmailAddress', records: '2', occurrences: '5' },
    { identifier: 'Name', records: '1', occurrences: '1' },
  ]);
  expect(await rows('latestFindings', findings)).toHaveLength(3);
});
