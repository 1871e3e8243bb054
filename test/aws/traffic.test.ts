import { beforeEach, describe, expect, it } from 'vitest';
import type { Traffic } from '#src/reconcile/ports.ts';
import type { Stage } from './stage.ts';
import { accountID, owner, region, signal, stage } from './stage.ts';

const HOUR_MS = 3_600_000;
const identity = { accountID, arn: `arn:aws:iam::${accountID}:user/operator`, partition: 'aws' };

describe('what CloudWatch knows of Bedrock', () => {
  let on: Stage;
  let traffic: Traffic;
  beforeEach(() => {
    on = stage();
    traffic = on.cloud().traffic({ region }, identity, owner, 'State');
  });

  const record = (name: string, dimensions: Record<string, string>, value = 1, namespace = 'AWS/Bedrock') =>
    on.account.metric(region, { namespace, name, dimensions, points: [{ timestamp: on.clock.now(), value }] });

  it('lists the models with invocations, each once, without metrics that have more dimensions', async () => {
    record('Invocations', { ModelId: 'b' });
    record('Invocations', { ModelId: 'a' });
    record('Invocations', {});
    record('Invocations', { ModelId: 'c', ServiceTier: 'flex' });
    record('InputTokenCount', { ModelId: 'd' });
    await on.clock.advance(HOUR_MS);
    expect(await on.run(traffic.models(signal))).toEqual(['a', 'b']);
  });

  it('lists more models than one page of ListMetrics holds', async () => {
    for (let index = 0; index < 520; index += 1) record('Invocations', { ModelId: `m${index}` });
    await on.clock.advance(HOUR_MS);
    expect(await on.run(traffic.models(signal))).toHaveLength(520);
  });

  it('finds under which dimensions the findings of one policy are published', async () => {
    record('LogEventsWithFindings', {}, 1, 'AWS/Logs');
    record('LogEventsWithFindings', { DataProtectionPolicy: 'others' }, 1, 'AWS/Logs');
    await on.clock.advance(HOUR_MS);
    expect(await on.run(traffic.findingsDimensions('ours', signal))).toBeUndefined();
    record('LogEventsWithFindings', { DataProtectionPolicy: 'ours' }, 1, 'AWS/Logs');
    await on.clock.advance(HOUR_MS);
    expect(await on.run(traffic.findingsDimensions('ours', signal))).toEqual({ DataProtectionPolicy: 'ours' });
  });

  describe('tells of deliveries', () => {
    const group = 'ModelInvocationLogsCloudWatchDelivery';
    const bucket = 'ModelInvocationLogsS3Delivery';
    const latest = (sinceMs = 3 * HOUR_MS) => on.run(traffic.deliveries(['CloudWatch', 'S3'], sinceMs, signal));

    it('nothing where nothing was sent', async () => {
      record(`${group}Success`, {}, 0);
      expect(await latest()).toEqual([]);
    });

    it('by destination, the latest attempt', async () => {
      record(`${group}Failure`, {}, 5);
      record(`${bucket}Success`, {}, 5);
      await on.clock.advance(600_000);
      record(`${group}Success`, {}, 1);
      record(`${bucket}Failure`, {}, 1);
      await on.clock.advance(60_000);
      expect(await latest()).toEqual([
        { destination: 'CloudWatch', succeeded: true },
        { destination: 'S3', succeeded: false },
      ]);
    });

    it('that some are lost, where the latest period has both', async () => {
      record(`${group}Success`, {}, 100);
      record(`${group}Failure`, {}, 1);
      await on.clock.advance(60_000);
      expect(await latest()).toEqual([{ destination: 'CloudWatch', succeeded: false }]);
    });

    it('nothing of what is older than asked for', async () => {
      record(`${group}Failure`, {}, 5);
      await on.clock.advance(2 * HOUR_MS);
      expect(await latest(HOUR_MS)).toEqual([]);
      expect(await latest()).toHaveLength(1);
    });

    it('with one call', async () => {
      on.aws.forgetCalls();
      await latest();
      expect(on.aws.calls.map(({ operation }) => operation)).toEqual(['GetMetricData']);
    });
  });
});
