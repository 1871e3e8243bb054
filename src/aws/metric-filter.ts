import type { ResourceHandler } from '#src/reconcile/ports.ts';
import type { Session } from './session.ts';
import { unbuilt } from './unbuilt.ts';

/** MetricFilter: nothing plans one yet. */
export function metricFilters(_session: Session): ResourceHandler<'MetricFilter'> {
  return unbuilt('MetricFilter');
}
