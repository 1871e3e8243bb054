import { beforeAll, describe, expect, test } from 'vitest';
import { createCloud } from '#src/aws/handlers.ts';
import type { Resource } from '#src/domain/resource.ts';
import { systemClock } from '#src/kubernetes/clock.ts';
import type { ResourceHandler } from '#src/reconcile/ports.ts';
import { accountID, owner, region, signal, tags } from '#test/aws/stage.ts';
import type { Moto } from './support/moto.ts';
import { hasPython, startMoto } from './support/moto.ts';

/**
 * The same handlers against moto, which others wrote. It has no masking policies and no query definitions, and does not
 * keep the tags of dashboards.
 */
const run = String(process.pid);
const metric = { namespace: 'AWS/Bedrock', name: 'InvocationLatency', dimensions: {}, statistic: 'p99', period: 300 };
const alarm = {
  kind: 'MetricAlarm',
  name: `bedrockmonitor/prod/genai/production/${run}`,
  description: 'Too slow.',
  threshold: 1,
  comparisonOperator: 'GreaterThanThreshold',
  evaluationPeriods: 3,
  datapointsToAlarm: 2,
  treatMissingData: 'notBreaching',
  actionsEnabled: true,
  alarmActions: [`arn:aws:sns:${region}:${accountID}:pages`],
  okActions: [],
  insufficientDataActions: [],
  tags,
} as const;
const group = { kind: 'LogGroup', name: `/aws/bedrock/${run}`, management: 'Managed', tags } as const;
const resources: readonly Resource[] = [
  { ...group, retentionInDays: 30 },
  { ...group, name: `${group.name}/default` },
  {
    kind: 'InvocationLogging',
    name: 'invocation-logging',
    configuration: {
      cloudWatchConfig: { logGroupName: group.name, roleArn: `arn:aws:iam::${accountID}:role/logging` },
      textDataDeliveryEnabled: true,
    },
  },
  { ...alarm, metric, evaluateLowSampleCountPercentile: 'evaluate' },
  {
    ...alarm,
    name: `${alarm.name}/math`,
    metrics: [
      { id: 'all', metric: { ...metric, statistic: 'Sum' }, returnData: false },
      { id: 'twice', expression: 'all * 2', label: 'Twice', returnData: true },
    ],
  },
  { kind: 'Dashboard', name: `bedrockmonitor_${run}`, body: { widgets: [] }, tags },
];

const python = await hasPython();

describe.skipIf(!python)(
  `the handlers against moto${python ? '' : ': not run, for there is no python3 with pip'}`,
  () => {
    let moto: Moto;
    beforeAll(async () => {
      moto = await startMoto();
      return () => moto.stop();
    });

    test.for(resources)('$kind $name is created, read back equal, applied again and deleted', async (desired) => {
      const cloud = createCloud({
        clock: systemClock,
        cluster: owner.cluster,
        endpoint: moto.endpoint,
        credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
      });
      const identity = await cloud.identity({ region }, signal);
      const handlers = cloud.handlers({ region }, identity, owner, 'Edit');
      // The mapped type pairs each kind with its own handler; here the kind is known at run time only.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      const handler = handlers[desired.kind] as unknown as ResourceHandler<typeof desired.kind>;

      expect(await handler.observe(desired, 'IfFree', signal)).toBeUndefined();
      await handler.apply(desired, undefined, signal);
      const created = await handler.observe(desired, 'IfFree', signal);
      if (created === undefined) throw new Error('absent');
      expect(handler.diff(desired, created)).toEqual([]);
      await handler.apply(desired, created, signal);
      const again = await handler.observe(desired, 'IfFree', signal);
      expect(again && handler.diff(desired, again)).toEqual([]);
      if (desired.kind === 'LogGroup') return;
      await handler.delete(desired, created, signal);
      expect(await handler.observe(desired, 'IfFree', signal)).toBeUndefined();
      await handler.delete(desired, created, signal);
    });
  },
);
