import { describe, expect, test } from 'vitest';
import type { ControllerOptions, Next, Pass } from '#src/kubernetes/controller.ts';
import { createController } from '#src/kubernetes/controller.ts';
import { createWorkQueue } from '#src/kubernetes/work-queue.ts';
import { fakeClock } from '#test/support/fake-clock.ts';
import { recordedMetrics } from './recorded-metrics.ts';
import { settled } from './settled.ts';

function rig(reconcile: (key: string, pass: Pass) => Next | Promise<Next>, options: Partial<ControllerOptions> = {}) {
  const clock = fakeClock();
  const metrics = recordedMetrics();
  const backoff = { baseMs: 1000, capMs: 60_000, jitter: 0 };
  const queue = createWorkQueue({ name: 'widgets', clock, backoff, metrics });
  const passes: string[] = [];
  const errors: unknown[] = [];
  let ids = 0;
  const controller = createController({
    name: 'widgets',
    queue,
    workers: 1,
    clock,
    metrics,
    newID: () => `id-${(ids += 1)}`,
    onError: (error, key, id) => errors.push(`${key} ${id} ${String(error)}`),
    reconcile: async (key, pass) => {
      passes.push(`${key}:${pass.priority}@${clock.monotonic()}`);
      return reconcile(key, pass);
    },
    ...options,
  });
  controller.start();
  const total = (result: string) =>
    metrics.value('controller_runtime_reconcile_total', { controller: 'widgets', result });
  return { clock, metrics, queue, controller, passes, errors, total };
}

const rest: Next = { kind: 'rest' };

describe('what a pass wants next', () => {
  test('rest: nothing happens until somebody adds the key', async () => {
    const { queue, clock, passes, total } = rig(() => rest);
    queue.add('a', 3);
    await clock.advance(36_000_000);
    expect(passes).toEqual(['a:3@0']);
    expect(total('success')).toBe(1);
  });

  test('recheck: later, at the same priority unless another is given', async () => {
    const answers: Next[] = [{ kind: 'recheck', afterMs: 5000 }, { kind: 'recheck', afterMs: 7000, priority: 0 }, rest];
    const { queue, clock, passes, total } = rig(() => answers.shift() ?? rest);
    queue.add('a', 2);
    await clock.advance(60_000);
    expect(passes).toEqual(['a:2@0', 'a:2@5000', 'a:0@12000']);
    expect(total('requeue_after')).toBe(2);
  });

  test('retry: after a growing wait, or after the one given', async () => {
    const answers: Next[] = [
      { kind: 'retry' },
      { kind: 'retry' },
      { kind: 'retry', afterMs: 10 },
      { kind: 'retry' },
      { kind: 'recheck', afterMs: 1 },
      { kind: 'retry' },
      rest,
    ];
    const { queue, clock, passes, total } = rig(() => answers.shift() ?? rest);
    queue.add('a', 1);
    await clock.advance(60_000);
    // 1 s, 2 s, as given, then the fourth failure's 8 s; after a success the first again.
    expect(passes).toEqual(['a:1@0', 'a:1@1000', 'a:1@3000', 'a:1@3010', 'a:1@11010', 'a:1@11011', 'a:1@12011']);
    expect(total('requeue')).toBe(5);
  });

  test('a throw is counted, reported and retried at the same priority; others go on', async () => {
    const { queue, clock, passes, errors, total, metrics } = rig((key) => {
      if (key === 'bad' && passes.length < 3) throw new Error('broken');
      return rest;
    });
    queue.add('bad', 5);
    queue.add('good');
    await clock.advance(1000);
    expect(passes).toEqual(['bad:5@0', 'good:0@0', 'bad:5@1000']);
    expect(errors).toEqual(['bad id-1 Error: broken']);
    expect([total('error'), total('success')]).toEqual([1, 2]);
    expect(metrics.value('controller_runtime_reconcile_errors_total', { controller: 'widgets' })).toBe(1);
    expect(metrics.value('controller_runtime_reconcile_panics_total', { controller: 'widgets' })).toBe(0);
  });

  test('even a thrown string, and a reporter that throws, stay inside', async () => {
    const { queue, clock, passes, metrics } = rig(
      () => {
        // oxlint-disable-next-line no-throw-literal, typescript/only-throw-error -- a dependency may do it
        throw 'a string';
      },
      {
        onError: () => {
          throw new Error('the reporter too');
        },
      },
    );
    queue.add('a');
    await clock.advance(1000);
    expect(passes).toEqual(['a:0@0', 'a:0@1000']);
    expect(metrics.value('controller_runtime_reconcile_panics_total', { controller: 'widgets' })).toBe(2);
  });
});

