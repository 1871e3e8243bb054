import type { Trouble } from '#src/domain/result.ts';
import { awsName, classify, isUnanswered } from '../errors.ts';
import type { Input, OperationName, Output, ServiceName } from '../operations.ts';
import { serviceOf } from '../operations.ts';
import type { Session } from '../session.ts';

/** What a read of preflight may not see, or cannot reach, is not asked for again so soon. */
const CLOSED_MS = 600_000;

/** Until when, in monotonic milliseconds, a read is not tried. One for the process. */
export type Denials = Map<string, number>;

/**
 * What a read found: AWS's answer; that it is not there; of a bucket's setting, that the bucket is not there, or is in
 * another Region; or nothing that could be told.
 */
type Found<T> = { readonly answer: T } | Fact | 'Unknown';
type Fact = 'Absent' | 'NoBucket' | 'Elsewhere';

/**
 * A session that reads what others made. What may not be read cannot be told, and is no error: then the write's own
 * answer tells. So none of these permissions is needed.
 */
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

/**
 * The errors that say something of what was asked for, each service in its own words. Any other, even with status 404,
 * says nothing: an emulator may not have the call at all.
 */
const facts: Partial<Record<ServiceName, Readonly<Record<string, Fact>>>> = {
  iam: { NoSuchEntity: 'Absent', NoSuchEntityException: 'Absent' },
  kms: { NotFoundException: 'Absent' },
  sns: { NotFound: 'Absent', NotFoundException: 'Absent' },
  s3: {
    NoSuchBucketPolicy: 'Absent',
    NoSuchBucket: 'NoBucket',
    PermanentRedirect: 'Elsewhere',
    AuthorizationHeaderMalformed: 'Elsewhere',
  },
};

export function createInspection(session: Session, identityARN: string, denials: Denials): Inspection {
  const { clock, place } = session;
  const isClosed = (key: string) => (denials.get(key) ?? 0) > clock.monotonic();
  const close = (key: string) => {
    const now = clock.monotonic();
    for (const [old, until] of denials) if (until <= now) denials.delete(old);
    denials.set(key, now + CLOSED_MS);
  };
  return {
    session,
    identityARN,
    async read(name, resource, input, signal) {
      const service = serviceOf(name);
      // A resource that its owner closes to us says nothing of others, nor of who else may read it.
      const asUs = `${identityARN} ${name} ${resource}`;
      const there = `${place.accountID} ${place.region} ${service}`;
      if (isClosed(asUs) || isClosed(there)) return 'Unknown';
      try {
        return { answer: await session.call(name, resource, input, signal) };
      } catch (error) {
        if (signal.aborted) throw error;
        const fact = facts[service]?.[awsName(error)];
        if (fact !== undefined) return fact;
        const kind = classify(error);
        if (kind === 'Unknown') throw error;
        if (kind === 'Denied' || kind === 'Unavailable') close(asUs);
        // A cluster without a way to IAM, say, would lose the time-outs at every pass.
        if (isUnanswered(error)) close(there);
        return 'Unknown';
      }
    },
  };
}

/** A finding on which a person must act. */
export function stalled(reason: Trouble['reason'], message: string): Trouble {
  return { kind: 'stall', reason, message };
}
