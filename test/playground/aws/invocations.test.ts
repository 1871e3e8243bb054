import { describe, expect, test } from 'vitest';
import type { JsonObject } from '#src/domain/json.ts';
import type { Invocation } from '#src/playground/aws/invocations.ts';
import { pointsOf } from '#src/playground/aws/metrics.ts';
import { createAws } from '#src/playground/aws/simulator.ts';
import { fakeClock } from '#test/support/fake-clock.ts';
import { invocationRecords } from '#test/support/invocation-records.ts';
import { accountID, region as name } from './clients.ts';

const group = '/aws/bedrock';
const call: Invocation = {
  modelId: 'amazon.nova-pro-v1:0',
  prompt: 'Hello',
  completion: 'Hello to you.',
  inputTokenCount: 7,
  outputTokenCount: 4,
  identity: `arn:aws:sts::${accountID}:assumed-role/app/session`,
  requestMetadata: { team: 'search' },
  inferenceRegion: 'us-west-2',
};

function stage(configuration?: JsonObject) {
  const aws = createAws({ clock: fakeClock() });
  const account = aws.account(accountID);
  const region = account.region(name);
  region.invocationLogging.configuration = configuration;
  account.logGroup(name, { name: group });
  account.bucket(name, 'large');
  account.loggingRole({ name: 'Logs', region: name, logGroup: group });
  const points = (metric: string, dimensions: Record<string, string> = {}) =>
    pointsOf(region, { namespace: 'AWS/Bedrock', name: metric, dimensions }).map(({ value }) => value);
  return {
    aws,
    account,
    region,
    points,
    invoke(invocation: Partial<Invocation> = {}): JsonObject | undefined {
      account.invoke(name, { ...call, ...invocation });
      const [stream] = region.logGroups.get(group)?.streams.values() ?? [];
      const message = stream?.events.at(-1)?.message;
      return message === undefined ? undefined : JSON.parse(message);
    },
  };
}

const role = `arn:aws:iam::${accountID}:role/Logs`;
const logging = {
  cloudWatchConfig: { logGroupName: group, roleArn: role, largeDataDeliveryS3Config: { bucketName: 'large' } },
  textDataDeliveryEnabled: true,
  imageDataDeliveryEnabled: true,
  embeddingDataDeliveryEnabled: true,
};

/** The members of an object and of the objects in it, in order; of a body only that there is one. */
function shape(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.entries(value).map(([key, inner]: [string, unknown]) =>
    /Body|^requestMetadata$/.test(key) ? key : [key, shape(inner)],
  );
}

const recorded = (file: string): unknown =>
  JSON.parse(invocationRecords.find((one) => one.name === file)?.message ?? '');

/** Counts of the prompt cache, which simulated calls do not use. */
const uncached = (text: string) => text.replaceAll(/,\["cache\w+","number"\]/g, '');

describe('simulated records have the shape of recorded ones', () => {
  test.each<[string, Partial<Invocation>]>([
    ['converse', {}],
    ['error', { errorCode: 'ThrottlingException' }],
    ['image', { operation: 'InvokeModel', modality: 'Image' }],
    ['embedding', { operation: 'InvokeModel', modality: 'Embedding', outputTokenCount: 0 }],
    ['body-in-s3', { prompt: 'x'.repeat(101 * 1024) }],
    ['converse-stream', { operation: 'ConverseStream' }],
    ['invoke-model', { operation: 'InvokeModel' }],
    ['invoke-model-stream', { operation: 'InvokeModelWithResponseStream' }],
  ])('%s', (file, invocation) => {
    const like: { readonly requestMetadata?: unknown; readonly inferenceRegion?: unknown } & object = Object(
      recorded(file),
    );
    const record = stage(logging).invoke({
      ...invocation,
      requestMetadata: 'requestMetadata' in like ? { team: 'search' } : undefined,
      inferenceRegion: 'inferenceRegion' in like ? 'us-west-2' : undefined,
    } as Partial<Invocation>);
    expect(uncached(JSON.stringify(shape(record)))).toBe(uncached(JSON.stringify(shape(like))));
  });

  test('the body of an answer is that of its operation', () => {
    const on = stage(logging);
    const body = (operation: string) => Object(on.invoke({ operation, latencyMs: 1200 })?.['output']).outputBodyJson;
    expect(body('Converse')).toMatchObject({ metrics: { latencyMs: 1200 }, usage: { totalTokens: 11 } });
    expect(body('ConverseStream').at(-1)).toMatchObject({ metadata: { metrics: { latencyMs: 1200 } } });
    expect(body('InvokeModelWithResponseStream').at(-1)).toMatchObject({
      'amazon-bedrock-invocationMetrics': { inputTokenCount: 7, outputTokenCount: 4, invocationLatency: 1200 },
    });
  });

  test('what is not delivered of a data type has no bodies, and counts all the same', () => {
    const record = stage({ ...logging, imageDataDeliveryEnabled: false }).invoke({ modality: 'Image' });
    expect(record).toMatchObject({ input: { inputTokenCount: 7 } });
    expect(JSON.stringify(record)).not.toContain('Body');
  });
});

