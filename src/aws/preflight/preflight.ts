import type { Preflight } from '#src/reconcile/ports.ts';
import type { Session } from '../session.ts';
import { checkBucket } from './bucket.ts';
import type { Denials } from './inspection.ts';
import { createInspection } from './inspection.ts';
import { checkKey } from './key.ts';
import { checkLoggingRole } from './logging-role.ts';
import { checkTopic } from './topic.ts';

/** Looks at roles, buckets, keys and topics that others made, by reading only. */
export function createPreflight(session: Session, identityARN: string, denials: Denials): Preflight {
  const inspection = createInspection(session, identityARN, denials);
  return {
    async check(dependency, signal) {
      switch (dependency.kind) {
        case 'LoggingRole':
          return checkLoggingRole(inspection, dependency, signal);
        case 'Bucket':
          return checkBucket(inspection, dependency, signal);
        case 'KMSKey':
        case 'BucketKey':
          return checkKey(inspection, dependency, signal);
        case 'Topic':
          return checkTopic(inspection, dependency, signal);
      }
    },
  };
}
