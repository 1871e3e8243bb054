/** The part of a clock that the simulator uses. */
export interface SimulatorClock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls `fn` once after `ms`; the returned function cancels. */
  setTimeout(fn: () => void, ms: number): () => void;
}

export const machineClock: SimulatorClock = {
  now: () => Date.now(),
  setTimeout(fn, ms) {
    const timer = setTimeout(fn, ms);
    return () => clearTimeout(timer);
  },
};
