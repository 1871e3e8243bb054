import type { Reason } from '#src/api/reasons.ts';
import type { BedrockMonitorSpec, SavedQueryEntry } from '#src/api/v1alpha1.ts';
import { queryName } from '../names.ts';
import type { QueryDefinition } from '../resource.ts';
import { queryPreset } from './query-presets.ts';
import { recordsGroup } from './records-group.ts';
import { blocked } from './remark.ts';
import type { Fact, Facts, Plan, Planned, Remark } from './types.ts';
import { withUniqueNames } from './unique-names.ts';

/**
 * Saved Logs Insights queries over the groups that they name, else over the group that holds the records. Where that
 * group is not known the entry is left out with a remark, and nothing of the part is pruned.
 */
export function planQueries(spec: BedrockMonitorSpec, facts: Facts): Partial<Plan> {
  if (spec.savedQueries === undefined) return {};
  const group = recordsGroup(spec, facts);
  const entries = spec.savedQueries.map((entry) => planEntry(entry, group, facts));
  const unique = withUniqueNames(
    'Queries',
    entries.filter((one) => 'resource' in one),
  );
  const remarks = [...entries.filter((one) => 'reason' in one), ...unique.remarks];
  return { resources: unique.resources, remarks, keep: remarks.length > 0 ? ['Queries'] : [] };
}

function planEntry(entry: SavedQueryEntry, group: Fact<string | undefined>, facts: Facts): Planned | Remark {
  const path = `savedQueries/${entry.name}`;
  const queryString = entry.queryString ?? (entry.preset === undefined ? undefined : queryPreset(entry.preset));
  if (queryString === undefined) {
    const message = `saved query ${entry.name} uses a preset that this release of the operator does not know: upgrade the operator, or write the query as queryString`;
    return blocked('Queries', path, 'UnsupportedField', message);
  }
  const queryLanguage = entry.queryLanguage ?? 'CWLI';
  const logGroupNames = groupsOf(entry, queryLanguage, group);
  if ('unknown' in logGroupNames) return unknownGroup(entry, path, logGroupNames);
  const resource: QueryDefinition = {
    kind: 'QueryDefinition',
    name: entry.awsName ?? queryName(facts.owner, facts.place, entry.name),
    queryString,
    queryLanguage,
    logGroupNames: logGroupNames.known,
    ...(entry.parameters && { parameters: entry.parameters.toSorted((a, b) => (a.name < b.name ? -1 : 1)) }),
  };
  return { resource, part: 'Queries', path, after: [] };
}

type UnknownGroups = { readonly unknown: string | undefined; readonly reason?: Reason };
type Groups = { readonly known: readonly string[] } | UnknownGroups;

/** A SQL query names its log groups inside the query string. */
function groupsOf(
  entry: SavedQueryEntry,
  language: QueryDefinition['queryLanguage'],
  group: Fact<string | undefined>,
): Groups {
  if (language === 'SQL') return { known: [] };
  if (entry.logGroupNames !== undefined && entry.logGroupNames.length > 0) {
    return { known: [...new Set(entry.logGroupNames)].sort() };
  }
  if ('unknown' in group) return group;
  return group.known === undefined ? { unknown: undefined } : { known: [group.known] };
}

/** `unknown` undefined: it is known that Bedrock delivers to no log group. */
function unknownGroup(entry: SavedQueryEntry, path: string, group: UnknownGroups): Remark {
  if (group.unknown !== undefined) {
    const message = `saved query ${entry.name} waits: the log group that Bedrock delivers to could not be read (${group.unknown})`;
    return blocked('Queries', path, group.reason ?? 'DependencyNotReady', message);
  }
  const message = `saved query ${entry.name} has no log group: this monitor declares none and Bedrock delivers to none in this account and Region; set logGroupNames, or switch invocation logging on`;
  return blocked('Queries', path, 'LogGroupUnknown', message);
}