test('a key is never with two workers, and different keys are', async () => {
  let most = 0;
  const now = new Map<string, number>();
  const { queue, clock, controller } = rig(
    async (key, { signal }) => {
      now.set(key, (now.get(key) ?? 0) + 1);
      expect(now.get(key)).toBe(1);
      most = Math.max(
        most,
        [...now.values()].reduce((a, b) => a + b),
      );
      await clock.sleep(100, signal);
      now.set(key, 0);
      return rest;
    },
    { workers: 4 },
  );
  for (let n = 0; n < 50; n += 1) {
    queue.add(`k${n % 6}`);
    await clock.advance(10);
  }
  await clock.advance(10_000);
  expect(most).toBe(4);
  expect(controller.stats()).toMatchObject({ workers: 4, active: 0, stuck: [] });
});

test('no pass starts while the cache lacks our own last write', async () => {
  let current = false;
  const { queue, clock, passes, total } = rig(() => rest, { isCurrent: () => current });
  queue.add('a', 7);
  await clock.advance(220);
  expect(passes).toEqual([]);
  current = true;
  await clock.advance(50);
  expect(passes).toEqual(['a:7@250']);
  expect(total('success')).toBe(1);
});

test('an error of the cache question is a failed pass', async () => {
  const { queue, clock, errors } = rig(() => rest, {
    isCurrent: () => {
      throw new Error('no index');
    },
  });
  queue.add('a');
  await clock.flush();
  expect(errors).toEqual(['a id-1 Error: no index']);
});

test('a pass that takes too long is told to stop; one that will not is reported as stuck', async () => {
  let reason: unknown;
  const { queue, clock, controller, metrics } = rig(
    (_key, { signal }) =>
      new Promise(() => {
        signal.addEventListener('abort', () => {
          reason = signal.reason;
        });
      }),
    { passTimeoutMs: 30_000 },
  );
  queue.add('a');
  await clock.advance(29_999);
  expect(reason).toBeUndefined();
  await clock.advance(1);
  expect(String(reason)).toBe('Error: the pass over a took longer than 30 s');
  expect(controller.stats()).toMatchObject({ active: 1, longestPassMs: 30_000, stuck: [] });
  await clock.advance(60_001);
  expect(controller.stats().stuck).toEqual(['a']);
  controller.measure();
  const labels = { name: 'widgets', controller: 'widgets' };
  expect(metrics.value('workqueue_longest_running_processor_seconds', labels)).toBeCloseTo(90.001);
  expect(metrics.value('controller_runtime_reconcile_timeouts_total', { controller: 'widgets' })).toBe(1);
});

describe('stopping', () => {
  test('what runs may finish, what waits is left', async () => {
    const { queue, clock, controller, passes } = rig(async (_key, { signal }) => {
      await clock.sleep(3000, signal);
      expect(signal.aborted).toBe(false);
      return { kind: 'recheck', afterMs: 1 };
    });
    queue.add('a');
    queue.add('b');
    await clock.flush();
    const stopped = settled(controller.stop(10_000));
    await clock.advance(2999);
    expect(stopped()).toBe(false);
    await clock.advance(1);
    expect(stopped()).toBe(true);
    await clock.advance(60_000);
    expect(passes).toEqual(['a:0@0']);
    expect(clock.pending).toBe(0);
  });

  test('after the grace period a pass is told to stop, and is not waited for longer than two seconds', async () => {
    let told = 0;
    const { queue, clock, controller } = rig(
      (_key, { signal }) =>
        new Promise(() => {
          signal.addEventListener('abort', () => {
            told = clock.monotonic();
          });
        }),
    );
    queue.add('a');
    await clock.flush();
    const stopped = settled(controller.stop(10_000));
    await clock.advance(10_000);
    expect(told).toBe(10_000);
    await clock.advance(1999);
    expect(stopped()).toBe(false);
    await clock.advance(1);
    expect(stopped()).toBe(true);
  });
});
