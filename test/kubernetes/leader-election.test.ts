import { describe, expect, test } from 'vitest';
import { ApiError } from '#src/kubernetes/api-error.ts';
import { NotLeading, openFence } from '#src/kubernetes/fence.ts';
import type { Election, ElectionOptions } from '#src/kubernetes/leader-election.ts';
import { createElection } from '#src/kubernetes/leader-election.ts';
import { microTime } from '#src/kubernetes/micro-time.ts';
import type { FakeClock } from '#test/support/fake-clock.ts';
import { fakeClock } from '#test/support/fake-clock.ts';
import type { MemoryLeases } from './memory-leases.ts';
import { memoryLeases } from './memory-leases.ts';
import { recordedMetrics } from './recorded-metrics.ts';
import { settled } from './settled.ts';

interface Candidate {
  readonly election: Election;
  readonly leads: () => boolean;
  readonly lost: string[];
  readonly problems: unknown[];
}

function candidate(
  clock: FakeClock,
  { leases }: MemoryLeases,
  identity: string,
  options: Partial<ElectionOptions> = {},
): Candidate {
  const lost: string[] = [];
  const problems: unknown[] = [];
  const election = createElection({
    leases,
    name: 'leader',
    identity,
    clock,
    random: () => 0.5,
    onLost: (reason) => lost.push(reason),
    onProblem: (error) => problems.push(error),
    ...options,
  });
  election.start();
  return { election, lost, problems, leads: settled(election.elected()) };
}

const outage = new ApiError(0, 'Unreachable', 'the API server cannot be reached');

describe('taking the lease', () => {
  test('the first takes it, with MicroTimes of six digits, and renews it every two seconds', async () => {
    const clock = fakeClock('2026-01-01T00:00:00.123Z');
    const server = memoryLeases();
    const a = candidate(clock, server, 'a');
    await clock.flush();
    expect(a.leads()).toBe(true);
    expect(server.stored('leader')?.spec).toEqual({
      holderIdentity: 'a',
      leaseDurationSeconds: 15,
      acquireTime: '2026-01-01T00:00:00.123000Z',
      renewTime: '2026-01-01T00:00:00.123000Z',
      leaseTransitions: 0,
    });
    await clock.advance(20_000);
    expect(server.calls).toEqual(['get', 'create', ...Array.from({ length: 10 }, () => 'replace')]);
    expect(server.stored('leader')?.spec).toMatchObject({
      acquireTime: '2026-01-01T00:00:00.123000Z',
      renewTime: '2026-01-01T00:00:20.123000Z',
    });
    expect(() => a.election.fence.check()).not.toThrow();
  });

  test('of many at once one leads', async () => {
    const clock = fakeClock();
    const server = memoryLeases();
    const all = ['a', 'b', 'c', 'd'].map((name) => candidate(clock, server, name));
    await clock.advance(120_000);
    expect(all.filter(({ leads }) => leads())).toHaveLength(1);
    expect(all.map(({ election }) => election.holder())).toEqual(
      all.map(() => server.stored('leader')?.spec?.holderIdentity),
    );
    expect(all.filter(({ election }) => election.fence.leading)).toHaveLength(1);
  });

  test('after a crash another takes over once it has seen no change for the duration, whatever the clocks say', async () => {
    const clock = fakeClock('2026-01-01T00:00:00Z');
    const server = memoryLeases();
    // Written by a clock ten years ahead: by its timestamps it would hold until 2036.
    server.put('leader', (lease) => ({
      ...lease,
      spec: {
        holderIdentity: 'dead',
        leaseDurationSeconds: 15,
        acquireTime: microTime(Date.parse('2036-01-01T00:00:00Z')),
        renewTime: microTime(Date.parse('2036-01-01T00:00:00Z')),
        leaseTransitions: 4,
      },
    }));
    const b = candidate(clock, server, 'b');
    await clock.advance(14_999);
    expect(b.leads()).toBe(false);
    // A label does not count as a sign of life.
    server.put('leader', (lease) => ({ ...lease, metadata: { ...lease.metadata, labels: { a: 'b' } } }));
    clock.stepWall(-3_600_000);
    await clock.advance(2400);
    expect(b.leads()).toBe(true);
    expect(server.stored('leader')?.spec).toMatchObject({ holderIdentity: 'b', leaseTransitions: 5 });
    expect(server.stored('leader')?.metadata.labels).toEqual({ a: 'b' });
  });

  test('a lease that is renewed is not taken', async () => {
    const clock = fakeClock();
    const server = memoryLeases();
    candidate(clock, server, 'a');
    await clock.flush();
    const b = candidate(clock, server, 'b');
    await clock.advance(300_000);
    expect(b.leads()).toBe(false);
    expect(server.stored('leader')?.spec).toMatchObject({ holderIdentity: 'a', leaseTransitions: 0 });
  });

  test('attempts are at most 1.2 periods apart', async () => {
    const clock = fakeClock();
    const server = memoryLeases(async () => {
      throw outage;
    });
    candidate(clock, server, 'a', { random: () => 0.999 });
    await clock.advance(24_000);
    expect(server.calls.length).toBeGreaterThanOrEqual(11);
  });
});

