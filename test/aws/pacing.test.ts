import { describe, expect, test } from 'vitest';
import { createPacer } from '#src/aws/pacing.ts';
import type { Lane } from '#src/reconcile/ports.ts';
import { fakeClock } from '#test/support/fake-clock.ts';

const budget = { key: 'cloudwatch:PutMetricAlarm in account 1, r', perSecond: 3 };
const { signal } = new AbortController();

describe('pacing', () => {
  test('no window of a second has more calls than the quota, from the first on', async () => {
    const { clock, times } = await served(30, 'Edit');
    expect(times[0]).toBe(0);
    for (const [index, at] of times.entries()) {
      expect((times[index + budget.perSecond] ?? Number.POSITIVE_INFINITY) - at).toBeGreaterThanOrEqual(1000);
    }
    // And it is not much slower than that: 3 x 0.9 a second.
    expect(clock.monotonic()).toBeLessThan((30 / (3 * 0.9)) * 1000 + 1000);
  });

  test('budgets do not wait for each other', async () => {
    const clock = fakeClock();
    const pacer = createPacer(clock);
    await pacer.turn(budget, 'Edit', signal);
    await pacer.turn({ ...budget, key: 'other' }, 'Edit', signal);
    expect(clock.monotonic()).toBe(0);
  });

  test('an edit overtakes background checks, and a check that has waited long is an edit', async () => {
    const clock = fakeClock();
    const pacer = createPacer(clock);
    const order: string[] = [];
    const ask = (who: string, lane: Lane) => pacer.turn(budget, lane, signal).then(() => order.push(who));
    void ask('first', 'Edit');
    void ask('state', 'State');
    void ask('drift', 'Drift');
    void ask('error', 'Error');
    void ask('edit', 'Edit');
    await clock.advance(1_500);
    expect(order).toEqual(['first', 'edit', 'error', 'drift', 'state']);
    order.length = 0;
    void ask('old check', 'State');
    // More edits than the rate serves, so that something always waits.
    for (let second = 0; second < 14; second += 1) {
      for (let call = 0; call < 3; call += 1) void ask('edit', 'Edit');
      await clock.advance(1_000);
    }
    expect(order).toContain('old check');
  });

  test('throttling halves the rate, once a second at most, and success brings it back', async () => {
    const clock = fakeClock();
    const pacer = createPacer(clock);
    const gap = async () => {
      const from = clock.monotonic();
      await settled(clock, pacer.turn(budget, 'Edit', signal));
      return clock.monotonic() - from;
    };
    await pacer.turn(budget, 'Edit', signal);
    const normal = await gap();
    pacer.throttled(budget);
    pacer.throttled(budget);
    expect(await gap()).toBeCloseTo(2 * normal);
    for (let calls = 0; calls < 25; calls += 1) pacer.answered(budget);
    await gap();
    expect(await gap()).toBeCloseTo(normal);
  });

  test('whoever waits for half a minute is told how many wait, and for how long', async () => {
    const clock = fakeClock();
    const pacer = createPacer(clock);
    const turns = Array.from({ length: 200 }, () =>
      pacer.turn(budget, 'Edit', signal).catch((error: unknown) => error),
    );
    await clock.advance(31_000);
    expect(await turns.at(-1)).toMatchObject({
      name: 'Waiting',
      reason: 'Paced',
      message: expect.stringMatching(/cloudwatch:PutMetricAlarm.*\d+ calls wait, about \d+ s/),
    });
    expect(clock.pending).toBe(0);
  });

  test('an aborted wait leaves the queue', async () => {
    const clock = fakeClock();
    const pacer = createPacer(clock);
    const controller = new AbortController();
    await pacer.turn(budget, 'Edit', signal);
    const gone = pacer.turn(budget, 'Edit', controller.signal).catch((error: unknown) => error);
    const next = pacer.turn(budget, 'Edit', signal);
    const reason = new Error('over');
    controller.abort(reason);
    await settled(clock, next);
    expect(await gone).toBe(reason);
    expect(clock.monotonic()).toBeLessThan(500);
    await expect(pacer.turn(budget, 'Edit', controller.signal)).rejects.toBe(reason);
  });
});

async function served(count: number, lane: Lane) {
  const clock = fakeClock();
  const pacer = createPacer(clock);
  const times: number[] = [];
  const all = Array.from({ length: count }, () =>
    pacer.turn(budget, lane, signal).then(() => times.push(clock.monotonic())),
  );
  await settled(clock, Promise.all(all));
  return { clock, times };
}

async function settled(clock: ReturnType<typeof fakeClock>, work: Promise<unknown>): Promise<void> {
  const progress = { done: false };
  const watched = work.finally(() => {
    progress.done = true;
  });
  await clock.flush();
  while (!progress.done) await clock.advance(clock.untilNext ?? 0);
  await watched;
}
