import type { ResourceHandler } from '#src/reconcile/ports.ts';
import type { Session } from './session.ts';
import { unbuilt } from './unbuilt.ts';

/** FieldIndexPolicy: nothing plans one yet. */
export function fieldIndexPolicies(_session: Session): ResourceHandler<'FieldIndexPolicy'> {
  return unbuilt('FieldIndexPolicy');
}
