import type { Trouble } from '#src/domain/result.ts';
import { awsName, classify } from '../errors.ts';
import type { Input, OperationName, Output } from '../operations.ts';
import type { Session } from '../session.ts';

/** What a read of preflight may not do is not asked for again so soon. */
const DENIED_MS = 600_000;

/** Until when, in monotonic milliseconds, an account denies a read. One for the process. */
export type Denials = Map<string, number>;

/**
 * What a read found: AWS's answer; that it is not there; of a bucket's setting, that the bucket is not there, or is in
 * another Region; or nothing that could be told.
 */
export type Found<T> = { readonly answer: T } | 'Absent' | 'NoBucket' | 'Elsewhere' | 'Unknown';

/** A session that reads what others made: what may not be read cannot be told, and is no error. */
export interface Inspection {
  readonly session: Session;
  /** As whom: GetCallerIdentity's ARN. */
  readonly identityARN: string;
  /** Aborts, and errors that are not AWS's, are thrown. */
  read<N extends OperationName>(
    name: N,
    resource: string,
    input: Input<N>,
    signal: AbortSignal,
  ): Promise<Found<Output<N>>>;
}

/** S3's own words; a redirect has no other meaning. */
const bucketAnswers: Readonly<Record<string, 'NoBucket' | 'Elsewhere'>> = {
  NoSuchBucket: 'NoBucket',
  PermanentRedirect: 'Elsewhere',
  AuthorizationHeaderMalformed: 'Elsewhere',
};

export function createInspection(session: Session, identityARN: string, denials: Denials): Inspection {
  return {
    session,
    identityARN,
    async read(name, resource, input, signal) {
      const key = `${session.place.accountID}/${name}`;
      const now = session.clock.monotonic();
      if ((denials.get(key) ?? 0) > now) return 'Unknown';
      try {
        return { answer: await session.call(name, resource, input, signal) };
      } catch (error) {
        if (signal.aborted) throw error;
        const special = bucketAnswers[awsName(error)];
        if (special !== undefined) return special;
        const kind = classify(error);
        if (kind === 'Unknown') throw error;
        if (kind === 'Absent') return 'Absent';
        if (kind === 'Denied') denials.set(key, now + DENIED_MS);
        return 'Unknown';
      }
    },
  };
}

/** A finding on which a person must act. */
export function stalled(reason: Trouble['reason'], message: string): Trouble {
  return { kind: 'stall', reason, message };
}
