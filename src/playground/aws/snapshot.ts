import type { Json, JsonObject } from '#src/domain/json.ts';
import { isObject } from './members.ts';
import { effectiveConfiguration } from './model-invocation-logging.ts';
import type { Account, LogGroup, Region, World } from './state.ts';

/**
 * All that AWS holds as plain JSON that compares: keys sorted, no times, no log events, IDs that AWS makes up replaced
 * by the place of their owner in the order of names and contents. Two histories that ended alike have equal snapshots.
 */
export function snapshot(world: World): JsonObject {
  const accounts = [...world.accounts.values()].map((account): [string, Json] => [account.id, ofAccount(account)]);
  const buckets = [...world.buckets.values()].map((bucket): [string, Json] => [
    bucket.name,
    {
      accountID: bucket.accountID,
      region: bucket.region,
      objectOwnership: bucket.objectOwnership,
      policy: bucket.policy ?? null,
      tags: bucket.tags,
      encryption: bucket.encryption,
      publicAccessBlock: bucket.publicAccessBlock ?? null,
      lifecycle: bucket.lifecycle ?? null,
      objects: [...bucket.objects.keys()].sort(),
    },
  ]);
  const whole = sorted({ accounts: Object.fromEntries(accounts), buckets: Object.fromEntries(buckets) });
  return isObject(whole) ? whole : {};
}

function ofAccount(account: Account): Json {
  return {
    dashboards: byKey(account.dashboards, ({ body, tags }) => ({ body: parsed(body), tags })),
    roles: byKey(account.roles, ({ arn, trust, policies, inline, attached, permissionsBoundary, tags }) => ({
      arn,
      trust,
      policies,
      inline: Object.fromEntries(inline),
      attached: [...attached].sort(),
      permissionsBoundary: permissionsBoundary ?? null,
      tags,
    })),
    regions: Object.fromEntries(
      [...account.regions.values()]
        .map((region): [string, JsonObject] => [region.name, ofRegion(region)])
        .filter(([, region]) => Object.keys(region).length > 0),
    ),
  };
}

/** Empty parts are left out: a Region that was only looked at is as one that never was. */
function ofRegion(region: Region): JsonObject {
  const logging = effectiveConfiguration(region.invocationLogging);
  return {
    ...(logging && { invocationLogging: logging }),
    ...(region.logGroups.size > 0 && { logGroups: byKey(region.logGroups, ofLogGroup) }),
    ...(region.alarms.size > 0 && {
      alarms: byKey(region.alarms, ({ kind, configuration, tags, state }) => ({ kind, configuration, tags, state })),
    }),
    ...(region.muteRules.size > 0 && {
      muteRules: byKey(
        region.muteRules,
        ({ lastUpdated: _lastUpdated, alarmNames, startDate, expireDate, ...rest }) => ({
          ...rest,
          description: rest.description ?? null,
          alarmNames: alarmNames === undefined ? null : [...alarmNames],
          startDate: startDate ?? null,
          expireDate: expireDate ?? null,
        }),
      ),
    }),
    ...(region.anomalyDetectors.size > 0 && {
      anomalyDetectors: byKey(region.anomalyDetectors, ({ configuration, characteristics }) => {
        return { configuration, characteristics: characteristics ?? null };
      }),
    }),
    ...(region.sinks.size + region.links.size > 0 && { oam: observability(region) }),
    ...(region.queryDefinitions.size > 0 && { queryDefinitions: queries(region) }),
    ...(region.logAnomalyDetectors.size > 0 && { logAnomalyDetectors: detectors(region) }),
  };
}

/** The ID in an ARN is made up; the account and Region of a sink are told by where it is, and a link's by its owner. */
function observability({ sinks, links }: Region): JsonObject {
  return {
    sinks: [...sinks.values()].map(({ name, policy, tags }) => ({ name, policy: parsed(policy ?? 'null'), tags })),
    links: [...links.values()]
      .map(({ sinkARN, labelTemplate, resourceTypes, configuration, tags }) => ({
        sink: sinkARN.split(':').slice(3, 5).join('/'),
        labelTemplate,
        resourceTypes: [...resourceTypes].sort(),
        configuration: configuration ?? null,
        tags,
      }))
      .toSorted((a, b) => (a.sink < b.sink ? -1 : 1)),
  };
}

function ofLogGroup(group: LogGroup): Json {
  return {
    logGroupClass: group.logGroupClass,
    retentionInDays: group.retentionInDays ?? null,
    kmsKeyId: group.kmsKeyId ?? null,
    deletionProtectionEnabled: group.deletionProtectionEnabled,
    tags: group.tags,
    dataProtection: group.dataProtection ? parsed(group.dataProtection.document) : null,
    dataProtectionStatus: group.dataProtectionStatus ?? null,
    streams: [...group.streams.keys()].sort(),
    metricFilters: byKey(group.metricFilters, ({ configuration }) => configuration),
    subscriptionFilters: byKey(group.subscriptionFilters, ({ configuration }) => configuration),
    indexPolicy: group.indexPolicy ? parsed(group.indexPolicy.document) : null,
  };
}

/** Without ARN and times. */
function detectors(region: Region): Json {
  return [...region.logAnomalyDetectors.values()]
    .map(
      ({ name, logGroupARN, evaluationFrequency, filterPattern, anomalyVisibilityTime, enabled, tags }): JsonObject => {
        const settings = { evaluationFrequency, filterPattern: filterPattern ?? null, anomalyVisibilityTime, enabled };
        return { name: name ?? null, logGroupARN, ...settings, tags };
      },
    )
    .toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

function queries(region: Region): Json {
  const contents = [...region.queryDefinitions.values()].map((one): JsonObject => {
    return {
      name: one.name,
      queryString: one.queryString,
      queryLanguage: one.queryLanguage,
      logGroupNames: [...(one.logGroupNames ?? [])],
      parameters: one.parameters ?? null,
    };
  });
  return contents
    .toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
    .map((one, index) => ({ queryDefinitionId: `query-${index + 1}`, ...one }));
}

function byKey<T>(collection: ReadonlyMap<string, T>, describe: (value: T) => Json): JsonObject {
  return Object.fromEntries([...collection].map(([key, value]) => [key, describe(value)]));
}

/** By meaning where it is JSON, else as it is. */
function parsed(document: string): Json {
  try {
    const value: Json = JSON.parse(document);
    return value;
  } catch {
    return document;
  }
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
