import type { ResourceHandler } from '#src/reconcile/ports.ts';
import type { Session } from './session.ts';
import { unbuilt } from './unbuilt.ts';

/** AlarmMuteRule: nothing plans one yet. */
export function alarmMuteRules(_session: Session): ResourceHandler<'AlarmMuteRule'> {
  return unbuilt('AlarmMuteRule');
}
