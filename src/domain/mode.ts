import { annotations } from '#src/api/annotations.ts';
import type { BedrockMonitor } from '#src/api/v1alpha1.ts';

/** What may be written in AWS for a monitor. `Suspended` comes from the pauses, whatever `spec.mode` says. */
export type Mode = 'Enforce' | 'Plan' | 'Observe' | 'Suspended';

/** The mode in force. `dryRunAll`: nothing is enforced, whatever the monitors say. */
export function modeOf(monitor: BedrockMonitor, nowMs: number, dryRunAll: boolean): Mode {
  const { suspend, mode = 'Enforce' } = monitor.spec;
  if (suspend === true || suspendedUntilMs(monitor, nowMs) !== undefined) return 'Suspended';
  return mode === 'Enforce' && dryRunAll ? 'Plan' : mode;
}

/**
 * When a pause that is bounded in time ends, in wall milliseconds; undefined: there is none, or it is over. An
 * annotation that is no time pauses nothing: `pauseFault` says so.
 */
export function suspendedUntilMs({ spec, metadata }: BedrockMonitor, nowMs: number): number | undefined {
  const ends = [spec.suspendUntil, metadata.annotations?.[annotations.suspendUntil]]
    .flatMap((time) => (time === undefined ? [] : [Date.parse(time)]))
    .filter((endMs) => endMs > nowMs);
  return ends.length === 0 ? undefined : Math.max(...ends);
}

/** What is wrong with the annotation `suspend-until`, in a sentence; undefined: nothing. */
export function pauseFault({ metadata }: BedrockMonitor): string | undefined {
  const time = metadata.annotations?.[annotations.suspendUntil];
  if (time === undefined || time === '' || !Number.isNaN(Date.parse(time))) return undefined;
  return `the annotation ${annotations.suspendUntil} is not a time such as 2026-12-05T22:00:00Z: ${time}`;
}
