import type { Json, JsonObject } from '#src/domain/json.ts';
import type { Invocation } from './invocations.ts';

/** What a record's input and output hold, as the request and the answer of the operation are written. */
export interface InvocationBodies {
  readonly input: Json;
  /** Absent where the answer is binary: it is kept as an object of S3, or not at all. */
  readonly output: Json | undefined;
}

/** Milliseconds that a simulated call takes unless it says otherwise. */
export const USUAL_LATENCY_MS = 850;

const user = (content: Json): JsonObject => ({ messages: [{ role: 'user', content }] });

/**
 * The bodies of a call: Converse and its stream in their own form; through InvokeModel the form of the model, here those
 * of Claude, of Titan's images and of Titan's embeddings. A stream is logged as the list of its chunks ("Monitor model
 * invocation", Bedrock user guide).
 */
export function bodiesOf(invocation: Invocation): InvocationBodies {
  const { operation = 'Converse', modality = 'Text', prompt, completion } = invocation;
  if (modality === 'Embedding') return embedding(invocation);
  if (modality === 'Image') {
    const imageGenerationConfig = { numberOfImages: 1, width: 1024, height: 1024 };
    const input = { taskType: 'TEXT_IMAGE', textToImageParams: { text: prompt }, imageGenerationConfig };
    return { input, output: undefined };
  }
  switch (operation) {
    case 'InvokeModel':
    case 'InvokeModelWithResponseStream': {
      const input = { anthropic_version: 'bedrock-2023-05-31', max_tokens: 512, ...user(prompt) };
      const output = operation === 'InvokeModel' ? answer(invocation) : answerInChunks(invocation);
      return { input, output };
    }
    default: {
      const input = { ...user([{ text: prompt }]), inferenceConfig: { maxTokens: 512 } };
      if (operation === 'ConverseStream') return { input, output: converseInChunks(invocation) };
      const message = { role: 'assistant', content: [{ text: completion }] };
      return { input, output: { output: { message }, stopReason: 'end_turn', ...measured(invocation) } };
    }
  }
}

/** What Converse says of itself: the only place where a record has the time that a call took. */
function measured(invocation: Invocation): JsonObject {
  const { inputTokenCount: inputTokens, outputTokenCount: outputTokens, latencyMs = USUAL_LATENCY_MS } = invocation;
  return { metrics: { latencyMs }, usage: { inputTokens, outputTokens, totalTokens: inputTokens + outputTokens } };
}

function converseInChunks(invocation: Invocation): Json {
  return [
    { messageStart: { role: 'assistant' } },
    { contentBlockDelta: { delta: { text: invocation.completion }, contentBlockIndex: 0 } },
    { contentBlockStop: { contentBlockIndex: 0 } },
    { messageStop: { stopReason: 'end_turn' } },
    { metadata: measured(invocation) },
  ];
}

function answer({ completion, inputTokenCount, outputTokenCount }: Invocation): Json {
  return {
    type: 'message',
    role: 'assistant',
    content: [{ type: 'text', text: completion }],
    stop_reason: 'end_turn',
    usage: { input_tokens: inputTokenCount, output_tokens: outputTokenCount },
  };
}

function answerInChunks(invocation: Invocation): Json {
  const { completion, inputTokenCount, outputTokenCount, latencyMs = USUAL_LATENCY_MS } = invocation;
  const counts = { inputTokenCount, outputTokenCount };
  const times = { invocationLatency: latencyMs, firstByteLatency: Math.round(latencyMs / 4) };
  return [
    { type: 'message_start', message: { role: 'assistant', usage: { input_tokens: inputTokenCount } } },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: completion } },
    { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: outputTokenCount } },
    { type: 'message_stop', 'amazon-bedrock-invocationMetrics': { ...counts, ...times } },
  ];
}

/** More numbers than Logs Insights extracts fields. */
function embedding({ prompt, inputTokenCount }: Invocation): InvocationBodies {
  const dimensions = 256;
  const vector = Array.from({ length: dimensions }, (_, index) => (((index * 37) % 199) - 99) / 1000);
  return {
    input: { inputText: prompt, dimensions, normalize: true },
    output: { embedding: vector, inputTextTokenCount: inputTokenCount },
  };
}
