import { createHash } from 'node:crypto';
import type { Owner, Place } from './owner.ts';
import { ownerMark } from './owner.ts';
import type { Kind } from './resource.ts';

/** AWS limits of derived names (CloudWatch and CloudWatch Logs API references). */
const ALARM_LIMIT = 255;
const DASHBOARD_LIMIT = 255;
const QUERY_LIMIT = 255;
const POLICY_LIMIT = 255;
/** 255, less the number of one of several rules. */
const MUTE_RULE_LIMIT = 250;
const FILTER_LIMIT = 512;
/** PutIndexPolicy, a field's name. */
const FIELD_LIMIT = 100;
/** IAM, CreateRole. */
const ROLE_LIMIT = 64;

/**
 * `bedrockmonitor/<cluster>/<namespace>/<monitor>/<entry>[/<model>]`, cut to AWS's 255. Of the alarms of an slo each has
 * a `suffix` of its own behind that.
 */
export function alarmName(owner: Owner, place: Place, entry: string, model?: string, suffix?: string): string {
  const segments = [
    entry,
    ...(model === undefined ? [] : [modelSegment(model)]),
    ...(suffix === undefined ? [] : [suffix]),
  ];
  return cut(`bedrockmonitor/${ownerMark(owner)}/${segments.join('/')}`, ALARM_LIMIT, '~', owner, place);
}

/** `bedrockmonitor_<cluster>_<namespace>_<monitor>_<entry>`, and behind that `_2`, `_3` … where one rule does not suffice. */
export function muteRuleName(owner: Owner, place: Place, entry: string): string {
  return cut(flat(owner, entry), MUTE_RULE_LIMIT, '-', owner, place);
}

/** The path form; `/` makes folders in the console. */
export function queryName(owner: Owner, place: Place, entry: string): string {
  return cut(`bedrockmonitor/${ownerMark(owner)}/${entry}`, QUERY_LIMIT, '~', owner, place);
}

/** The Region is part of it: dashboards have one name space for all Regions of an account. */
export function dashboardName(owner: Owner, place: Place, entry: string): string {
  return cut(flat(owner, entry, place.region), DASHBOARD_LIMIT, '-', owner, place);
}

/** The path form of a metric filter or subscription filter; of an entry that makes several, `-2`, `-3` … for the further ones. */
export function filterName(owner: Owner, place: Place, entry: string, part = 1): string {
  const suffix = part === 1 ? '' : `-${part}`;
  return cut(`bedrockmonitor/${ownerMark(owner)}/${entry}${suffix}`, FILTER_LIMIT, '~', owner, place);
}

/** The one log anomaly detector of a monitor. */
export function logAnomalyDetectorName(owner: Owner): string {
  return `bedrockmonitor/${ownerMark(owner)}`;
}

/**
 * What stands on a log group is named `<log group>:<its own name>` here: neither may hold a colon, so that the inventory
 * alone tells both.
 */
export function onGroup(logGroup: string, name: string): string {
  return `${logGroup}:${name}`;
}

/** The two parts of it. */
export function splitOnGroup(name: string): { readonly logGroup: string; readonly own: string } {
  const at = name.indexOf(':');
  return at < 0 ? { logGroup: name, own: '' } : { logGroup: name.slice(0, at), own: name.slice(at + 1) };
}

/** The owner of a derived name in path form; undefined: it is not derived. */
export function ownerInPath(name: string): string | undefined {
  const [prefix, cluster, namespace, monitor] = name.split('/');
  return prefix === 'bedrockmonitor' && cluster && namespace && monitor
    ? `${cluster}/${namespace}/${monitor}`
    : undefined;
}

/** The mark of a field index policy: a field of this name stands among the indexed ones, and no record has it. */
export function indexMark(owner: Owner, place: Place): string {
  return cut(flat(owner), FIELD_LIMIT, '-', owner, place);
}

/** The document name of the masking policy, which is also its mark. */
export function policyName(owner: Owner, place: Place): string {
  return cut(flat(owner), POLICY_LIMIT, '-', owner, place);
}

/**
 * The role that is made for a monitor: at most 64 characters, always with the hash, since roles have one name space for
 * all Regions and clusters of an account.
 */
export function roleName(owner: Owner, place: Place): string {
  const name = ['bedrockmonitor', owner.namespace, owner.name].join('_');
  return `${name.slice(0, ROLE_LIMIT - 9)}_${hash(name, owner, place)}`;
}

/** The bucket that is made unless another name is given: worldwide one for each account and Region, as the console has it. */
export function bucketName({ accountID, region }: Place): string {
  return `bedrock-logging-${accountID}-${region}`;
}

/** The prefixes by which all that a monitor owns is found again when its inventory is lost. */
export function namePrefixes(owner: Owner): { readonly path: string; readonly flat: string } {
  return {
    path: `bedrockmonitor/${ownerMark(owner)}/`,
    flat: `${flat(owner)}_`,
  };
}

/** A sink is one per account and Region, and so has no entry in its name. */
export function sinkName(owner: Owner, place: Place): string {
  return policyName(owner, place);
}

/** The mark that makes a resource of this kind ours. */
export function expectedMark(kind: Kind, owner: Owner, place: Place): string {
  if (kind === 'FieldIndexPolicy') return indexMark(owner, place);
  return kind === 'DataProtectionPolicy' ? policyName(owner, place) : ownerMark(owner);
}

/** A mark split into its owner, or undefined where it is not of our form. Masking and field index policies use `_`, all else `/`. */
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

/** The form for names that take no slash. */
function flat({ cluster, namespace, name }: Owner, ...more: readonly string[]): string {
  return ['bedrockmonitor', cluster, namespace, name, ...more].join('_');
}

/**
 * A name over its limit keeps its first (limit - 9) characters, then a separator and 8 hex digits of SHA-256 over
 * cluster, account, Region and the whole name, so that two long names never meet.
 */
function cut(name: string, limit: number, separator: '~' | '-', owner: Owner, place: Place): string {
  if (name.length <= limit) return name;
  return `${name.slice(0, limit - 9)}${separator}${hash(name, owner, place)}`;
}

function hash(name: string, { cluster }: Owner, { accountID, region }: Place): string {
  const whole = [cluster, accountID, region, name].join('\n');
  return createHash('sha256').update(whole).digest('hex').slice(0, 8);
}
