import { expect, test } from 'vitest';
import type { StopStep } from '#src/kubernetes/shutdown.ts';
import { stopInOrder } from '#src/kubernetes/shutdown.ts';
import { fakeClock } from '#test/support/fake-clock.ts';
import { settled } from './settled.ts';

test('in order, each within what is left; a failure or a hang does not keep the rest from stopping', async () => {
  const clock = fakeClock();
  const done: string[] = [];
  const problems: string[] = [];
  const step = (name: string, stop: (leftMs: number) => Promise<void>): StopStep => ({
    name,
    stop: async (leftMs) => {
      done.push(`${name} with ${leftMs} at ${clock.monotonic()}`);
      await stop(leftMs);
    },
  });
  const stopped = settled(
    stopInOrder(
      [
        step('workers', () => clock.sleep(4000)),
        step('lease', async () => {
          throw new Error('no API');
        }),
        step('caches', () => new Promise(() => undefined)),
        step('events', () => new Promise(() => undefined)),
        step('http', async () => undefined),
      ],
      {
        clock,
        graceMs: 10_000,
        onProblem: (name, error) => problems.push(`${name}: ${error instanceof Error ? error.message : 'unknown'}`),
      },
    ),
  );
  await clock.advance(20_000);
  expect(stopped()).toBe(true);
  expect(done).toEqual([
    'workers with 10000 at 0',
    'lease with 6000 at 4000',
    'caches with 6000 at 4000',
    'events with 1000 at 10000',
    'http with 1000 at 11000',
  ]);
  expect(problems).toEqual([
    'lease: no API',
    'caches: not stopped within 6000 ms',
    'events: not stopped within 1000 ms',
  ]);
  expect(clock.pending).toBe(0);
});
