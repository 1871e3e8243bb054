import type { Reason } from '#src/api/reasons.ts';

/** Why an entry cannot be planned; `message` goes on after the entry's name. */
export interface Obstacle {
  readonly reason: Reason;
  readonly message: string;
}
