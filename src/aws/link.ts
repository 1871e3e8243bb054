import type { ResourceHandler } from '#src/reconcile/ports.ts';
import type { Session } from './session.ts';
import { unbuilt } from './unbuilt.ts';

/** Link: nothing plans one yet. */
export function links(_session: Session): ResourceHandler<'Link'> {
  return unbuilt('Link');
}
