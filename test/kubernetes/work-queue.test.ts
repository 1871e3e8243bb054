import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { backoffMs } from '#src/kubernetes/backoff.ts';
import { createHeap } from '#src/kubernetes/heap.ts';
import type { WorkQueue, WorkQueueOptions } from '#src/kubernetes/work-queue.ts';
import { createWorkQueue } from '#src/kubernetes/work-queue.ts';
import type { FakeClock } from '#test/support/fake-clock.ts';
import { fakeClock } from '#test/support/fake-clock.ts';
import { recordedMetrics } from './recorded-metrics.ts';
import { settled } from './settled.ts';

function rig(options: Partial<WorkQueueOptions> = {}): { queue: WorkQueue; clock: FakeClock } {
  const clock = fakeClock();
  return { clock, queue: createWorkQueue({ name: 'widgets', clock, random: () => 0, ...options }) };
}

/** Takes and finishes whatever is ready, in order. */
async function takeAll(queue: WorkQueue): Promise<string[]> {
  const keys: string[] = [];
  while (queue.stats().waiting > 0) {
    const work = await queue.take();
    if (!work) break;
    keys.push(`${work.key}:${work.priority}`);
    queue.done(work.key);
  }
  return keys;
}

describe('one key', () => {
  test('added many times while it waits, it runs once', async () => {
    const { queue } = rig();
    for (let n = 0; n < 5; n += 1) queue.add('a');
    expect(await takeAll(queue)).toEqual(['a:0']);
  });

  test('added while it runs, it runs once more afterwards and never beside itself', async () => {
    const { queue } = rig();
    queue.add('a');
    await queue.take();
    queue.add('a', 2);
    queue.add('a', 1);
    expect(queue.stats()).toMatchObject({ waiting: 0, running: 1 });
    queue.done('a');
    expect(await takeAll(queue)).toEqual(['a:2']);
  });

  test('of several delayed wishes the earliest wins, of several priorities the highest', async () => {
    const { queue, clock } = rig();
    queue.addAfter('a', 5000, 1);
    queue.addAfter('a', 9000, 3);
    queue.addAfter('a', 7000, 2);
    await clock.advance(4999);
    expect(queue.stats()).toMatchObject({ waiting: 0, delayed: 1 });
    await clock.advance(1);
    expect(await takeAll(queue)).toEqual(['a:3']);
    await clock.advance(60_000);
    expect(queue.stats()).toMatchObject({ waiting: 0, delayed: 0 });
    expect(clock.pending).toBe(0);
  });

  test('an immediate wish grants the delayed one', async () => {
    const { queue, clock } = rig();
    queue.addAfter('a', 5000, 4);
    queue.add('a');
    expect(await takeAll(queue)).toEqual(['a:4']);
    await clock.advance(5000);
    expect(await takeAll(queue)).toEqual([]);
  });

  test('a delayed wish made while it runs waits its time', async () => {
    const { queue, clock } = rig();
    queue.add('a');
    await queue.take();
    queue.addAfter('a', 1000);
    queue.done('a');
    expect(queue.stats()).toMatchObject({ waiting: 0, delayed: 1 });
    await clock.advance(1000);
    expect(await takeAll(queue)).toEqual(['a:0']);
  });

  test('a delayed wish that falls due while it runs is not lost', async () => {
    const { queue, clock } = rig();
    queue.add('a');
    await queue.take();
    queue.addAfter('a', 1000);
    await clock.advance(1000);
    expect(queue.stats()).toMatchObject({ waiting: 0, delayed: 0, running: 1 });
    queue.done('a');
    expect(await takeAll(queue)).toEqual(['a:0']);
  });

  test('failures double its wait up to the cap, until they are forgotten', async () => {
    const { queue } = rig({ backoff: { baseMs: 100, capMs: 1000, jitter: 0 } });
    expect(Array.from({ length: 6 }, () => queue.retry('a'))).toEqual([100, 200, 400, 800, 1000, 1000]);
    expect(queue.failures('a')).toBe(6);
    queue.forget('a');
    expect(queue.retry('a')).toBe(100);
  });
});

describe('many keys', () => {
  test('highest priority first, then first come, first served', async () => {
    const { queue } = rig();
    queue.add('low', 0);
    queue.add('a', 1);
    queue.add('b', 1);
    queue.add('high', 2);
    queue.add('low2', 0);
    queue.add('low2', 1);
    expect(await takeAll(queue)).toEqual(['high:2', 'a:1', 'b:1', 'low2:1', 'low:0']);
  });

  test('whoever waits rises: a low key is served among endless high ones', async () => {
    const { queue, clock } = rig({ ageingMs: 1000 });
    queue.add('low', 0);
    let rounds = 0;
    for (let served = ''; served !== 'low' && rounds < 100; rounds += 1) {
      queue.add(`high${rounds}`, 10);
      served = (await queue.take())?.key ?? '';
      queue.done(served);
      await clock.advance(500);
    }
    // After ten seconds it is as high as the newcomer, and older.
    expect(rounds).toBe(21);
  });

  test('a waiting worker gets the next key at once', async () => {
    const { queue, clock } = rig();
    const first = queue.take();
    const second = queue.take();
    queue.add('a');
    queue.addAfter('b', 10);
    expect(await first).toEqual({ key: 'a', priority: 0 });
    await clock.advance(10);
    expect(await second).toEqual({ key: 'b', priority: 0 });
  });

  test('wishes granted early leave nothing behind', async () => {
    const { queue, clock } = rig();
    for (let n = 0; n < 1000; n += 1) {
      queue.addAfter('a', 36_000_000);
      queue.add('a');
      await takeAll(queue);
    }
    expect(queue.stats()).toMatchObject({ waiting: 0, delayed: 0, running: 0 });
    expect(clock.pending).toBeLessThanOrEqual(1);
  });
});

