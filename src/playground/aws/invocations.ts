import type { Json, JsonObject } from '#src/domain/json.ts';
import { bodiesOf } from './invocation-bodies.ts';
import { publishDelivery, publishInvocation } from './invocation-metrics.ts';
import { ingest, streamOf } from './log-events.ts';
import { flag, object, text } from './members.ts';
import { effectiveConfiguration, folder, invocationStream, mayDeliver } from './model-invocation-logging.ts';
import type { Account, Region, World } from './state.ts';

/** A call of a model, as far as its record tells. */
export interface Invocation {
  /** An ID, the ID of an inference profile, or an ARN. */
  readonly modelId: string;
  readonly prompt: string;
  readonly completion: string;
  readonly inputTokenCount: number;
  readonly outputTokenCount: number;
  /** ARN of who called. */
  readonly identity: string;
  /** As AWS names it; `Converse` when absent. */
  readonly operation?: string;
  /** What the model is made for: a data type of the logging configuration. `Text` when absent. */
  readonly modality?: 'Text' | 'Image' | 'Embedding' | 'Video' | 'Audio';
  /** The call failed: its record has neither bodies nor counts. */
  readonly errorCode?: string;
  readonly latencyMs?: number;
  /** What the caller says of the call: the only part of a record that it chooses. */
  readonly requestMetadata?: Readonly<Record<string, string>>;
  /** Where it ran, with an inference profile over several Regions. */
  readonly inferenceRegion?: string;
  /** The model's status is Legacy. */
  readonly legacy?: boolean;
}

/** Bodies over this many bytes go to S3, or nowhere. */
const bodyLimit = 100 * 1024;

/** What a delivery is done with. */
interface Delivery {
  readonly world: World;
  readonly account: Account;
  readonly region: Region;
  readonly configuration: JsonObject;
  readonly requestID: string;
  readonly now: number;
}

/**
 * Plays a call of a model: publishes its metrics, and delivers its record to where the Region's logging configuration
 * says, in the order of members that records have as they are delivered: the caller and schemaType after the bodies
 * (the user guide's example has them in front). Without delivery of the model's data type the record has no bodies.
 */
export function deliverInvocation(
  world: World,
  account: Account,
  region: Region,
  invocation: Invocation,
  { requestID, now }: { readonly requestID: string; readonly now: number },
): void {
  publishInvocation(region, invocation, now);
  const configuration = effectiveConfiguration(region.invocationLogging);
  if (!configuration) return;
  const delivery: Delivery = { world, account, region, configuration, requestID, now };
  const record = JSON.stringify(recordOf(invocation, delivery));
  const cloudWatch = object(configuration, 'cloudWatchConfig');
  if (cloudWatch) {
    const group = region.logGroups.get(text(cloudWatch, 'logGroupName') ?? '');
    const arrives = group !== undefined && mayDeliver(cloudWatch, { account, region });
    if (arrives) ingest(region, group, streamOf(group, invocationStream, now), record, now, now);
    publishDelivery(region, 'CloudWatch', arrives, now);
  }
  const s3 = object(configuration, 's3Config');
  if (s3) publishDelivery(region, 'S3', store(s3, `${requestID}.json.gz`, record, delivery) !== undefined, now);
}

function recordOf(invocation: Invocation, delivery: Delivery): JsonObject {
  const { account, region, configuration, requestID, now } = delivery;
  const { errorCode, requestMetadata, inferenceRegion, modality = 'Text' } = invocation;
  const withBodies = flag(configuration, `${modality.toLowerCase()}DataDeliveryEnabled`) === true;
  const bodies = bodiesOf(invocation);
  const part = (side: 'input' | 'output', body: Json | undefined, tokens: number | undefined): JsonObject => ({
    [`${side}ContentType`]: 'application/json',
    ...(withBodies && bodyOf(side, body, delivery)),
    ...(tokens !== undefined && { [`${side}TokenCount`]: tokens }),
  });
  const failed = errorCode !== undefined;
  return {
    timestamp: `${new Date(now).toISOString().slice(0, 19)}Z`,
    accountId: account.id,
    region: region.name,
    requestId: requestID,
    operation: invocation.operation ?? 'Converse',
    modelId: invocation.modelId,
    ...(failed && { errorCode }),
    input: failed ? {} : part('input', bodies.input, invocation.inputTokenCount),
    output: failed ? {} : part('output', bodies.output, modality === 'Image' ? undefined : invocation.outputTokenCount),
    identity: { arn: invocation.identity },
    ...(requestMetadata && { requestMetadata }),
    ...(inferenceRegion !== undefined && { inferenceRegion }),
    schemaType: 'ModelInvocationLog',
    schemaVersion: '1.0',
  };
}

/** The body itself, or where it lies: a body that is large or binary is an object of S3, or lost without a place. */
function bodyOf(side: 'input' | 'output', body: Json | undefined, delivery: Delivery): JsonObject {
  const content = body === undefined ? '(binary)' : JSON.stringify(body);
  if (body !== undefined && Buffer.byteLength(content) <= bodyLimit) return { [`${side}BodyJson`]: body };
  const { configuration, region, now } = delivery;
  const large = object(object(configuration, 'cloudWatchConfig'), 'largeDataDeliveryS3Config');
  const place = large ?? object(configuration, 's3Config');
  if (!place) return {};
  const stored = store(place, `data/${delivery.requestID}_${side}.json.gz`, content, delivery);
  if (large) publishDelivery(region, 'LargeData', stored !== undefined, now);
  return stored === undefined ? {} : { [`${side}BodyS3Path`]: stored };
}

/** Puts an object under the hour's path; its URI, or undefined where there is no such bucket. */
function store(place: JsonObject, name: string, content: string, delivery: Delivery): string | undefined {
  const { world, account, region, now } = delivery;
  const bucket = world.buckets.get(text(place, 'bucketName') ?? '');
  if (!bucket) return undefined;
  const hour = new Date(now).toISOString().slice(0, 13).replaceAll(/[-T]/g, '/');
  const path = `AWSLogs/${account.id}/BedrockModelInvocationLogs/${region.name}/${hour}`;
  const key = `${folder(text(place, 'keyPrefix') ?? '')}${path}/${name}`;
  bucket.objects.set(key, content);
  return `s3://${bucket.name}/${key}`;
}
