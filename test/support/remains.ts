import type { JsonObject } from '#src/domain/json.ts';
import type { Named, State } from './state-of.ts';

/** Without what the last spec does not name, and buckets and models that stay for good. */
export function declaredOf(end: State, fresh: State): State {
  const { alarms, muteRules, dashboards, logAnomalyDetectors, roles, links, ...rest } = withoutRemains(end, fresh);
  return {
    ...rest,
    // Whose logging it is where the last spec does not ask for it: of others, or retained.
    logging: fresh.logging && end.logging,
    alarms: among(alarms, fresh.alarms),
    muteRules: among(muteRules, fresh.muteRules),
    dashboards: among(dashboards, fresh.dashboards),
    queries: among(end.queries, fresh.queries),
    metricFilters: among(end.metricFilters, fresh.metricFilters),
    subscriptionFilters: among(end.subscriptionFilters, fresh.subscriptionFilters),
    indexPolicies: among(end.indexPolicies, fresh.indexPolicies),
    logAnomalyDetectors: among(logAnomalyDetectors, fresh.logAnomalyDetectors),
    roles: among(roles, fresh.roles),
    sinks: among(end.sinks, fresh.sinks),
    links: among(links, fresh.links),
  };
}

/**
 * Without what stays for good, as the documents say: buckets, models that CloudWatch made for a band, tags that nobody
 * declares any more, warm-up and tag propagation of alarms once they were there, and when what lies in folders that
 * were delivered to before expires.
 */
export function withoutRemains(end: State, fresh: State): State {
  return {
    ...end,
    buckets: among(end.buckets, fresh.buckets).map((bucket) => {
      const wanted = fresh.buckets.find(({ name }) => name === bucket.name);
      return wanted === undefined ? bucket : withoutOldFolders(bucket, wanted);
    }),
    models: among(end.models, fresh.models),
    alarms: end.alarms.map((alarm) => {
      const wanted = fresh.alarms.find(({ name }) => name === alarm.name);
      const configuration = Object.entries(alarm.configuration).filter(
        ([member]) => !LASTING.includes(member) || wanted?.configuration[member] !== undefined,
      );
      return { ...alarm, configuration: Object.fromEntries(configuration), tags: tagsAmong(alarm, wanted) };
    }),
    muteRules: ofTags(end.muteRules, fresh.muteRules),
    dashboards: ofTags(end.dashboards, fresh.dashboards),
    logAnomalyDetectors: ofTags(end.logAnomalyDetectors, fresh.logAnomalyDetectors),
    roles: ofTags(end.roles, fresh.roles),
    links: ofTags(end.links, fresh.links),
  };
}

type MadeBucket = State['buckets'][number];

/** Switched off is as good as gone, for S3 takes no empty list. */
function withoutOldFolders(bucket: MadeBucket, wanted: MadeBucket): MadeBucket {
  const rules = rulesOf(bucket);
  if (rules.length === 0) return bucket;
  const delivered = JSON.stringify(wanted.policy);
  const left = rules.filter(({ ID, Status, Filter }) => {
    const isOld = Status === 'Disabled' || !delivered.includes(`${bucket.name}/${Filter.Prefix}`);
    return !isOld || rulesOf(wanted).some((one) => one.ID === ID);
  });
  return { ...bucket, lifecycle: left.length > 0 ? { Rule: left } : undefined };
}

interface LifecycleRule {
  readonly ID: string;
  readonly Status: string;
  readonly Filter: { readonly Prefix: string };
}

function rulesOf({ lifecycle }: MadeBucket): readonly (LifecycleRule & JsonObject)[] {
  const { Rule: rules = [] }: { Rule?: (LifecycleRule & JsonObject)[] } = JSON.parse(JSON.stringify(lifecycle ?? {}));
  return rules;
}

const LASTING: readonly string[] = ['WarmUpConfiguration', 'ActionConfiguration'];

type Tagged = Named & { readonly tags: Readonly<Record<string, string>> };

function ofTags<T extends Tagged>(have: readonly T[], want: readonly T[]): T[] {
  return have.map((one) => ({
    ...one,
    tags: tagsAmong(
      one,
      want.find(({ name }) => name === one.name),
    ),
  }));
}

function tagsAmong({ tags }: Tagged, wanted: Tagged | undefined): Record<string, string> {
  const declared = ([key]: [string, string]) => wanted === undefined || wanted.tags[key] !== undefined;
  return Object.fromEntries(Object.entries(tags).filter(declared));
}

function among<T extends Named>(have: readonly T[], want: readonly T[]): T[] {
  return have.filter(({ name }) => want.some((one) => one.name === name));
}
