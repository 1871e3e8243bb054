import type { ResourceHandler } from '#src/reconcile/ports.ts';
import type { Session } from './session.ts';
import { unbuilt } from './unbuilt.ts';

/** LoggingBucket: nothing plans one yet. */
export function loggingBuckets(_session: Session): ResourceHandler<'LoggingBucket'> {
  return unbuilt('LoggingBucket');
}
