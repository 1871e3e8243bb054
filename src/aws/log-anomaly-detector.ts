import type { ResourceHandler } from '#src/reconcile/ports.ts';
import type { Session } from './session.ts';
import { unbuilt } from './unbuilt.ts';

/** LogAnomalyDetector: nothing plans one yet. */
export function logAnomalyDetectors(_session: Session): ResourceHandler<'LogAnomalyDetector'> {
  return unbuilt('LogAnomalyDetector');
}
