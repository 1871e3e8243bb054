import type { Next } from '#src/kubernetes/controller.ts';
import { monitors } from '#src/operator/monitors.ts';
import type { World } from './world.ts';

/** A monitor in sync looks once more after this long: nothing is left to do then. */
const CONFIRM_MS = 30_000;

/**
 * Passes over all monitors in turn, as long as one of them has something to do at once or to wait for a little. A pass
 * that meets a conflicting write is passed again.
 */
export async function untilAllRest(world: World, mostMs = Number.POSITIVE_INFINITY): Promise<void> {
  const until = world.clock.now() + mostMs;
  for (let rounds = 0; rounds < 400; rounds += 1) {
    const { items } = await world.client.list(monitors);
    const waits: number[] = [];
    for (const { metadata } of items) {
      const next: Next = await world.pass(metadata.name, metadata.namespace).catch((error: unknown) => {
        if (error instanceof Error && /Conflict/.test(error.message)) return { kind: 'retry' };
        throw error;
      });
      if (next.kind !== 'rest') waits.push(next.afterMs ?? 1_000);
    }
    const soonest = Math.min(...waits.filter((ms) => ms < CONFIRM_MS));
    if (soonest === Number.POSITIVE_INFINITY || world.clock.now() >= until) return;
    await world.clock.advance(soonest);
  }
  throw new Error('the monitors do not come to rest');
}
