import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { isAlreadyExists, isConflict, isNotFound } from './api-error.ts';
import type { Clock } from './clock.ts';
import { sleep } from './clock.ts';
import { deadline, orAborted } from './deadline.ts';
import type { Fence } from './fence.ts';
import { NotLeading } from './fence.ts';
import type { Lease, LeaseSpec, Leases } from './lease.ts';
import type { Metrics } from './metrics.ts';
import { noMetrics } from './metrics.ts';
import { microTime } from './micro-time.ts';

export interface ElectionOptions {
  readonly leases: Leases;
  /** Of the Lease. */
  readonly name: string;
  /** Unique to the process; default `hostname_uuid`. */
  readonly identity?: string;
  readonly clock: Clock;
  readonly random?: () => number;
  /** Others take over this long after they last saw a renewal; default 15 s. */
  readonly leaseDurationMs?: number;
  /** Without a renewal for this long the process stops leading; default 10 s. Must be less than the duration. */
  readonly renewDeadlineMs?: number;
  /** Between attempts; default 2 s. */
  readonly retryPeriodMs?: number;
  /** Leadership is gone for good: the process must end, without finishing its work. Called at most once. */
  readonly onLost: (reason: string) => void;
  /** An attempt failed and is repeated. */
  readonly onProblem?: (error: unknown) => void;
  readonly metrics?: Metrics;
}

export interface Election {
  /** Starts to compete. */
  start(): void;
  /** Resolves once this process leads; rejects with the signal's reason. */
  elected(signal?: AbortSignal): Promise<void>;
  /** Who leads, as last seen; absent where nobody does. */
  holder(): string | undefined;
  readonly identity: string;
  readonly fence: Fence;
  /** Stops competing; a leader lets go, so that another takes over at once. Call it once the workers have drained. */
  stop(): Promise<void>;
}

/** Attempts of candidates are up to this many periods apart, so that they do not march in step. */
const jitterFactor = 1.2;

/**
 * Leader election on a Lease, as client-go does it (tools/leaderelection).
 *
 * Guarantees: whether a foreign Lease still holds is judged by when *we* last saw it change, on the monotonic clock,
 * so clocks need not agree. `fence.check()` throws once `renewDeadlineMs` have passed since the last successful
 * renewal was *sent*, which is before anybody else may take over, however long this process stood still.
 */
