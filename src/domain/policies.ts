import type { BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import { about, kinds } from './kinds.ts';
import type { Kind, ResourceRef } from './resource.ts';

type Adoption = 'Never' | 'IfTagged' | 'Always';
type Deletion = 'Delete' | 'Retain';

/**
 * What deleting the monitor does to a resource of this kind; of `InvocationLogging` see `loggingDeletion`. A role that
 * was made goes along with it. A bucket that was made holds data, and always stays.
 */
function deletionOf({ deletionPolicy = {} }: BedrockMonitorSpec, kind: Kind): Deletion {
  if (kind === 'LoggingBucket') return 'Retain';
  const part = kind === 'LoggingRole' ? 'invocationLogging' : about[kind].policy;
  const logGroup = deletionPolicy.logGroup ?? 'Retain';
  if (part === 'logGroup') return logGroup;
  if (part === 'dataProtection') return deletionPolicy.dataProtection ?? logGroup;
  if (part === 'invocationLogging') return loggingDeletion({ deletionPolicy }) === 'Retain' ? 'Retain' : 'Delete';
  return deletionPolicy[part] ?? deletionPolicy.default ?? 'Delete';
}

/** What becomes of the logging configuration that the monitor set, when it lets go of it. */
export function loggingDeletion({
  deletionPolicy,
}: Pick<BedrockMonitorSpec, 'deletionPolicy'>): 'Restore' | 'Disable' | 'Retain' {
  return deletionPolicy?.invocationLogging ?? 'Restore';
}

/** Whether what exists without a mark may be taken. What AWS cannot tag is not adopted by a tag. */
export function adoptionOf({ adoptionPolicy = {} }: BedrockMonitorSpec, kind: Kind): Adoption {
  const part = about[kind].policy;
  if (part === 'invocationLogging') return adoptionPolicy.invocationLogging ?? 'Never';
  const written = adoptionPolicy[part] ?? adoptionPolicy.default ?? 'Never';
  return written === 'IfTagged' && !about[kind].taggable ? 'Never' : written;
}

/** What is done about what others change. Masking is always put back. */
export function driftOf({ driftPolicy = {} }: BedrockMonitorSpec, kind: Kind): 'Correct' | 'Report' {
  const part = about[kind].policy;
  if (part === 'dataProtection') return 'Correct';
  return driftPolicy[part] ?? driftPolicy.default ?? 'Correct';
}

/**
 * Whether all that a monitor may own stays in AWS when it is deleted, but for what goes with the logging configuration:
 * of that see `loggingDeletion`.
 */
export function retainsAll(spec: BedrockMonitorSpec): boolean {
  return kinds.every(
    (kind) => kind === 'InvocationLogging' || kind === 'LoggingRole' || deletionOf(spec, kind) === 'Retain',
  );
}

/**
 * Whether a resource stays in AWS when it is taken leave of. Log data goes with the monitor at most, never because an
 * entry left the spec (`pruned`), and never where the group is only used. Masking goes with its log group; from a group
 * that stays only where `Delete` is written for the masking itself.
 */
export function staysInAWS(spec: BedrockMonitorSpec, { kind, name }: ResourceRef, pruned: boolean): boolean {
  if (deletionOf(spec, kind) === 'Retain') return true;
  const groupStays = pruned || isUnmanaged(spec, name);
  if (kind === 'LogGroup') return groupStays;
  return kind === 'DataProtectionPolicy' && groupStays && spec.deletionPolicy?.dataProtection !== 'Delete';
}

/** Whether the spec only uses this log group: then it is never deleted, though it may have been ours before. */
export function isUnmanaged({ invocationLogging, dataProtection }: BedrockMonitorSpec, name: string): boolean {
  const groups = [invocationLogging?.cloudWatchLogs?.logGroup, dataProtection?.findings?.logGroup];
  return groups.some((group) => group?.name === name && group.management === 'Unmanaged');
}
