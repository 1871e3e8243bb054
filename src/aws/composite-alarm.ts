import type { ResourceHandler } from '#src/reconcile/ports.ts';
import type { Session } from './session.ts';
import { unbuilt } from './unbuilt.ts';

/** CompositeAlarm: nothing plans one yet. */
export function compositeAlarms(_session: Session): ResourceHandler<'CompositeAlarm'> {
  return unbuilt('CompositeAlarm');
}