export function createElection(options: ElectionOptions): Election {
  const { leases, name, clock, onLost, onProblem, random = Math.random, metrics = noMetrics } = options;
  const { leaseDurationMs = 15_000, renewDeadlineMs = 10_000, retryPeriodMs = 2000 } = options;
  const identity = options.identity ?? `${hostname()}_${randomUUID()}`;
  if (renewDeadlineMs >= leaseDurationMs || retryPeriodMs * jitterFactor >= renewDeadlineMs) {
    throw new Error('leader election: lease duration > renew deadline > 1.2 times the retry period must hold');
  }
  const stopping = new AbortController();
  const won = Promise.withResolvers<void>();
  let running: Promise<void> | undefined;
  /** The Lease as last read or written, and when it was last seen to change. */
  let seen: Lease | undefined;
  let changedAt = 0;
  let renewedAt: number | undefined;
  /** Why it does not lead any more. */
  let ended: string | undefined;

  const fenced = () => renewedAt === undefined || clock.monotonic() - renewedAt >= renewDeadlineMs;
  const fence: Fence = {
    check() {
      if (ended !== undefined) throw new NotLeading(`${identity} does not lead: ${ended}`);
      if (renewedAt === undefined) throw new NotLeading(`${identity} does not lead`);
      if (fenced()) throw new NotLeading(`${identity} could not renew its lease for ${renewDeadlineMs / 1000} s`);
    },
    get leading() {
      return ended === undefined && !fenced();
    },
  };

  const see = (lease: Lease | undefined) => {
    // Only what candidates write counts: somebody's label must not keep a dead leader alive.
    if (JSON.stringify(lease?.spec) !== JSON.stringify(seen?.spec)) changedAt = clock.monotonic();
    seen = lease;
  };

  const isHeldByOther = (lease: Lease): boolean => {
    const { holderIdentity, leaseDurationSeconds } = lease.spec ?? {};
    if (!holderIdentity || holderIdentity === identity) return false;
    const validMs = leaseDurationSeconds === undefined ? leaseDurationMs : leaseDurationSeconds * 1000;
    return clock.monotonic() < changedAt + validMs;
  };

  const ours = (before: LeaseSpec | undefined): LeaseSpec => {
    const now = microTime(clock.now());
    const mine = before?.holderIdentity === identity;
    const transitions = before?.leaseTransitions ?? 0;
    return {
      holderIdentity: identity,
      leaseDurationSeconds: Math.ceil(leaseDurationMs / 1000),
      acquireTime: (mine ? before.acquireTime : undefined) ?? now,
      renewTime: now,
      leaseTransitions: before && !mine ? transitions + 1 : transitions,
    };
  };

  /** One attempt to take or renew. False: somebody else holds it. */
  const attempt = async (signal: AbortSignal, again = true): Promise<boolean> => {
    if (seen?.spec?.holderIdentity !== identity) see(await leases.get(name, signal));
    if (seen && isHeldByOther(seen)) return false;
    const sentAt = clock.monotonic();
    try {
      see(
        seen
          ? await leases.replace({ ...seen, spec: ours(seen.spec) }, signal)
          : await leases.create({ metadata: { name }, spec: ours(undefined) }, signal),
      );
    } catch (error) {
      if (!isConflict(error) && !isAlreadyExists(error) && !isNotFound(error)) throw error;
      // Not what we remembered: written by somebody else, or by an attempt of ours whose answer was lost.
      see(await leases.get(name, signal));
      return again && attempt(signal, false);
    }
    renewedAt = sentAt;
    return true;
  };

  const attemptWithin = async (ms: number): Promise<boolean> => {
    const limit = deadline(clock, ms, stopping.signal);
    try {
      return await attempt(limit.signal);
    } catch (error) {
      if (stopping.signal.aborted) return false;
      const late = `the lease ${name}: the API server did not answer within ${Math.round(ms / 100) / 10} s`;
      onProblem?.(limit.expired ? new Error(late, { cause: error }) : error);
      return false;
    } finally {
      limit.clear();
    }
  };
  // client-go: the lock's client gives up after half the renew deadline, so that a renewal has two chances.
  const attemptMs = Math.max(1000, renewDeadlineMs / 2);
  const pause = () => sleep(clock, retryPeriodMs * (1 + (jitterFactor - 1) * random()), stopping.signal);

  const lose = (reason: string) => {
    ended = reason;
    metrics.set('leader_election_master_status', { name }, 0);
    onLost(reason);
  };

  const run = async () => {
    metrics.set('leader_election_master_status', { name }, 0);
    while (!(await attemptWithin(attemptMs))) {
      await pause();
      if (stopping.signal.aborted) return;
    }
    if (stopping.signal.aborted) return;
    metrics.set('leader_election_master_status', { name }, 1);
    won.resolve();
    for (;;) {
      await sleep(clock, retryPeriodMs, stopping.signal);
      if (stopping.signal.aborted) return;
      const left = renewDeadlineMs - (clock.monotonic() - (renewedAt ?? 0));
      if (left > 0 && (await attemptWithin(Math.min(attemptMs, left)))) continue;
      if (stopping.signal.aborted) return;
      if (seen && isHeldByOther(seen)) return lose(`the lease ${name} was taken by ${seen.spec?.holderIdentity}`);
      if (fenced()) return lose(`the lease ${name} could not be renewed for ${renewDeadlineMs / 1000} s`);
    }
  };

  const release = async () => {
    if (!fence.leading) return;
    ended = 'it has stopped';
    const limit = deadline(clock, attemptMs);
    try {
      // Read first: an attempt that was cut off may have written.
      const lease = await leases.get(name, limit.signal);
      if (lease?.spec?.holderIdentity !== identity) return;
      const now = microTime(clock.now());
      // A duration of 0 is refused; client-go writes 1 s too.
      const spec = { ...lease.spec, holderIdentity: '', leaseDurationSeconds: 1, acquireTime: now, renewTime: now };
      await leases.replace({ ...lease, spec }, limit.signal);
    } catch (error) {
      onProblem?.(error); // It runs out by itself.
    } finally {
      limit.clear();
    }
  };

  return {
    start() {
      running ??= run();
    },
    elected: (signal) => (signal ? orAborted(won.promise, signal) : won.promise),
    holder: () => seen?.spec?.holderIdentity || undefined,
    identity,
    fence,
    async stop() {
      stopping.abort(new Error('the election is stopped'));
      await running;
      await release();
      ended ??= 'it has stopped';
      metrics.set('leader_election_master_status', { name }, 0);
    },
  };
}
