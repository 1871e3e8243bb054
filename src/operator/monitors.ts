import type { BedrockMonitor } from '#src/api/v1alpha1.ts';
import { group, plural, version } from '#src/api/v1alpha1.ts';
import type { ApiResource } from '#src/kubernetes/api-resource.ts';

/** Where BedrockMonitors live in the API. */
export const monitors: ApiResource<BedrockMonitor> = { group, version, plural, namespaced: true };

/** Holds a deleted monitor until what it owns in AWS is gone or let go. */
export const finalizer = 'bedrockmonitor.io/finalizer';

/** Whether a monitor asks for the one logging configuration of an account and Region, and may take it. */
export function asksForLogging(monitor: BedrockMonitor): boolean {
  return monitor.spec.invocationLogging !== undefined && monitor.metadata.deletionTimestamp === undefined;
}

/** The account that a monitor acts in, known without AWS: of its role, else the operator's own. */
export function accountOf(monitor: BedrockMonitor, ownAccountID: string | undefined): string | undefined {
  const roleARN = monitor.spec.assumeRole?.roleARN;
  return roleARN === undefined ? ownAccountID : roleARN.split(':')[4];
}
