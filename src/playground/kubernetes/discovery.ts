import type { Json, JsonObject } from '#src/domain/json.ts';
import type { ResourceType } from './resource-type.ts';
import { apiVersionOf } from './resource-type.ts';

const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

/** The version that this API server claims to be: kubectl compares it with its own. */
export const versionInfo: JsonObject = {
  major: '1',
  minor: '34',
  gitVersion: 'v1.34.0+playground',
  gitCommit: '',
  gitTreeState: 'clean',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: '',
  compiler: '',
  platform: 'linux/amd64',
};

/** `/api` */
export function coreVersions(host: string): JsonObject {
  return {
    kind: 'APIVersions',
    versions: ['v1'],
    serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: host }],
  };
}

/** `/apis` */
export function groupList(types: readonly ResourceType[]): JsonObject {
  const groups = [...new Set(types.map((type) => type.group))].filter((group) => group !== '');
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: groups.map((group) => groupOf(types, group) ?? {}) };
}

/** `/apis/<group>`, or undefined where nothing is served in it. */
export function apiGroup(types: readonly ResourceType[], group: string): JsonObject | undefined {
  const found = groupOf(types, group);
  return found === undefined ? undefined : { kind: 'APIGroup', apiVersion: 'v1', ...found };
}

function groupOf(types: readonly ResourceType[], group: string): JsonObject | undefined {
  const versions = [...new Set(types.filter((type) => type.group === group).map((type) => type.version))];
  const entries = versions.map((version) => ({ groupVersion: `${group}/${version}`, version }));
  const [preferredVersion] = entries;
  return preferredVersion === undefined ? undefined : { name: group, versions: entries, preferredVersion };
}

/** `/api/v1` and `/apis/<group>/<version>`, or undefined where nothing is served there. */
export function resourceList(types: readonly ResourceType[], groupVersion: string): JsonObject | undefined {
  const served = types.filter((type) => apiVersionOf(type) === groupVersion);
  if (served.length === 0) return undefined;
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources: served.flatMap(entries) };
}

function entries(type: ResourceType): Json[] {
  const { namespaced, kind } = type;
  const own: JsonObject = {
    name: type.plural,
    singularName: type.singular,
    namespaced,
    kind,
    verbs,
    ...(type.shortNames.length === 0 ? {} : { shortNames: type.shortNames }),
    ...(type.categories.length === 0 ? {} : { categories: type.categories }),
  };
  if (!type.statusSubresource) return [own];
  const status = {
    name: `${type.plural}/status`,
    singularName: '',
    namespaced,
    kind,
    verbs: ['get', 'patch', 'update'],
  };
  return [own, status];
}
