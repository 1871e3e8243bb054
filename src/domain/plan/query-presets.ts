import type { SavedQueryEntry } from '#src/api/v1alpha1.ts';

/**
 * Logs Insights queries over Bedrock's invocation records, version 1.0 of their schema.
 *
 * Insights extracts at most the first 200 fields of a record, and Bedrock puts the bodies before the token counts; in
 * records as they are delivered the caller and schemaType come after both (the documented example has them in front).
 * A large body hides what follows it, so that is read from the text of the record. A body is JSON of the caller's or
 * the model's, with keys of any name: hence each pattern holds on to what Bedrock writes around the member. A prompt
 * cannot imitate a key at all, since quotation marks inside a text are escaped.
 */
const END = String.raw`(?:[^{}]*\{[^{}]*\})*[^{}]*\}\s*$`;

/** Records only: Bedrock's permission check leaves a line that is not JSON ("Permissions are correctly set …"). */
export const RECORDS = String.raw`filter @message like /"schemaType":\s*"ModelInvocationLog"/`;

/**
 * A model is logged as ID, inference-profile ID or ARN; what follows the last slash is the ID. It precedes the bodies, and
 * is read from the text so that it is there in class InfrequentAccess, where AWS discovers no fields.
 */
export const MODEL = String.raw`parse @message /"modelId":\s*"(?:[^"\/]*\/)*(?<model>[^"\/]+)"/`;

/** Failed invocations: their records have empty input and output, and the error beside these, outside of any object. */
export const FAILED = [
  String.raw`parse @message /^\{(?:[^{}]*\{[^{}]*\})*[^{}]*"errorCode":\s*"(?<errorInText>[^"]+)"/`,
  'fields coalesce(errorCode, errorInText) as error',
  'filter ispresent(error)',
];

/** The input's count ends the input, before the output; the output's count ends the output, before nothing nested. */
export const TOKENS = [
  String.raw`parse @message /^.*"inputTokenCount":\s*(?<inputInText>\d+)[^{}]*\},\s*"output":\s*\{\s*"outputContentType"/`,
  String.raw`parse @message /"outputTokenCount":\s*(?<outputInText>\d+)[^{}]*\}${END}/`,
  'fields coalesce(input.inputTokenCount, inputInText) as inputTokens, coalesce(output.outputTokenCount, outputInText) as outputTokens',
];

/** The ARN that called, in front of the bodies or after them. */
export const CALLER = [
  String.raw`parse @message /"identity":\s*\{\s*"arn":\s*"(?<callerInText>[^"]+)"\s*\}${END}/`,
  'fields coalesce(identity.arn, callerInText) as caller',
];

/**
 * Milliseconds until the answer was complete. The record has no such member; the body of an answer has: `latencyMs` in
 * Converse's metrics (of a stream, in one of its chunks), `invocationLatency` in those that InvokeModel adds to the last
 * chunk of a stream. An answer of InvokeModel in one piece has none.
 */
export const LATENCY = [
  String.raw`parse @message /^.*"metrics":\s*\{\s*"latencyMs":\s*(?<converseMs>\d+)/`,
  String.raw`parse @message /^.*"invocationLatency":\s*(?<streamMs>\d+)/`,
  'fields coalesce(converseMs, streamMs) as latencyMs',
  'filter ispresent(latencyMs)',
];

/** The first text that a caller sent: Converse and Claude, Claude's short form, Llama and Mistral, Titan, Cohere embeddings. */
const PROMPT = `coalesce(${['messages.0.content.0.text', 'messages.0.content', 'prompt', 'inputText', 'texts.0']
  .map((path) => `input.inputBodyJson.${path}`)
  .join(', ')})`;

/** The saved queries that a preset stands for. docs/presets.md says what each is for. */
export const queryPresets = {
  LatestInvocations: query(
    RECORDS,
    MODEL,
    ...CALLER,
    ...TOKENS,
    `fields ${PROMPT} as prompt`,
    'sort @timestamp desc',
    'limit 100',
    'display @timestamp, model, operation, caller, prompt, inputTokens, outputTokens, errorCode, requestId',
  ),
  /** `pattern` takes @message, a parsed field or the result of a string function: hence trim. */
  PromptPatterns: query(
    RECORDS,
    `fields trim(${PROMPT}) as prompt`,
    'filter ispresent(prompt)',
    'pattern prompt',
    'sort @sampleCount desc',
    'limit 100',
  ),
  TokensByModel: query(
    RECORDS,
    MODEL,
    ...TOKENS,
    'stats count(*) as invocations, sum(inputTokens) as totalInputTokens, sum(outputTokens) as totalOutputTokens by model',
    'sort totalInputTokens desc',
  ),
  Errors: query(
    RECORDS,
    ...FAILED,
    MODEL,
    ...CALLER,
    'sort @timestamp desc',
    'limit 100',
    'display @timestamp, error, model, operation, caller, requestId',
  ),
  TokensByIdentity: query(
    RECORDS,
    ...CALLER,
    ...TOKENS,
    'stats count(*) as invocations, sum(inputTokens) as totalInputTokens, sum(outputTokens) as totalOutputTokens by caller',
    'sort totalInputTokens desc',
  ),
  SlowestInvocations: query(
    RECORDS,
    MODEL,
    ...CALLER,
    ...LATENCY,
    ...TOKENS,
    'sort latencyMs desc',
    'limit 100',
    'display @timestamp, latencyMs, model, operation, caller, inputTokens, outputTokens, requestId',
  ),
  /** CloudWatch masks with asterisks. Four of them: three are a rule or bold italics in Markdown. */
  MaskedFindings: query(
    RECORDS,
    String.raw`filter @message like /\*{4,}/`,
    MODEL,
    ...CALLER,
    `fields ${PROMPT} as prompt`,
    'sort @timestamp desc',
    'limit 100',
    'display @timestamp, model, operation, caller, prompt, requestId',
  ),
  LargePayloads: query(
    RECORDS,
    MODEL,
    ...CALLER,
    ...TOKENS,
    String.raw`parse @message /"inputBodyS3Path":\s*"(?<inputInS3>s3:[^"]+)"/`,
    String.raw`parse @message /"outputBodyS3Path":\s*"(?<outputInS3>s3:[^"]+)"/`,
    'fields strlen(@message) as recordLength',
    'filter ispresent(inputInS3) or ispresent(outputInS3) or recordLength > 50000 or inputTokens > 20000',
    'sort inputTokens desc',
    'limit 100',
    'display @timestamp, model, operation, caller, inputTokens, outputTokens, recordLength, inputInS3, outputInS3, requestId',
  ),
} as const satisfies Record<NonNullable<SavedQueryEntry['preset']>, string>;

/** The dashboard's latest prompts: the columns of the saved query that fit on a screen. */
export const latestPrompts = query(
  RECORDS,
  MODEL,
  ...TOKENS,
  `fields ${PROMPT} as prompt`,
  'sort @timestamp desc',
  'limit 20',
  'display @timestamp, model, operation, inputTokens, outputTokens, prompt',
);

const byName: ReadonlyMap<string, string> = new Map(Object.entries(queryPresets));

/** Undefined for a preset of a newer release. */
export function queryPreset(name: string): string | undefined {
  return byName.get(name);
}

/** Commands, one a line. */
export function query(...commands: readonly string[]): string {
  return commands.join('\n| ');
}
