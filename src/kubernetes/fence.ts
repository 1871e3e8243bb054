/** The process must not write: it does not lead, or cannot know that it still does. */
export class NotLeading extends Error {
  override readonly name = 'NotLeading';
}

/** To be asked before every write that only the leader may make. */
export interface Fence {
  /** Throws `NotLeading`. */
  check(): void;
  readonly leading: boolean;
}

/** For a process that runs alone by arrangement. */
export const openFence: Fence = { check() {}, leading: true };
