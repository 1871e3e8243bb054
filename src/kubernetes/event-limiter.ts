import type { Clock } from './clock.ts';

/** Whether one more Event about an object may be written. */
export type EventLimiter = (object: string) => boolean;

/** As client-go's spam filter (tools/record/events_cache.go): 25 at once, then one every five minutes, per object. */
const burst = 25;
const refillMs = 300_000;
const maxObjects = 4096;

export function createEventLimiter(clock: Clock): EventLimiter {
  const buckets = new Map<string, { readonly tokens: number; readonly at: number }>();
  return (object) => {
    const now = clock.monotonic();
    const { tokens, at } = buckets.get(object) ?? { tokens: burst, at: now };
    const filled = Math.min(burst, tokens + (now - at) / refillMs);
    const allowed = filled >= 1;
    // Deleted first: the map's order is that of last use, and its first entry the one to forget.
    buckets.delete(object);
    buckets.set(object, { tokens: allowed ? filled - 1 : filled, at: now });
    if (buckets.size > maxObjects) forgetOldest(buckets);
    return allowed;
  };
}

function forgetOldest(map: Map<string, unknown>): void {
  for (const key of map.keys()) {
    map.delete(key);
    return;
  }
}
