import type { BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import type { ResourceRef } from '../resource.ts';
import { masksNothing } from './data-protection-policy.ts';

/** The log group that filters and the like of this monitor stand on, and what must be in place before them. */
export interface AttachedGroup {
  readonly name: string;
  /** For what looks at no text of records: the group. */
  readonly after: readonly ResourceRef[];
  /** For what carries text of records out of the group, be it as a dimension: the masking, too, where it is declared. */
  readonly afterMasking: readonly ResourceRef[];
  /** Why no masking policy is planned although masking is declared: then no such thing may be planned, either. */
  readonly unmasked: string | undefined;
}

/** Undefined: the spec declares no log group for records. */
export function attachedGroup(spec: BedrockMonitorSpec): AttachedGroup | undefined {
  const name = spec.invocationLogging?.cloudWatchLogs?.logGroup.name;
  if (name === undefined) return undefined;
  const after: readonly ResourceRef[] = [{ kind: 'LogGroup', name }];
  const masking: readonly ResourceRef[] =
    spec.dataProtection === undefined ? [] : [{ kind: 'DataProtectionPolicy', name }];
  const unmasked = spec.dataProtection && masksNothing(spec.dataProtection);
  return { name, after, afterMasking: [...after, ...masking], unmasked };
}
