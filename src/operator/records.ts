import type { BedrockMonitor } from '#src/api/v1alpha1.ts';
import type { Client } from '#src/kubernetes/client.ts';
import { addFinalizer, removeFinalizer } from '#src/kubernetes/finalizer.ts';
import { writeStatus } from '#src/kubernetes/status.ts';
import type { Records } from '#src/reconcile/ports.ts';
import { finalizer, monitors } from './monitors.ts';

export interface MonitorRecords extends Records {
  /** Lets the API server delete the monitor. Gone already is success. */
  removeFinalizer(monitor: BedrockMonitor, signal: AbortSignal): Promise<void>;
}

/** Writes to monitors. `wrote` hears of every one: a pass starts only when the cache has our last write. */
export function createRecords(client: Pick<Client, 'patch'>, wrote: (monitor: BedrockMonitor) => void): MonitorRecords {
  const noted = async (before: BedrockMonitor, writing: Promise<BedrockMonitor>) => {
    const after = await writing;
    if (after !== before) wrote(after);
    return after;
  };
  return {
    addFinalizer: (monitor, signal) => noted(monitor, addFinalizer(client, monitors, monitor, finalizer, signal)),
    writeStatus: (monitor, status, signal) => noted(monitor, writeStatus(client, monitors, monitor, status, signal)),
    async removeFinalizer(monitor, signal) {
      await removeFinalizer(client, monitors, monitor, finalizer, signal);
    },
  };
}
