import type { Pass } from './pass.ts';

/** Whether what the spec does not ask for any more has been waited with for as long as a deletion waits. */
export function isLate({ monitor, ports }: Pass): boolean {
  const since = monitor.status?.conditions?.find(({ type }) => type === 'Reconciling')?.lastTransitionTime;
  const waitedMs = since === undefined ? 0 : ports.clock.now() - Date.parse(since);
  return waitedMs >= ports.settings.deletionDeadlineMs;
}
