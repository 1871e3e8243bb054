import type { BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import type { Json, JsonObject } from '#src/domain/json.ts';
import type { Bucket, LogGroup, Role } from '#src/playground/aws/state.ts';
import { surroundings } from './arbitrary/surroundings.ts';
import type { World } from './world.ts';
import { ACCOUNT, REGION } from './world.ts';

type LogGroupSpec = NonNullable<NonNullable<BedrockMonitorSpec['invocationLogging']>['cloudWatchLogs']>['logGroup'];
export interface Named {
  readonly name: string;
}

/** CloudWatch's defaults: written or not, they are the same (PutAnomalyDetector, CloudWatch API reference). */
const UNTUNED: JsonObject = {
  AdaptationSpeed: 'NORMAL',
  ExcludedTimeRanges: [],
  MetricTimezone: 'UTC',
  OutlierFilteringStrength: 'MODERATE',
};

export type State = Awaited<ReturnType<typeof stateOf>>;

/**
 * What the last spec asks for, as AWS has it, and the conditions. Left out is what a spec says nothing of and AWS keeps
 * from earlier ones: log groups and buckets that it does not name, and settings that stay where they are not written.
 */
export async function stateOf(world: World, last: BedrockMonitorSpec) {
  const account = world.aws.account(ACCOUNT);
  const region = account.region(REGION);
  const monitor = await world.get('production');
  const declared = last.invocationLogging?.cloudWatchLogs?.logGroup;
  const masked = declared && region.logGroups.get(declared.name);
  const groups = [...region.logGroups.values()];
  const inherited = new Set(
    (last.savedQueries ?? []).filter(({ parameters }) => parameters === undefined).map(queryName),
  );
  return {
    conditions: monitor?.status?.conditions?.map(({ type, status, reason }) => ({ type, status, reason })),
    logging: region.invocationLogging.configuration,
    alarms: named([...region.alarms.values()], ({ name, kind, configuration, tags }) => ({
      name,
      kind,
      configuration,
      tags,
    })),
    muteRules: named([...region.muteRules.values()], ({ lastUpdated: _at, ...rule }) => rule),
    models: named([...region.anomalyDetectors], ([name, { configuration, characteristics }]) => ({
      name,
      tuned: { ...UNTUNED, ...configuration, PeriodicSpikes: false, ...characteristics },
    })),
    dashboards: named([...account.state.dashboards.values()], ({ name, body, tags }) => ({
      name,
      body: json(body),
      tags,
    })),
    queries: named(
      [...region.queryDefinitions.values()],
      ({ queryDefinitionId: _id, lastModified: _time, parameters, ...query }) => ({
        ...query,
        ...(!inherited.has(query.name) && { parameters }),
      }),
    ),
    group: groupOf(declared, masked),
    findings: groupOf(
      last.dataProtection?.findings?.logGroup,
      region.logGroups.get(last.dataProtection?.findings?.logGroup?.name ?? ''),
    ),
    masking: masked &&
      last.dataProtection && {
        document: json(masked.dataProtection?.document),
        status: masked.dataProtectionStatus,
      },
    metricFilters: named(groups, (group) => attached(group, group.metricFilters)).flat(),
    subscriptionFilters: named(groups, (group) => attached(group, group.subscriptionFilters)).flat(),
    indexPolicies: named(groups, ({ name, indexPolicy }) => ({ name, policy: json(indexPolicy?.document) })).filter(
      ({ policy }) => policy !== undefined,
    ),
    logAnomalyDetectors: named(
      [...region.logAnomalyDetectors.values()],
      ({ logGroupARN, arn: _arn, creationTime: _created, lastModified: _modified, name: _name, ...detector }) => ({
        name: logGroupARN,
        ...detector,
      }),
    ),
    roles: named(
      [...account.state.roles.values()].filter(({ tags }) => tags['bedrockmonitor.io/monitor'] !== undefined),
      (role) => roleOf(role, last),
    ),
    buckets: named(
      [...world.aws.world.buckets.values()].filter(({ name }) => !theirs.includes(name)),
      (bucket) => bucketOf(bucket, last),
    ),
    sinks: [...region.sinks.values()].map(({ policy }) => ({ name: 'sink', policy: json(policy) })),
    links: named([...region.links.values()], ({ sinkARN, label, resourceTypes, configuration, tags }) => ({
      name: sinkARN,
      label,
      resourceTypes: [...resourceTypes].sort(),
      configuration,
      tags,
    })),
  };
}

const theirs: readonly string[] = surroundings.buckets;

function named<T, R extends Named | readonly Named[]>(all: readonly T[], describe: (one: T) => R): R[] {
  const key = (one: Named | readonly Named[]) => ('name' in one ? one.name : (one[0]?.name ?? ''));
  return all.map(describe).sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

function attached(
  group: LogGroup,
  filters: ReadonlyMap<string, { readonly name: string; readonly configuration: JsonObject }>,
) {
  return named([...filters.values()], ({ name, configuration }) => ({ name: `${group.name} ${name}`, configuration }));
}

/** Settings that are not written stay as they were. */
function groupOf(spec: LogGroupSpec | undefined, group: LogGroup | undefined) {
  if (spec === undefined || group === undefined) return undefined;
  return {
    class: group.logGroupClass,
    protection: group.deletionProtectionEnabled,
    ...(spec.retentionInDays !== undefined && { retention: group.retentionInDays }),
    ...(spec.kmsKeyARN !== undefined && { key: group.kmsKeyId }),
  };
}

function roleOf({ name, path, trust, inline, permissionsBoundary, tags }: Role, last: BedrockMonitorSpec) {
  const declared = last.invocationLogging?.cloudWatchLogs?.role.create?.permissionsBoundaryARN;
  return {
    name,
    path,
    trust,
    inline: Object.fromEntries(inline),
    ...(declared !== undefined && { permissionsBoundary }),
    tags,
  };
}

function bucketOf(bucket: Bucket, { invocationLogging }: BedrockMonitorSpec) {
  const { name, objectOwnership, publicAccessBlock, policy, encryption, lifecycle } = bucket;
  const destinations = [invocationLogging?.s3, invocationLogging?.cloudWatchLogs?.largeDataDelivery];
  const created = destinations.flatMap((one) => one?.bucket.create ?? []).filter((one) => (one.name ?? name) === name);
  const expires =
    invocationLogging?.cloudWatchLogs?.logGroup.retentionInDays !== undefined ||
    created.some((one) => one.expirationInDays !== undefined);
  return {
    name,
    objectOwnership,
    publicAccessBlock,
    policy,
    ...(created.some((one) => one.kmsKeyARN !== undefined) && { encryption }),
    ...(expires && { lifecycle }),
  };
}

function queryName({ name, awsName }: { readonly name: string; readonly awsName?: string }): string {
  return awsName ?? `bedrockmonitor/test/genai/production/${name}`;
}

function json(text: string | undefined): Json | undefined {
  const value: Json | undefined = text === undefined ? undefined : JSON.parse(text);
  return value;
}
