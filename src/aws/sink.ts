import type { ResourceHandler } from '#src/reconcile/ports.ts';
import type { Session } from './session.ts';
import { unbuilt } from './unbuilt.ts';

/** Sink: nothing plans one yet. */
export function sinks(_session: Session): ResourceHandler<'Sink'> {
  return unbuilt('Sink');
}
