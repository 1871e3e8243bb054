import type { ResourceHandler } from '#src/reconcile/ports.ts';
import type { Session } from './session.ts';
import { unbuilt } from './unbuilt.ts';

/** LogAlarm: nothing plans one yet. */
export function logAlarms(_session: Session): ResourceHandler<'LogAlarm'> {
  return unbuilt('LogAlarm');
}
