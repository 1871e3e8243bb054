import type { BedrockMonitor } from '#src/api/v1alpha1.ts';
import { specFaults } from '#src/api/validate.ts';
import { Stalled } from '#src/domain/failure.ts';
import { globMatch } from '#src/domain/glob.ts';
import { ownedBy } from '#src/domain/inventory.ts';
import type { Mode } from '#src/domain/mode.ts';
import { modeOf, pauseFault } from '#src/domain/mode.ts';
import type { Owner, Place } from '#src/domain/owner.ts';
import type { Approval } from './approval.ts';
import { isAsked } from './contention.ts';
import type { Access, Handlers, Identity, Lane, Ports, Preflight, Target, Traffic } from './ports.ts';

/** What one pass over one monitor stands on: who asks, where, as whom, and until when. */
export interface Pass {
  readonly monitor: BedrockMonitor;
  readonly ports: Ports;
  readonly owner: Owner;
  readonly place: Place;
  readonly identity: Identity;
  readonly handlers: Handlers;
  readonly preflight: Preflight;
  readonly traffic: Traffic;
  readonly access: Access;
  /** The mode in force; a plan that was approved is done in mode `Enforce`. */
  readonly mode: Mode;
  /** In mode Plan: only these changes may be made. */
  readonly approval?: Approval;
  /** Not yet in sync at this generation and uid: marks are read before anything is believed. */
  readonly fresh: boolean;
  /** Monotonic milliseconds after which nothing more is begun. */
  readonly until: number;
  readonly signal: AbortSignal;
}

/** Checks what the platform allows, learns who we are, and refuses to act in another account. No write. */
export async function beginPass(monitor: BedrockMonitor, ports: Ports, lane: Lane, signal: AbortSignal): Promise<Pass> {
  const { namespace, name, uid } = monitor.metadata;
  // A deletion goes by the inventory: what the spec says is no reason to stay.
  const faults = monitor.metadata.deletionTimestamp === undefined ? specFaults(monitor.spec) : [];
  const pause = pauseFault(monitor);
  if (faults.length > 0) throw new Stalled('InvalidSpec', faults.join('; '));
  if (pause !== undefined) throw new Stalled('InvalidSpec', pause);
  const access = ports.access(namespace);
  const owner: Owner = { cluster: ports.cluster, namespace, name, uid };
  const target = targetOf(monitor, owner, access);
  const identity = await ports.cloud.identity(target, signal);
  guardAccount(monitor, identity);
  return {
    monitor,
    ports,
    owner,
    place: { accountID: identity.accountID, region: target.region, partition: identity.partition },
    identity,
    handlers: ports.cloud.handlers(target, identity, owner, lane, ownedBy(monitor)),
    preflight: ports.cloud.preflight(target, identity, owner, lane),
    traffic: ports.cloud.traffic(target, identity, owner, lane),
    access,
    mode: modeOf(monitor, ports.clock.now(), ports.settings.dryRunAll),
    fresh: !isSettled(monitor) || isAsked(monitor),
    until: ports.clock.monotonic() + ports.settings.sliceMs,
    signal,
  };
}

function isSettled({ metadata, status }: BedrockMonitor): boolean {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  return (
    status?.inventoryUID === metadata.uid &&
    ready?.status === 'True' &&
    ready.observedGeneration === metadata.generation
  );
}

function targetOf(monitor: BedrockMonitor, owner: Owner, access: Access): Target {
  const { region, assumeRole } = monitor.spec;
  const roleARN = assumeRole?.roleARN;
  const allowed = mayUse(access, roleARN);
  if (!allowed && access.unreadable) {
    // No more than that: the list is the platform's, and tenants read this.
    throw new Stalled(
      'RoleNotAllowed',
      "the credentials ConfigMap cannot be read, and so allows nothing: nothing was changed. The operator's log says why; this monitor goes on once the platform team has mended it",
    );
  }
  if (roleARN === undefined) {
    if (allowed) return { region };
    throw new Stalled(
      'RoleNotAllowed',
      `namespace ${owner.namespace} may not use the operator's own AWS account: set assumeRole to a role that it may use, or ask the platform team to add the namespace with ownAccount: true to the credentials ConfigMap`,
    );
  }
  if (!allowed) {
    throw new Stalled(
      'RoleNotAllowed',
      `namespace ${owner.namespace} may not use role ${roleARN}: ask the platform team to list it under roleARNs for the namespace in the credentials ConfigMap`,
    );
  }
  const externalID = access.externalID ?? `${owner.cluster}/${owner.namespace}`;
  return { region, roleARN, externalID, namespace: owner.namespace };
}

/** Whether the platform allows the role, or, where none is named, the operator's own account. */
export function mayUse(access: Access, roleARN: string | undefined): boolean {
  return roleARN === undefined ? access.ownAccount : access.roleARNs.some((glob) => globMatch(glob, roleARN));
}

function guardAccount(monitor: BedrockMonitor, identity: Identity): void {
  const { accountID } = monitor.spec;
  const bound = monitor.status?.accountID;
  if (accountID !== undefined && accountID !== identity.accountID) {
    throw new Stalled(
      'AccountMismatch',
      `the credentials in use (${identity.arn}) are of account ${identity.accountID}, but spec.accountID is ${accountID}: nothing was changed. Correct accountID, or set assumeRole to a role of that account`,
    );
  }
  if (bound !== undefined && bound !== identity.accountID) {
    throw new Stalled(
      'AccountChanged',
      `this monitor owns resources in account ${bound}, but the credentials in use (${identity.arn}) are of account ${identity.accountID}: nothing was changed. Use a role of account ${bound}, or create a new BedrockMonitor for the other account`,
    );
  }
}