test('a record is lost where the role may not write to the log group any more', () => {
  const on = stage(logging);
  on.account.loggingRole({ name: 'Logs', region: name, logGroup: '/another' });
  expect(on.invoke()).toBeUndefined();
  expect([on.points('ModelInvocationLogsCloudWatchDeliveryFailure').length, on.points('Invocations').length]).toEqual([
    1, 1,
  ]);
});

describe('simulated calls publish', () => {
  const ModelId = 'profile';
  const profile = `arn:aws:bedrock:${name}:${accountID}:application-inference-profile/${ModelId}`;

  test('their metrics per model, by the last segment of an ARN, and over all', () => {
    const on = stage();
    on.invoke({ modelId: profile, latencyMs: 900, operation: 'ConverseStream' });
    on.invoke();
    expect(on.points('Invocations')).toEqual([1, 1]);
    expect(on.points('Invocations', { ModelId })).toEqual([1]);
    expect(on.points('InvocationLatency', { ModelId })).toEqual([900]);
    expect(on.points('InputTokenCount', { ModelId })).toEqual([7]);
    expect(on.points('OutputTokenCount', { ModelId })).toEqual([4]);
    expect(on.points('TimeToFirstToken', { ModelId })).toEqual([225]);
    expect(on.points('TimeToFirstToken')).toEqual([]);
    expect(on.points('EstimatedTPMQuotaUsage', { ModelId })).toEqual([11]);
  });

  test.each([
    ['ThrottlingException', 'InvocationThrottles', 0],
    ['ValidationException', 'InvocationClientErrors', 0],
    ['InternalServerException', 'InvocationServerErrors', 1],
  ])('%s as %s', (errorCode, metric, accepted) => {
    const on = stage();
    on.invoke({ errorCode });
    expect(on.points(metric, { ModelId: call.modelId })).toEqual([1]);
    expect(on.points('Invocations')).toHaveLength(accepted);
    expect(on.points('InputTokenCount')).toEqual([]);
  });

  test('images and calls of legacy models', () => {
    const on = stage();
    on.invoke({ modality: 'Image', legacy: true });
    const dimensions = { ModelId: call.modelId, ImageSize: '1024x1024', BucketedStepSize: '50' };
    expect(on.points('OutputImageCount', dimensions)).toEqual([1]);
    expect(on.points('LegacyModelInvocations')).toEqual([1]);
  });

  test('whether their records were delivered, without dimensions', () => {
    const on = stage({ ...logging, s3Config: { bucketName: 'large' } });
    on.invoke({ prompt: 'x'.repeat(101 * 1024) });
    on.region.logGroups.delete(group);
    on.aws.world.buckets.delete('large');
    on.account.invoke(name, { ...call, prompt: 'x'.repeat(101 * 1024) });
    for (const metric of [
      'ModelInvocationLogsCloudWatchDelivery',
      'ModelInvocationLogsS3Delivery',
      'ModelInvocationLargeDataS3Delivery',
    ]) {
      expect([metric, on.points(`${metric}Success`), on.points(`${metric}Failure`)]).toEqual([metric, [1], [1]]);
    }
  });
});
