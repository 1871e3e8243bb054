/** Delays that double from a base to a cap, each shortened by up to `jitter` of itself, so that many do not march in step. */
export interface Backoff {
  readonly baseMs: number;
  readonly capMs: number;
  /** 0 to 1. */
  readonly jitter: number;
}

/** The delay after `failures` failures in a row (1 for the first). `random` is in [0, 1). */
export function backoffMs(backoff: Backoff, failures: number, random: number): number {
  // 2^40 times any base is past any cap; the bound keeps the power finite.
  const grown = backoff.baseMs * 2 ** Math.min(Math.max(failures - 1, 0), 40);
  return Math.min(grown, backoff.capMs) * (1 - backoff.jitter * random);
}
