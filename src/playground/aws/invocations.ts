import type { Json, JsonObject } from '#src/domain/json.ts';
import { ingest, streamOf } from './log-events.ts';
import { flag, object, text } from './members.ts';
import { effectiveConfiguration, folder, invocationStream } from './model-invocation-logging.ts';
import type { Account, Region, World } from './state.ts';

/** A call of a model, as far as its record tells. */
export interface Invocation {
  readonly modelId: string;
  readonly prompt: string;
  readonly completion: string;
  readonly inputTokenCount: number;
  readonly outputTokenCount: number;
  /** ARN of who called. */
  readonly identity: string;
  /** As AWS names it; `Converse` when absent. */
  readonly operation?: string;
  readonly errorCode?: string;
  /** What the caller sent along: at most 16 keys. */
  readonly requestMetadata?: Readonly<Record<string, string>>;
}

/** Bodies over this many bytes go to S3, or nowhere. */
const bodyLimit = 100 * 1024;

/**
 * Delivers the record of a text model's call to where the Region's logging configuration says, in the order of members
 * that Bedrock uses; nowhere while logging is off. Without text delivery the record has no bodies.
 */
export function deliverInvocation(
  world: World,
  account: Account,
  region: Region,
  invocation: Invocation,
  delivery: { readonly requestID: string; readonly now: number },
): void {
  const configuration = effectiveConfiguration(region.invocationLogging);
  if (!configuration) return;
  const cloudWatch = object(configuration, 'cloudWatchConfig');
  const s3 = object(configuration, 's3Config');
  const withBodies = flag(configuration, 'textDataDeliveryEnabled') === true;
  const when = new Date(delivery.now).toISOString();
  const path = `AWSLogs/${account.id}/BedrockModelInvocationLogs/${region.name}/${when.slice(0, 13).replaceAll(/[-T]/g, '/')}`;

  const part = (side: 'input' | 'output', body: Json, tokens: number): JsonObject => ({
    [`${side}ContentType`]: 'application/json',
    ...(withBodies && bodyOf(side, body)),
    [`${side}TokenCount`]: tokens,
  });
  const bodyOf = (side: 'input' | 'output', body: Json): JsonObject => {
    const content = JSON.stringify(body);
    if (Buffer.byteLength(content) <= bodyLimit) return { [`${side}BodyJson`]: body };
    const place = object(cloudWatch, 'largeDataDeliveryS3Config') ?? s3;
    const bucket = world.buckets.get(text(place ?? {}, 'bucketName') ?? '');
    if (!place || !bucket) return {};
    const key = `${folder(text(place, 'keyPrefix') ?? '')}${path}/data/${delivery.requestID}_${side}.json.gz`;
    bucket.objects.set(key, content);
    return { [`${side}BodyS3Path`]: `s3://${bucket.name}/${key}` };
  };

  const record = JSON.stringify({
    schemaType: 'ModelInvocationLog',
    schemaVersion: '1.0',
    timestamp: `${when.slice(0, 19)}Z`,
    accountId: account.id,
    region: region.name,
    requestId: delivery.requestID,
    operation: invocation.operation ?? 'Converse',
    modelId: invocation.modelId,
    ...(invocation.errorCode !== undefined && { errorCode: invocation.errorCode }),
    identity: { arn: invocation.identity },
    ...(invocation.requestMetadata !== undefined && { requestMetadata: invocation.requestMetadata }),
    input: part('input', message('user', invocation.prompt), invocation.inputTokenCount),
    output: part('output', message('assistant', invocation.completion), invocation.outputTokenCount),
  });
  const group = region.logGroups.get(text(cloudWatch ?? {}, 'logGroupName') ?? '');
  if (group) ingest(region, group, streamOf(group, invocationStream, delivery.now), record, delivery.now, delivery.now);
  const bucket = world.buckets.get(text(s3 ?? {}, 'bucketName') ?? '');
  bucket?.objects.set(`${folder(text(s3 ?? {}, 'keyPrefix') ?? '')}${path}/${delivery.requestID}.json.gz`, record);
}

function message(role: string, content: string): JsonObject {
  return { messages: [{ role, content: [{ text: content }] }] };
}
