import { createHash } from 'node:crypto';
import type { Owner, Place } from './owner.ts';
import { ownerMark } from './owner.ts';
import type { Kind } from './resource.ts';

/** AWS limits of derived names (CloudWatch and CloudWatch Logs API references). */
const ALARM_LIMIT = 255;
const DASHBOARD_LIMIT = 255;
const QUERY_LIMIT = 255;
const POLICY_LIMIT = 255;

/** `bedrockmonitor/<cluster>/<namespace>/<monitor>/<entry>[/<model>]`, cut to AWS's 255. */
export function alarmName(owner: Owner, place: Place, entry: string, model?: string): string {
  const name = `bedrockmonitor/${ownerMark(owner)}/${entry}${model === undefined ? '' : `/${modelSegment(model)}`}`;
  return cut(name, ALARM_LIMIT, '~', owner, place);
}

/** The path form; `/` makes folders in the console. */
export function queryName(owner: Owner, place: Place, entry: string): string {
  return cut(`bedrockmonitor/${ownerMark(owner)}/${entry}`, QUERY_LIMIT, '~', owner, place);
}

/** The Region is part of it: dashboards have one name space for all Regions of an account. */
export function dashboardName(owner: Owner, place: Place, entry: string): string {
  const name = ['bedrockmonitor', owner.cluster, owner.namespace, owner.name, entry, place.region].join('_');
  return cut(name, DASHBOARD_LIMIT, '-', owner, place);
}

/** The document name of the masking policy, which is also its mark. */
export function policyName(owner: Owner, place: Place): string {
  const name = ['bedrockmonitor', owner.cluster, owner.namespace, owner.name].join('_');
  return cut(name, POLICY_LIMIT, '-', owner, place);
}

/** The prefixes by which all that a monitor owns is found again when its inventory is lost. */
export function namePrefixes(owner: Owner): { readonly path: string; readonly flat: string } {
  return {
    path: `bedrockmonitor/${ownerMark(owner)}/`,
    flat: `${['bedrockmonitor', owner.cluster, owner.namespace, owner.name].join('_')}_`,
  };
}

/** The mark that makes a resource of this kind ours. */
export function expectedMark(kind: Kind, owner: Owner, place: Place): string {
  return kind === 'DataProtectionPolicy' ? policyName(owner, place) : ownerMark(owner);
}

/** A mark split into its owner, or undefined where it is not of our form. Masking policies use `_`, all else `/`. */
export function parseMark(mark: string): { cluster: string; namespace: string; name: string } | undefined {
  const parts = mark.startsWith('bedrockmonitor_') ? mark.split('_').slice(1) : mark.split('/');
  const [cluster, namespace, name] = parts;
  if (parts.length !== 3 || !cluster || !namespace || !name) return undefined;
  return { cluster, namespace, name };
}

/** A model's segment in a name: the ID; of an ARN its last segment. */
export function modelSegment(model: string): string {
  return model.startsWith('arn:') ? (model.split('/').at(-1) ?? model) : model;
}

/**
 * A name over its limit keeps its first (limit - 9) characters, then a separator and 8 hex digits of SHA-256 over
 * cluster, account, Region and the whole name, so that two long names never meet.
 */
function cut(name: string, limit: number, separator: '~' | '-', owner: Owner, place: Place): string {
  if (name.length <= limit) return name;
  const hash = createHash('sha256')
    .update([owner.cluster, place.accountID, place.region, name].join('\n'))
    .digest('hex');
  return `${name.slice(0, limit - 9)}${separator}${hash.slice(0, 8)}`;
}
