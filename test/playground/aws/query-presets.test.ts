import { describe, expect, test } from 'vitest';
import { dashboardQueries } from '#src/domain/plan/dashboards/log-queries.ts';
import { CHOSEN_MODEL } from '#src/domain/plan/dashboards/variables.ts';
import { queryPresets } from '#src/domain/plan/query-presets.ts';
import { ingest, streamOf } from '#src/playground/aws/log-events.ts';
import { insights, type Row } from '#test/support/insights.ts';
import { ingestRecords, invocationRecords } from '#test/support/invocation-records.ts';

const role = (name: string) => `arn:aws:sts::111122223333:assumed-role/${name}`;
const search = role('search-api/i-0abc');
const batch = role('nightly-batch/job-7');
const assistant = role('assistant/jane.doe@example.com');
const rogue = role('rogue/session');

/** The recorded records, as whoever may not unmask sees them under a policy. */
function records(maskedIdentifier?: string) {
  const on = insights();
  if (maskedIdentifier !== undefined) {
    const DataIdentifier = [`arn:aws:dataprotection::aws:data-identifier/${maskedIdentifier}`];
    const Statement = [
      { DataIdentifier, Operation: { Audit: { FindingsDestination: {} } } },
      { DataIdentifier, Operation: { Deidentify: { MaskConfig: {} } } },
    ];
    on.group.dataProtection = {
      document: JSON.stringify({ Name: 'p', Version: '2021-06-01', Statement }),
      lastUpdatedTime: 0,
    };
  }
  ingestRecords(on.region, on.group);
  return on;
}

/** The cells of some columns, row by row; `-` where a row has none. */
function cells(rows: readonly Row[], ...columns: readonly string[]): readonly string[] {
  return rows.map((row) => columns.map((column) => row[column] ?? '-').join(' '));
}

/** As in the record's file: the number that its request ID begins with. */
const numbers = (rows: readonly Row[]) => rows.map(({ requestId = '' }) => Number(requestId.slice(0, 8)));