describe('the end', () => {
  test('workers are sent home, new wishes are ignored, and draining waits for what runs', async () => {
    const { queue, clock } = rig();
    queue.add('a');
    queue.add('b');
    await queue.take();
    const idle = rig().queue;
    const waiting = idle.take();
    idle.shutdown();
    expect(await waiting).toBeUndefined();
    queue.shutdown();
    queue.add('c');
    queue.addAfter('d', 1);
    expect(await queue.take()).toBeUndefined();
    const drained = settled(queue.drained());
    await clock.flush();
    expect(drained()).toBe(false);
    queue.done('a');
    await clock.flush();
    expect(drained()).toBe(true);
    expect(clock.pending).toBe(0);
  });
});

test('metrics are those of controller-runtime', async () => {
  const metrics = recordedMetrics();
  const { queue, clock } = rig({ metrics });
  queue.add('a', 1);
  queue.add('b', 1);
  expect(metrics.value('workqueue_depth', { name: 'widgets', controller: 'widgets', priority: '1' })).toBe(2);
  await clock.advance(2000);
  await queue.take();
  await clock.advance(3000);
  expect(queue.stats()).toMatchObject({ longestRunningMs: 3000, unfinishedMs: 3000 });
  queue.done('a');
  queue.retry('a');
  const labels = { name: 'widgets', controller: 'widgets' };
  expect(metrics.value('workqueue_depth', { ...labels, priority: '1' })).toBe(1);
  expect(metrics.value('workqueue_adds_total', labels)).toBe(3);
  expect(metrics.value('workqueue_retries_total', labels)).toBe(1);
  expect(metrics.observed('workqueue_queue_duration_seconds')).toEqual([2]);
  expect(metrics.observed('workqueue_work_duration_seconds')).toEqual([3]);
});

test('backoff: jitter only shortens, and the cap holds for ever', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5000 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (failures, random) => {
        const ms = backoffMs({ baseMs: 1000, capMs: 300_000, jitter: 0.2 }, failures, random);
        const whole = Math.min(1000 * 2 ** Math.min(failures - 1, 40), 300_000);
        expect(ms).toBeLessThanOrEqual(whole);
        expect(ms).toBeGreaterThanOrEqual(whole * 0.8);
      },
    ),
  );
});

test('heap: pops in order, whatever was pushed', () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), (numbers) => {
      const heap = createHeap<number>((a, b) => a < b);
      for (const n of numbers) heap.push(n);
      expect(heap.size).toBe(numbers.length);
      expect(numbers.map(() => heap.pop())).toEqual([...numbers].sort((a, b) => a - b));
      expect(heap.pop()).toBeUndefined();
    }),
  );
});

/** Any order of calls: no key is given out twice at a time, and every add is followed by a run that began later. */
test('no run is lost and none overlaps, whatever happens', async () => {
  const key = fc.constantFrom('a', 'b', 'c');
  const command = fc.oneof(
    fc.record({ do: fc.constant('add' as const), key, priority: fc.integer({ min: 0, max: 3 }) }),
    fc.record({ do: fc.constant('addAfter' as const), key, delayMs: fc.integer({ min: 0, max: 50 }) }),
    fc.record({ do: fc.constant('take' as const) }),
    fc.record({ do: fc.constant('done' as const), key }),
    fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 60 }) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(command, { maxLength: 60 }), async (commands) => {
      const { queue, clock } = rig();
      const running = new Set<string>();
      const owed = new Set<string>();
      const take = async () => {
        if (queue.stats().waiting === 0) return;
        const work = await queue.take();
        if (!work) return;
        expect(running.has(work.key)).toBe(false);
        running.add(work.key);
        owed.delete(work.key);
      };
      for (const step of commands) {
        if (step.do === 'add') {
          queue.add(step.key, step.priority);
          owed.add(step.key);
        } else if (step.do === 'addAfter') {
          queue.addAfter(step.key, step.delayMs);
          owed.add(step.key);
        } else if (step.do === 'take') await take();
        else if (step.do === 'wait') await clock.advance(step.ms);
        else if (running.delete(step.key)) queue.done(step.key);
      }
      for (const one of running) queue.done(one);
      running.clear();
      await clock.advance(100);
      while (queue.stats().waiting > 0) {
        await take();
        for (const one of running) queue.done(one);
        running.clear();
      }
      expect([...owed]).toEqual([]);
      expect(queue.stats()).toMatchObject({ waiting: 0, delayed: 0, running: 0 });
    }),
    { numRuns: 200 },
  );
});
