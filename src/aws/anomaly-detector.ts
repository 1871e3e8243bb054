import type { ResourceHandler } from '#src/reconcile/ports.ts';
import type { Session } from './session.ts';
import { unbuilt } from './unbuilt.ts';

/** AnomalyDetector: nothing plans one yet. */
export function anomalyDetectors(_session: Session): ResourceHandler<'AnomalyDetector'> {
  return unbuilt('AnomalyDetector');
}
