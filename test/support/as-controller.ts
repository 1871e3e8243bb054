import type { World } from './world.ts';

/**
 * Lives on for so long in fake time, with passes as the controller would run them: at the wished delay, or after a
 * failure's growing backoff (1 s doubling to 5 min). Answers how many passes there were.
 */
export async function liveOn(world: World, name: string, ms: number, namespace = 'genai'): Promise<number> {
  const end = world.clock.monotonic() + ms;
  let passes = 0;
  let failures = 0;
  while (world.clock.monotonic() < end) {
    const next = await world.pass(name, namespace);
    passes += 1;
    if (next.kind === 'rest') break;
    failures = next.kind === 'retry' ? failures + 1 : 0;
    const waitMs =
      next.kind === 'retry' ? (next.afterMs ?? Math.min(1_000 * 2 ** (failures - 1), 300_000)) : next.afterMs;
    await world.clock.advance(Math.min(waitMs, end - world.clock.monotonic()));
  }
  return passes;
}
