import type { JsonObject } from '#src/domain/json.ts';
import type { Aws } from '#src/playground/aws/simulator.ts';
import type { Alarm, LogGroup, Region, Role } from '#src/playground/aws/state.ts';
import { surroundings } from './arbitrary/surroundings.ts';
import { ACCOUNT, REGION } from './world.ts';

/** What somebody finds to change: never what was there before any monitor. */
interface Found {
  readonly region: Region;
  /** The first of that kind that AWS would let go of: no composite rests on it. */
  alarm(kind: Alarm['kind']): Alarm | undefined;
  readonly groups: readonly LogGroup[];
  readonly roles: ReadonlyMap<string, Role>;
  readonly madeBuckets: ReturnType<typeof bucketsIn>;
}

function found(aws: Aws): Found {
  const account = aws.account(ACCOUNT);
  const region = account.region(REGION);
  const ours = [...region.alarms.values()].filter(({ name }) => name !== surroundings.alarm.name);
  const restedOn = (name: string) =>
    ours.some(({ kind, configuration }) => kind === 'CompositeAlarm' && JSON.stringify(configuration).includes(name));
  return {
    region,
    alarm: (kind) => ours.find((one) => one.kind === kind && !restedOn(one.name)),
    groups: [...region.logGroups.values()].filter(({ name }) => name !== surroundings.applicationGroup),
    roles: new Map([...account.state.roles].filter(([, { tags }]) => tags['bedrockmonitor.io/monitor'] !== undefined)),
    madeBuckets: bucketsIn(aws),
  };
}

function bucketsIn(aws: Aws) {
  const theirs: readonly string[] = surroundings.buckets;
  return [...aws.world.buckets.values()].filter(({ name }) => !theirs.includes(name));
}

function change(alarm: Alarm | undefined, configuration: JsonObject): void {
  if (alarm !== undefined) alarm.configuration = { ...alarm.configuration, ...configuration };
}

function first<K, V>(map: ReadonlyMap<K, V>): readonly [K, V] | undefined {
  return [...map][0];
}

function deleteFirst<V>(map: Map<string, V>): void {
  map.delete(first(map)?.[0] ?? '');
}

function replaceFirst<V>(map: Map<string, V>, edit: (value: V) => V): void {
  const one = first(map);
  if (one !== undefined) map.set(one[0], edit(one[1]));
}

const foreignLogging: JsonObject = {
  s3Config: { bucketName: 'somebody-elses' },
  futureConfig: { level: 'High' },
  textDataDeliveryEnabled: true,
  imageDataDeliveryEnabled: false,
  embeddingDataDeliveryEnabled: false,
  videoDataDeliveryEnabled: false,
  audioDataDeliveryEnabled: false,
};

const everyone: JsonObject = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }],
};

const changes = {
  'delete an alarm': ({ region, alarm }) => void region.alarms.delete(alarm('MetricAlarm')?.name ?? ''),
  'change an alarm': ({ alarm }) => change(alarm('MetricAlarm'), { EvaluationPeriods: 9, DatapointsToAlarm: 9 }),
  'delete a composite alarm': ({ region, alarm }) => void region.alarms.delete(alarm('CompositeAlarm')?.name ?? ''),
  'change the rule of a composite alarm': ({ alarm }) => change(alarm('CompositeAlarm'), { AlarmRule: 'TRUE' }),
  'delete a log alarm': ({ region, alarm }) => void region.alarms.delete(alarm('LogAlarm')?.name ?? ''),
  'change a log alarm': ({ alarm }) => change(alarm('LogAlarm'), { Threshold: 12_345 }),
  'delete a mute rule': ({ region }) => deleteFirst(region.muteRules),
  'change a mute rule': ({ region }) => replaceFirst(region.muteRules, (rule) => ({ ...rule, duration: 'PT7M' })),
  'delete a trained model': ({ region }) => deleteFirst(region.anomalyDetectors),
  'tune a trained model': ({ region }) =>
    replaceFirst(region.anomalyDetectors, (one) => ({
      ...one,
      configuration: { ...one.configuration, MetricTimezone: 'Asia/Tokyo' },
    })),
  'delete a query': ({ region }) => deleteFirst(region.queryDefinitions),
  'switch logging off': ({ region }) => {
    region.invocationLogging.configuration = undefined;
  },
  'log video too': ({ region }) => {
    const { configuration } = region.invocationLogging;
    if (configuration) region.invocationLogging.configuration = { ...configuration, videoDataDeliveryEnabled: true };
  },
  'log elsewhere': ({ region }) => {
    region.invocationLogging.configuration = foreignLogging;
  },
  'lift deletion protection': ({ groups }) => {
    for (const group of groups) group.deletionProtectionEnabled = false;
  },
  'remove the masking': ({ groups }) => {
    for (const group of groups) {
      group.dataProtection = undefined;
      if (group.dataProtectionStatus) group.dataProtectionStatus = 'DELETED';
    }
  },
  'delete metric filters': ({ groups }) => {
    for (const { metricFilters } of groups) deleteFirst(metricFilters);
  },
  'change metric filters': ({ groups }) => {
    for (const { metricFilters } of groups)
      replaceFirst(metricFilters, (filter) => ({
        ...filter,
        configuration: { ...filter.configuration, filterPattern: 'nothing' },
      }));
  },
  'delete subscription filters': ({ groups }) => {
    for (const { subscriptionFilters } of groups) deleteFirst(subscriptionFilters);
  },
  'forward something else': ({ groups }) => {
    for (const { subscriptionFilters } of groups)
      replaceFirst(subscriptionFilters, (filter) => ({
        ...filter,
        configuration: { ...filter.configuration, filterPattern: 'nothing' },
      }));
  },
  'delete index policies': ({ groups }) => {
    for (const group of groups) group.indexPolicy = undefined;
  },
  'delete a log anomaly detector': ({ region }) => deleteFirst(region.logAnomalyDetectors),
  'pause log anomaly detectors': ({ region }) => {
    for (const detector of region.logAnomalyDetectors.values()) detector.enabled = false;
  },
  'let everybody assume made roles': ({ roles }) => {
    for (const role of roles.values()) role.trust = everyone;
  },
  'strip made roles': ({ roles }) => {
    for (const role of roles.values()) role.inline.clear();
  },
  'open made buckets': ({ madeBuckets }) => {
    for (const bucket of madeBuckets) {
      bucket.publicAccessBlock = undefined;
      bucket.objectOwnership = 'ObjectWriter';
    }
  },
  'shut Bedrock out of made buckets': ({ madeBuckets }) => {
    for (const bucket of madeBuckets) bucket.policy = undefined;
  },
  'delete the link': ({ region }) => deleteFirst(region.links),
  'share less': ({ region }) => {
    for (const link of region.links.values()) link.resourceTypes = ['AWS::XRay::Trace'];
  },
  'delete the sink': ({ region }) => deleteFirst(region.sinks),
  'close the sink': ({ region }) => {
    for (const sink of region.sinks.values()) sink.policy = undefined;
  },
} satisfies Record<string, (found: Found) => void>;

/** A change that somebody makes by hand. */
export type Meddling = keyof typeof changes;

export const meddlings = Object.keys(changes) as readonly Meddling[];

/** Changes AWS, if there is anything of that kind that monitors made. */
export function meddle(aws: Aws, how: Meddling): void {
  changes[how](found(aws));
}
