import { isDeepStrictEqual } from 'node:util';
import type { Json, JsonObject } from './json.ts';
import { isJsonObject, textOf } from './json.ts';

/**
 * Bedrock's `loggingConfig` as raw JSON. AWS adds members over time and the SDK's types drop the ones they do not
 * know, so a configuration is kept, compared and put back as the JSON that went over the wire.
 */
export type LoggingConfiguration = JsonObject;

/** AWS's five modality flags (PutModelInvocationLoggingConfiguration); absent reads as off, and all are always sent. */
export const modalityFlags = [
  'textDataDeliveryEnabled',
  'imageDataDeliveryEnabled',
  'embeddingDataDeliveryEnabled',
  'videoDataDeliveryEnabled',
  'audioDataDeliveryEnabled',
] as const;

/** The members that this release knows, nested; anything else is carried over untouched. */
const knownMembers: MemberTree = {
  cloudWatchConfig: {
    logGroupName: {},
    roleArn: {},
    largeDataDeliveryS3Config: { bucketName: {}, keyPrefix: {} },
  },
  s3Config: { bucketName: {}, keyPrefix: {} },
  ...Object.fromEntries(modalityFlags.map((flag) => [flag, {}])),
};
interface MemberTree {
  readonly [member: string]: MemberTree;
}

/** Equal in every member that this release knows; an absent flag is off. Unknown members do not count. */
export function sameConfiguration(a: LoggingConfiguration | undefined, b: LoggingConfiguration | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return isDeepStrictEqual(known(a, knownMembers), known(b, knownMembers));
}

/** Equal in every member, known or not; an absent flag is off. */
export function sameWhole(a: LoggingConfiguration | undefined, b: LoggingConfiguration | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return sameConfiguration(a, b) && isDeepStrictEqual({ ...allOff, ...a }, { ...allOff, ...b });
}

const allOff: LoggingConfiguration = Object.fromEntries(modalityFlags.map((flag) => [flag, false]));

/**
 * What to send: the declared members, and whatever AWS holds that this release does not know. An unknown modality flag
 * that reads back true is sent as false: what was not asked for is off.
 */
export function wireConfiguration(
  desired: LoggingConfiguration,
  live: LoggingConfiguration | undefined,
): LoggingConfiguration {
  return carryOver(desired, live ?? {}, knownMembers);
}

/**
 * What to send over a configuration that is not ours: the declared members alone, but a modality flag that this release
 * does not know and that reads back true is sent as false.
 */
export function wireOver(desired: LoggingConfiguration, foreign: LoggingConfiguration): LoggingConfiguration {
  return { ...Object.fromEntries(unknownModalities(foreign).map((flag) => [flag, false])), ...desired };
}

/** The unknown modality flags that read back true: AWS logs more than anybody asked for. */
export function unknownModalities(live: LoggingConfiguration): readonly string[] {
  return unknownMembers(live).filter((member) => isModality(member) && live[member] === true);
}

/** The members that this release does not know. */
export function unknownMembers(live: LoggingConfiguration): readonly string[] {
  return Object.keys(live).filter((member) => !(member in knownMembers));
}

/** The log group that a configuration delivers to. */
export function logGroupOf(configuration: LoggingConfiguration | undefined): string | undefined {
  return textOf(objectAt(configuration, 'cloudWatchConfig')?.['logGroupName']);
}

/** The ARN of the role that a configuration delivers to its log group with. */
export function roleOf(configuration: LoggingConfiguration | undefined): string | undefined {
  return textOf(objectAt(configuration, 'cloudWatchConfig')?.['roleArn']);
}

/** One place that a configuration delivers to. */
export interface Destination {
  /** What it receives, in the words of Bedrock's delivery metrics (Bedrock user guide: log delivery metrics). */
  readonly destination: 'CloudWatch' | 'S3' | 'LargeDataS3';
  /** `log group NAME` or `bucket NAME`. */
  readonly name: string;
}

/** All of them, by what they receive. */
export function deliveriesOf(configuration: LoggingConfiguration | undefined): readonly Destination[] {
  const group = logGroupOf(configuration);
  const bucket = (destination: Destination['destination'], s3: JsonObject | undefined): Destination[] =>
    typeof s3?.['bucketName'] === 'string' ? [{ destination, name: `bucket ${s3['bucketName']}` }] : [];
  return [
    ...(group === undefined ? [] : [{ destination: 'CloudWatch', name: `log group ${group}` } as const]),
    ...bucket('S3', objectAt(configuration, 's3Config')),
    ...bucket('LargeDataS3', objectAt(objectAt(configuration, 'cloudWatchConfig'), 'largeDataDeliveryS3Config')),
  ];
}

/** The same as names, each once: for comparing and for people. */
export function destinationsOf(configuration: LoggingConfiguration | undefined): readonly string[] {
  return [...new Set(deliveriesOf(configuration).map(({ name }) => name))];
}

/** A stored configuration, or undefined where the text is none, unknown or not an object. */
export function parseConfiguration(text: string | undefined): LoggingConfiguration | undefined {
  if (text === undefined || text === 'none' || text === 'unknown') return undefined;
  try {
    const value: Json = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function known(value: JsonObject, members: MemberTree): JsonObject {
  return Object.fromEntries(
    Object.entries(members).flatMap(([member, below]): [string, Json][] => {
      const inner = value[member];
      if (inner === undefined || inner === null || inner === false || inner === '') return [];
      return [[member, isJsonObject(inner) ? known(inner, below) : inner]];
    }),
  );
}

function carryOver(desired: JsonObject, live: JsonObject, members: MemberTree): JsonObject {
  const unknown = Object.entries(live)
    .filter(([member]) => !(member in members))
    .map(([member, value]): [string, Json] => [member, isModality(member) && value === true ? false : value]);
  const declared = Object.entries(desired).map(([member, value]): [string, Json] => {
    const inner = live[member];
    return [
      member,
      isJsonObject(value) && isJsonObject(inner) ? carryOver(value, inner, members[member] ?? {}) : value,
    ];
  });
  return Object.fromEntries([...unknown, ...declared]);
}

function isModality(member: string): boolean {
  return member.endsWith('DataDeliveryEnabled');
}

function objectAt(value: JsonObject | undefined, member: string): JsonObject | undefined {
  const inner = value?.[member];
  return isJsonObject(inner) ? inner : undefined;
}
