import type { ResourceHandler } from '#src/reconcile/ports.ts';
import type { Session } from './session.ts';
import { unbuilt } from './unbuilt.ts';

/** SubscriptionFilter: nothing plans one yet. */
export function subscriptionFilters(_session: Session): ResourceHandler<'SubscriptionFilter'> {
  return unbuilt('SubscriptionFilter');
}