test('the fixtures hold what makes trouble', () => {
  const named = (name: string) => invocationRecords.find((one) => one.name === name)?.message ?? '';
  expect(named('permission-check')).toBe('Permissions are correctly set for Amazon Bedrock logs.');
  const leaves = (text: string) => (text.match(/:(?:"|-?\d|true|false)|[[,](?:-?\d)/g) ?? []).length;
  for (const name of ['embedding', 'over-200-fields', 'imitation']) expect(leaves(named(name))).toBeGreaterThan(200);
  expect(named('converse-documented-order')).toMatch(/^{"schemaType":"ModelInvocationLog"/);
  expect(named('converse')).toMatch(/"schemaType":"ModelInvocationLog","schemaVersion":"1.0"}$/);
});

describe('saved queries over recorded records', () => {
  test('LatestInvocations: all records, whatever hides their ends, and not the line that is none', async () => {
    const rows = await records().query(queryPresets.LatestInvocations);
    expect(numbers(rows)).toEqual([13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
    expect(cells(rows, 'model', 'operation', 'caller', 'inputTokens', 'outputTokens', 'errorCode')).toEqual([
      `apac.amazon.nova-micro-v1:0 Converse ${role('n8n/keyless')} 1 8 -`,
      `anthropic.claude-sonnet-4-20250514-v1:0 Converse ${rogue} 2048 31 -`,
      `us.anthropic.claude-sonnet-4-20250514-v1:0 Converse ${search} 5120 4 -`,
      `amazon.titan-embed-text-v2:0 InvokeModel ${batch} 3 0 -`,
      `amazon.titan-image-generator-v2:0 InvokeModel ${role('design/i-0def')} 5 - -`,
      `a1b2c3d4e5f6 Converse ${search} 280 6 -`,
      `jp.anthropic.claude-haiku-4-5-20251001-v1:0 Converse ${search} - - ThrottlingException`,
      `anthropic.claude-sonnet-4-20250514-v1:0 Converse ${batch} 48210 8 -`,
      `anthropic.claude-3-haiku-20240307-v1:0 InvokeModelWithResponseStream ${batch} 13 8 -`,
      `anthropic.claude-3-haiku-20240307-v1:0 InvokeModel ${batch} 21 11 -`,
      `global.anthropic.claude-haiku-4-5-20251001-v1:0 ConverseStream ${assistant} 25 6 -`,
      `amazon.nova-pro-v1:0 Converse ${search} 300 7 -`,
      `us.anthropic.claude-sonnet-4-20250514-v1:0 Converse ${search} 412 9 -`,
    ]);
    expect(cells(rows, 'prompt')).toEqual([
      '-',
      'Turn 1.',
      'Turn 1.',
      'host is up',
      '-',
      'Summarise ticket 4713 for me.',
      '-',
      '-',
      'Count to three.',
      'Write to john.roe@example.com that the host is up.',
      'Tell me a story.',
      'Summarise ticket 4712 for me.',
      'Summarise ticket 4711 for me.',
    ]);
  });

  test('PromptPatterns: prompts of one shape are one line', async () => {
    const rows = await records().query(queryPresets.PromptPatterns);
    expect(cells(rows, '@sampleCount', '@pattern').slice(0, 2)).toEqual([
      '3 Summarise ticket <*> for me.',
      '2 Turn <*>.',
    ]);
  });

  test('TokensByModel, the most first', async () => {
    const rows = await records().query(queryPresets.TokensByModel);
    expect(cells(rows, 'model', 'invocations', 'totalInputTokens', 'totalOutputTokens')).toEqual([
      'anthropic.claude-sonnet-4-20250514-v1:0 2 50258 39',
      'us.anthropic.claude-sonnet-4-20250514-v1:0 2 5532 13',
      'amazon.nova-pro-v1:0 1 300 7',
      'a1b2c3d4e5f6 1 280 6',
      'anthropic.claude-3-haiku-20240307-v1:0 2 34 19',
      'global.anthropic.claude-haiku-4-5-20251001-v1:0 1 25 6',
      'amazon.titan-image-generator-v2:0 1 5 0',
      'amazon.titan-embed-text-v2:0 1 3 0',
      'apac.amazon.nova-micro-v1:0 1 1 8',
      'jp.anthropic.claude-haiku-4-5-20251001-v1:0 1 0 0',
    ]);
  });

  test('TokensByIdentity: nobody counts for somebody else by keys of the same names in a body', async () => {
    const rows = await records().query(queryPresets.TokensByIdentity);
    expect(cells(rows, 'caller', 'invocations', 'totalInputTokens', 'totalOutputTokens')).toEqual([
      `${batch} 4 48247 27`,
      `${search} 5 6112 26`,
      `${rogue} 1 2048 31`,
      `${assistant} 1 25 6`,
      `${role('design/i-0def')} 1 5 0`,
      `${role('n8n/keyless')} 1 1 8`,
    ]);
  });

  test('Errors', async () => {
    const rows = await records().query(queryPresets.Errors);
    expect(cells(rows, 'error', 'model', 'operation', 'caller')).toEqual([
      `ThrottlingException jp.anthropic.claude-haiku-4-5-20251001-v1:0 Converse ${search}`,
    ]);
  });

  test('SlowestInvocations: of Converse, of streams; not of InvokeModel, which does not say', async () => {
    const rows = await records().query(queryPresets.SlowestInvocations);
    expect(cells(rows, 'latencyMs', 'operation')).toEqual([
      '21500 Converse',
      '9130 ConverseStream',
      '4100 Converse',
      '3300 Converse',
      '1872 Converse',
      '900 Converse',
      '640 Converse',
      '455 InvokeModelWithResponseStream',
    ]);
    expect(numbers(rows)).toEqual([6, 3, 12, 11, 1, 8, 2, 5]);
  });

  test('MaskedFindings: records with asterisks, in whatever part', async () => {
    expect(await records().query(queryPresets.MaskedFindings)).toEqual([]);
    const rows = await records('EmailAddress').query(queryPresets.MaskedFindings);
    expect(numbers(rows)).toEqual([4, 3]);
    expect(cells(rows, 'caller', 'prompt')).toEqual([
      `${batch} Write to ******************** that the host is up.`,
      `${role('assistant/********************')} Tell me a story.`,
    ]);
  });

  test('LargePayloads: where the body is in S3', async () => {
    const rows = await records().query(queryPresets.LargePayloads);
    expect(numbers(rows)).toEqual([6, 9]);
    expect(rows[0]?.['inputInS3']).toMatch(/^s3:\/\/bedrock-large\/.*_input\.json\.gz$/);
    expect(rows[1]?.['outputInS3']).toMatch(/^s3:\/\/bedrock-large\/.*_output\.json\.gz$/);
  });

  test('LargePayloads: and what is large in the log itself', async () => {
    const on = records();
    const [converse] = invocationRecords.filter(({ name }) => name === 'converse');
    const long = converse?.message.replace('Summarise', 'x'.repeat(60_000)) ?? '';
    ingest(on.region, on.group, streamOf(on.group, 's', 0), long, Date.parse('2026-11-24T10:30:00Z'), 0);
    expect(numbers(await on.query(queryPresets.LargePayloads))).toEqual([6, 1, 9]);
  });

  test('in class InfrequentAccess, where no fields are discovered, the sums and the errors are the same', async () => {
    const standard = records();
    const on = insights('/aws/bedrock/cheap', 'INFREQUENT_ACCESS');
    ingestRecords(on.region, on.group);
    expect(await on.query(queryPresets.TokensByModel)).toEqual(await standard.query(queryPresets.TokensByModel));
    expect(cells(await on.query(queryPresets.Errors), 'error', 'model', 'caller')).toEqual(
      cells(await standard.query(queryPresets.Errors), 'error', 'model', 'caller'),
    );
    expect((await on.query(queryPresets.SlowestInvocations))[0]).toMatchObject({ latencyMs: '21500', caller: batch });
  });

  test.each(Object.entries(queryPresets))('%s leaves a log without records empty', async (_, query) => {
    const on = insights();
    ingestRecords(
      on.region,
      on.group,
      invocationRecords.filter(({ name }) => name === 'permission-check'),
    );
    expect(await on.query(query)).toEqual([]);
  });
});

describe('queries of the dashboards over recorded records', () => {
  const finding = (identifier: string, count: number) =>
    JSON.stringify({
      auditTimestamp: '2026-11-24T10:00:00Z',
      resourceArn: 'arn:aws:logs:us-east-1:111122223333:log-group:/aws/bedrock/records',
      dataIdentifiers: [{ name: identifier, count, detections: [{ start: 1, end: 9 }] }],
    });

  /** How many rows each finds, with two records of findings where it asks for them. */
  const expected: Readonly<Record<keyof typeof dashboardQueries, number>> = {
    latestPrompts: 13,
    slowestInvocations: 8,
    tokensByCaller: 6,
    latestErrors: 1,
    errorsByCode: 1,
    latestInterventions: 0,
    maskedByModel: 2,
    latestMasked: 2,
    findingsByIdentifier: 1,
    latestFindings: 2,
    latestOfChosenModel: 1,
    recordsOverTime: 3,
    recordsByOperation: 11,
  };
  const counts = new Map<string, number>(Object.entries(expected));

  test.each(Object.entries(dashboardQueries))('%s', async (name, query) => {
    const on = records('EmailAddress');
    const stream = streamOf(on.group, 'findings', 0);
    const at = Date.parse('2026-11-24T10:40:00Z');
    if (name.toLowerCase().includes('findings')) {
      for (const count of [1, 2]) ingest(on.region, on.group, stream, finding('EmailAddress', count), at, at);
    }
    const rows = await on.query(query.replaceAll(CHOSEN_MODEL, 'amazon.nova-pro-v1:0'));
    expect(rows).toHaveLength(counts.get(name) ?? 0);
  });
});