describe('keeping it', () => {
  test('a renewal whose answer was lost does not cost the lease', async () => {
    const clock = fakeClock();
    const server = memoryLeases();
    const a = candidate(clock, server, 'a');
    await clock.flush();
    // The server has a newer version than the leader remembers, by the leader's own hand.
    server.put('leader', (lease) => ({ ...lease, spec: { ...lease.spec, renewTime: microTime(clock.now() + 1) } }));
    await clock.advance(2000);
    expect(server.calls.slice(-3)).toEqual(['replace', 'get', 'replace']);
    expect(a.election.fence.leading).toBe(true);
  });

  test('a lease that somebody deleted is made again', async () => {
    const clock = fakeClock();
    const server = memoryLeases();
    const a = candidate(clock, server, 'a');
    await clock.flush();
    server.remove('leader');
    await clock.advance(2000);
    expect(server.stored('leader')?.spec?.holderIdentity).toBe('a');
    expect(a.lost).toEqual([]);
  });

  test('an outage shorter than the deadline is survived, a longer one is not', async () => {
    const clock = fakeClock();
    let down = false;
    const server = memoryLeases(async () => {
      if (down) throw outage;
    });
    const a = candidate(clock, server, 'a');
    await clock.flush();
    down = true;
    await clock.advance(7000);
    expect(() => a.election.fence.check()).not.toThrow();
    down = false;
    await clock.advance(1000); // Renewed at the eighth second.
    down = true;
    await clock.advance(9999);
    expect(a.lost).toEqual([]);
    await clock.advance(1);
    expect(a.lost).toEqual(['the lease leader could not be renewed for 10 s']);
    expect(() => a.election.fence.check()).toThrow(NotLeading);
    // It does not come back: the process is to end.
    down = false;
    await clock.advance(60_000);
    expect(a.lost).toHaveLength(1);
    expect(a.election.fence.leading).toBe(false);
  });

  test('an API server that never answers is given up, and the fence closes in time', async () => {
    const clock = fakeClock();
    let silent = false;
    const server = memoryLeases(async (_call, signal) => {
      if (!silent) return;
      await new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
    });
    const a = candidate(clock, server, 'a');
    await clock.flush();
    silent = true;
    await clock.advance(9999);
    expect(a.election.fence.leading).toBe(true);
    await clock.advance(1);
    expect(() => a.election.fence.check()).toThrow('the lease leader could not be renewed for 10 s');
    await clock.advance(2000);
    expect(a.lost).toHaveLength(1);
    expect(a.problems[0]).toEqual(new Error('the lease leader: the API server did not answer within 5 s'));
  });

  test('a process that stood still is fenced before it does anything, and before another leads', async () => {
    const clock = fakeClock();
    const server = memoryLeases();
    const a = candidate(clock, server, 'a');
    await clock.flush();
    // Another process, with a clock of its own, watches the lease of one that has stopped.
    const other = fakeClock();
    const b = candidate(other, server, 'b');
    await other.advance(10_000);
    expect(b.leads()).toBe(false);
    await other.advance(7400);
    expect(b.leads()).toBe(true);
    // The first wakes up. Its timers have not run yet, but its clock has.
    const stalled = createElection({
      leases: server.leases,
      name: 'other',
      identity: 'c',
      clock: { ...clock, monotonic: () => clock.monotonic() + (woken ? 17_400 : 0) },
      onLost: () => undefined,
    });
    let woken = false;
    stalled.start();
    await clock.flush();
    expect(stalled.fence.leading).toBe(true);
    woken = true;
    expect(() => stalled.fence.check()).toThrow(NotLeading);
    // And the real one finds out by reading.
    await clock.advance(2000);
    expect(a.lost).toEqual(['the lease leader was taken by b']);
  });
});

describe('letting go', () => {
  test('a leader that stops hands over within 1.2 periods', async () => {
    const clock = fakeClock();
    const server = memoryLeases();
    const a = candidate(clock, server, 'a');
    await clock.flush();
    const b = candidate(clock, server, 'b', { random: () => 0.999 });
    await clock.advance(5000);
    await a.election.stop();
    expect(server.stored('leader')?.spec).toMatchObject({ holderIdentity: '', leaseDurationSeconds: 1 });
    expect(() => a.election.fence.check()).toThrow('a does not lead: it has stopped');
    await clock.advance(2400);
    expect(b.leads()).toBe(true);
    expect(a.lost).toEqual([]);
  });

  test('one that does not lead leaves the lease alone', async () => {
    const clock = fakeClock();
    const server = memoryLeases();
    candidate(clock, server, 'a');
    await clock.flush();
    const b = candidate(clock, server, 'b');
    await clock.flush();
    await b.election.stop();
    await clock.advance(10_000);
    expect(server.stored('leader')?.spec?.holderIdentity).toBe('a');
    expect(b.leads()).toBe(false);
  });

  test('stopping while the API server is away takes no longer than one attempt', async () => {
    const clock = fakeClock();
    let silent = false;
    const server = memoryLeases(async (_call, signal) => {
      if (!silent) return;
      await new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
    });
    const a = candidate(clock, server, 'a');
    await clock.flush();
    silent = true;
    const stopped = settled(a.election.stop());
    await clock.advance(5000);
    expect(stopped()).toBe(true);
    expect(a.problems).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });
});

test('who leads is measured', async () => {
  const metrics = recordedMetrics();
  const clock = fakeClock();
  const a = candidate(clock, memoryLeases(), 'a', { metrics });
  await clock.flush();
  expect(metrics.value('leader_election_master_status', { name: 'leader' })).toBe(1);
  await a.election.stop();
  expect(metrics.value('leader_election_master_status', { name: 'leader' })).toBe(0);
});

test('times that cannot work are refused, and identities differ', () => {
  const { leases } = memoryLeases();
  const make = (more: Partial<ElectionOptions>) =>
    createElection({ leases, name: 'x', clock: fakeClock(), onLost: () => undefined, ...more });
  expect(() => make({ renewDeadlineMs: 15_000 })).toThrow('lease duration > renew deadline');
  expect(() => make({ retryPeriodMs: 9000 })).toThrow('retry period');
  expect(make({}).identity).not.toBe(make({}).identity);
  expect(() => openFence.check()).not.toThrow();
});
