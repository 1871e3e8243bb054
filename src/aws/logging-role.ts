import type { ResourceHandler } from '#src/reconcile/ports.ts';
import type { Session } from './session.ts';
import { unbuilt } from './unbuilt.ts';

/** LoggingRole: nothing plans one yet. */
export function loggingRoles(_session: Session): ResourceHandler<'LoggingRole'> {
  return unbuilt('LoggingRole');
}
