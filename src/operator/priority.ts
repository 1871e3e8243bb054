import type { Lane } from '#src/reconcile/ports.ts';

/** Order of service, in the queue as before AWS: a user's edit first, background checks last. */
export const priority: Readonly<Record<Lane, number>> = { Edit: 3, Error: 2, Drift: 1, State: 0 };

export function laneOf(value: number): Lane {
  const lanes: readonly Lane[] = ['Edit', 'Error', 'Drift'];
  return lanes.find((lane) => value >= priority[lane]) ?? 'State';
}
