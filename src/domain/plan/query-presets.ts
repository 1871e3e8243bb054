import type { SavedQueryEntry } from '#src/api/v1alpha1.ts';

/**
 * Logs Insights queries over Bedrock's invocation records, version 1.0 of their schema.
 *
 * Bedrock's permission check leaves a line that is not JSON ("Permissions are correctly set …"), which has no
 * schemaType. Insights extracts at most 200 fields of a record, and within input and output the body precedes the
 * count, so a large body can hide it: then the count is read from the text of the record. What a prompt says cannot
 * imitate it, since quotation marks inside a text are escaped there.
 */
export const RECORDS = 'filter schemaType = "ModelInvocationLog"';

/** A model is logged as ID, inference-profile ID or ARN; what follows the last slash is the ID. */
export const MODEL = String.raw`parse modelId /(?<model>[^\/]+)$/`;

/** The first text that a caller sent: Converse and Claude, Claude's short form, Llama and Mistral, Titan, Cohere embeddings. */
const PROMPT = `coalesce(${['messages.0.content.0.text', 'messages.0.content', 'prompt', 'inputText', 'texts.0']
  .map((path) => `input.inputBodyJson.${path}`)
  .join(', ')})`;

export const TOKENS = [
  String.raw`parse @message /[^\\]"inputTokenCount":\s*(?<inputInText>\d+)/`,
  String.raw`parse @message /[^\\]"outputTokenCount":\s*(?<outputInText>\d+)/`,
  'fields coalesce(input.inputTokenCount, inputInText) as inputTokens, coalesce(output.outputTokenCount, outputInText) as outputTokens',
];

/** The saved queries that a preset stands for. docs/presets.md says what each is for. */
export const queryPresets = {
  LatestInvocations: query(
    RECORDS,
    MODEL,
    ...TOKENS,
    `fields ${PROMPT} as prompt`,
    'sort @timestamp desc',
    'limit 100',
    'display @timestamp, model, operation, identity.arn, prompt, inputTokens, outputTokens, errorCode, requestId',
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
    `${RECORDS} and ispresent(errorCode)`,
    MODEL,
    'sort @timestamp desc',
    'limit 100',
    'display @timestamp, errorCode, model, operation, identity.arn, requestId',
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

/** One query of its commands, a line each. */
export function query(...commands: readonly string[]): string {
  return commands.join('\n| ');
}
