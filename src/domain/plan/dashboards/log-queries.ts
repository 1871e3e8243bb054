import { CALLER, FAILED, LATENCY, latestPrompts, MODEL, query, RECORDS, TOKENS } from '../query-presets.ts';
import { CHOSEN_MODEL } from './variables.ts';

/** A guardrail stopped it: the stop reason of Converse, or what InvokeModel adds to its answer. */
const INTERVENED = String.raw`filter @message like /[^\\]"(stopReason":\s*"guardrail_intervened|amazon-bedrock-guardrailAction":\s*"INTERVENED)"/`;

/** CloudWatch puts asterisks where it masks. What a caller wrote with as many in a row looks the same. */
const MASKED = 'filter @message like /[*]{4,}/';

/** The group of findings holds a record per masked event: auditTimestamp, resourceArn, dataIdentifiers. */
const FINDINGS = 'filter ispresent(dataIdentifiers.0.name)';

/**
 * Every query that a dashboard preset shows, by name: over the group of the records, or for those whose names have
 * `findings` over the group of the findings. Tests run each of them against recorded records.
 */
export const dashboardQueries = {
  latestPrompts,
  slowestInvocations: query(
    RECORDS,
    MODEL,
    ...CALLER,
    ...LATENCY,
    ...TOKENS,
    'sort latencyMs desc',
    'limit 20',
    'display @timestamp, latencyMs, model, operation, inputTokens, outputTokens, caller, requestId',
  ),
  tokensByCaller: query(
    RECORDS,
    ...CALLER,
    ...TOKENS,
    'stats count(*) as invocations, sum(inputTokens) as totalInputTokens, sum(outputTokens) as totalOutputTokens by caller',
    'sort totalInputTokens desc',
    'limit 20',
  ),
  latestErrors: query(
    RECORDS,
    ...FAILED,
    MODEL,
    ...CALLER,
    'sort @timestamp desc',
    'limit 20',
    'display @timestamp, error, model, operation, caller, requestId',
  ),
  errorsByCode: query(RECORDS, ...FAILED, 'stats count(*) as failures by error', 'sort failures desc'),
  latestOfChosenModel: query(
    RECORDS,
    MODEL,
    `filter model = "${CHOSEN_MODEL}"`,
    ...CALLER,
    ...TOKENS,
    'sort @timestamp desc',
    'limit 20',
    'display @timestamp, operation, inputTokens, outputTokens, errorCode, caller, requestId',
  ),
  latestInterventions: query(
    RECORDS,
    INTERVENED,
    MODEL,
    ...CALLER,
    'sort @timestamp desc',
    'limit 20',
    'display @timestamp, model, operation, caller, requestId',
  ),
  maskedByModel: query(RECORDS, MASKED, MODEL, 'stats count(*) as maskedRecords by model', 'sort maskedRecords desc'),
  latestMasked: query(
    RECORDS,
    MASKED,
    MODEL,
    ...CALLER,
    'sort @timestamp desc',
    'limit 20',
    'display @timestamp, model, operation, caller, requestId',
  ),
  findingsByIdentifier: query(
    FINDINGS,
    'stats count(*) as records, sum(dataIdentifiers.0.count) as occurrences by dataIdentifiers.0.name as identifier',
    'sort records desc',
  ),
  latestFindings: query(
    FINDINGS,
    'sort @timestamp desc',
    'limit 20',
    'display @timestamp, resourceArn, dataIdentifiers.0.name, dataIdentifiers.0.count, dataIdentifiers.1.name, dataIdentifiers.1.count, dataIdentifiers.2.name, dataIdentifiers.2.count',
  ),
  recordsOverTime: query(RECORDS, 'stats count(*) as records by bin(5m)'),
  recordsByOperation: query(
    RECORDS,
    MODEL,
    'stats count(*) as records by model, operation',
    'sort records desc',
    'limit 20',
  ),
} as const;
