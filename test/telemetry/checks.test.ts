import { expect, test } from 'vitest';
import { cacheCheck, eventLoopCheck, watchCheck, workerCheck } from '#src/telemetry/checks.ts';
import { fakeClock } from '#test/support/fake-clock.ts';

test('an event loop that comes round each second is alive', async () => {
  const clock = fakeClock();
  const check = eventLoopCheck(clock);
  await clock.advance(3_600_000);
  expect(check.wrong()).toBeUndefined();
});

test('a stall is seen before the loop has come round, and is forgotten once the loop keeps time again', async () => {
  const clock = fakeClock();
  let stalledMs = 0;
  const check = eventLoopCheck({ ...clock, monotonic: () => clock.monotonic() + stalledMs }, 5_000);
  await clock.advance(1_000);
  stalledMs = 7_000;
  expect(check.wrong()).toBe('the event loop lagged by 6 s, more than 5 s');
  await clock.advance(1_000);
  expect(check.wrong()).toBe('the event loop lagged by 7 s, more than 5 s');
  await clock.advance(1_000);
  expect(check.wrong()).toBeUndefined();
});

test('closing the event loop check leaves no timer behind', () => {
  const clock = fakeClock();
  eventLoopCheck(clock).close();
  expect(clock.pending).toBe(0);
});

test('a worker that hangs is not alive', () => {
  let stuck: string[] = [];
  const check = workerCheck(() => stuck);
  expect(check.wrong()).toBeUndefined();
  stuck = ['genai/production', 'genai/sandbox'];
  expect(check.wrong()).toBe('work on genai/production, genai/sandbox does not stop at its time limit');
});

test('caches need to be filled once only: a later resync does not take readiness away', () => {
  let synced = false;
  const check = cacheCheck(() => synced);
  expect(check.wrong()).toBe('the caches are not filled yet');
  synced = true;
  expect(check.wrong()).toBeUndefined();
  synced = false;
  expect(check.wrong()).toBeUndefined();
});

test('silent watches are not ready', () => {
  let silentMs: number | undefined;
  const check = watchCheck(() => silentMs);
  expect(check.wrong()).toBeUndefined();
  silentMs = 900_000;
  expect(check.wrong()).toBeUndefined();
  silentMs = 901_000;
  expect(check.wrong()).toBe('nothing was heard from the Kubernetes API for 901 s, more than 900 s');
});
