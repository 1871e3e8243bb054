import { annotations } from '#src/api/annotations.ts';
import type { ResourceRef } from '#src/domain/resource.ts';
import type { Trouble } from '#src/domain/result.ts';
import type { Pass } from './pass.ts';

/** What others change is put right so often within an hour; then a person must find out who does it. */
const MOST_CORRECTIONS = 3;

/**
 * Why drift of this resource is not put right any more; undefined: it is. Once given up it stays so, over restarts
 * too (the status says it), until the spec is edited or reconcile-requested-at gets a new value.
 */
export function contended(pass: Pass, ref: ResourceRef): Trouble | undefined {
  const { monitor, ports } = pass;
  const count = ports.memory.corrections(monitor.metadata.uid, ref, epochOf(pass), ports.clock.monotonic());
  if (count < MOST_CORRECTIONS && !gaveUp(pass, ref)) return undefined;
  return {
    kind: 'stall',
    reason: 'Contended',
    message: `${ref.kind} ${ref.name} was put right ${MOST_CORRECTIONS} times within an hour, and others change it again and again: it is left as it is now. Find out who does it (CloudTrail has every call), or leave it to them with driftPolicy; then edit the spec, or set the annotation ${annotations.reconcileRequestedAt} to a new value`,
  };
}

/** Counts one correction. */
export function noteCorrection(pass: Pass, ref: ResourceRef): void {
  const { monitor, ports } = pass;
  ports.memory.corrected(monitor.metadata.uid, ref, epochOf(pass), ports.clock.monotonic());
}

/** AWS took it: whatever it shows half a minute later is the doing of others. */
export function noteAccepted({ monitor, ports }: Pass, ref: ResourceRef): void {
  ports.memory.accepted(monitor.metadata.uid, ref, ports.clock.monotonic());
}

function gaveUp({ monitor }: Pass, { kind, name }: ResourceRef): boolean {
  const { status, metadata } = monitor;
  if (status?.observedGeneration !== metadata.generation || isAsked(monitor)) return false;
  return (status?.resources ?? []).some((one) => one.kind === kind && one.name === name && one.reason === 'Contended');
}

/** Whether a person has asked for another look since the last one. */
export function isAsked({ metadata, status }: Pass['monitor']): boolean {
  const value = metadata.annotations?.[annotations.reconcileRequestedAt];
  return value !== undefined && value !== status?.lastHandledReconcileAt;
}

/** An edit, or a person's request, begins a new count. */
function epochOf({ monitor: { metadata } }: Pass): string {
  return `${metadata.generation}/${metadata.annotations?.[annotations.reconcileRequestedAt] ?? ''}`;
}
