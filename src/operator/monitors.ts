import type { BedrockMonitor } from '#src/api/v1alpha1.ts';
import { group, plural, version } from '#src/api/v1alpha1.ts';
import type { Singular } from '#src/domain/claim.ts';
import type { ApiResource } from '#src/kubernetes/api-resource.ts';

/** Where BedrockMonitors live in the API. */
export const monitors: ApiResource<BedrockMonitor> = { group, version, plural, namespaced: true };

/** Holds a deleted monitor until what it owns in AWS is gone or let go. */
export const finalizer = 'bedrockmonitor.io/finalizer';

/** Whether a monitor asks for what its account and Region has once, and is there to take it. */
export function asksFor({ spec, metadata }: BedrockMonitor, of: Singular): boolean {
  const asked = of === 'sink' ? spec.crossAccount?.sink : spec.invocationLogging;
  return asked !== undefined && metadata.deletionTimestamp === undefined;
}

/** Whether a text that anybody may have edited names a monitor, as `namespace/name`. */
export function namesMonitor(text: string): boolean {
  return text.length <= NAME_LIMIT && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?\/[a-z0-9]([-.a-z0-9]*[a-z0-9])?$/.test(text);
}

/** A namespace has 63 characters at most, a name 253. */
const NAME_LIMIT = 317;

/** The account that a monitor acts in, known without AWS: of its role, else the operator's own. */
export function accountOf(monitor: BedrockMonitor, ownAccountID: string | undefined): string | undefined {
  const roleARN = monitor.spec.assumeRole?.roleARN;
  return roleARN === undefined ? ownAccountID : roleARN.split(':')[4];
}
