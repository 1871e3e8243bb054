import { setTimeout as sleep } from 'node:timers/promises';
import type { BedrockMonitor } from '#src/api/v1alpha1.ts';
import { keyOf } from '#src/kubernetes/api-resource.ts';
import type { Client } from '#src/kubernetes/client.ts';
import { monitors } from '#src/operator/monitors.ts';
import type { Example } from './examples.ts';
import type { Expectation, Readiness } from './expectation.ts';
import { meets, readinessOf, sayReadiness } from './expectation.ts';

/** One monitor of the examples, and how far it is. */
export interface Judgement {
  readonly monitor: string;
  readonly file: string;
  readonly expected: Expectation;
  readonly actual: Readiness;
  readonly reached: boolean;
}

/** Holds what the examples expect against the monitors as they are. */
export function judge(examples: readonly Example[], present: readonly BedrockMonitor[]): readonly Judgement[] {
  const byKey = new Map(present.map((monitor) => [keyOf(monitor), monitor]));
  return examples.flatMap(({ file, expectations }) =>
    [...expectations].map(([monitor, expected]) => {
      const actual = readinessOf(byKey.get(monitor));
      return { monitor, file, expected, actual, reached: meets(actual, expected) };
    }),
  );
}

/** Which example, what it says it reaches, what it says instead, and why. */
export function complain({ monitor, file, expected, actual }: Judgement): string {
  const why = actual.message === '' ? '' : `: ${actual.message}`;
  return `${monitor} (${file}): expected ${sayReadiness(expected)}, but it is ${sayReadiness(actual)}${why}`;
}

const POLL_MS = 100;

/**
 * Looks at the monitors again and again until `look` says that it is done, or the signal aborts; then returns.
 * `look` gets how long it has been.
 */
export async function follow(
  client: Client,
  look: (present: readonly BedrockMonitor[], elapsedMs: number) => Promise<'done' | 'again'>,
  signal: AbortSignal,
): Promise<void> {
  const start = performance.now();
  while (!signal.aborted) {
    const { items } = await client.list(monitors, {}, signal);
    if ((await look(items, performance.now() - start)) === 'done') return;
    await sleep(POLL_MS, undefined, { signal });
  }
}

/**
 * Tells what monitors newly say, a line each. One that says nothing of its present spec yet stands for what it said
 * before.
 */
export function createChanges(): (present: readonly BedrockMonitor[]) => readonly string[] {
  let before = new Map<string, string>();
  return (present) => {
    const now = new Map(
      present.map((monitor) => {
        const key = keyOf(monitor);
        return [key, sayMonitor(monitor) ?? before.get(key) ?? ''];
      }),
    );
    const changed = [...now].filter(([key, said]) => said !== (before.get(key) ?? ''));
    const gone = [...before.keys()].filter((key) => !now.has(key)).map((key): [string, string] => [key, 'deleted']);
    before = now;
    return [...changed, ...gone].map(([key, said]) => `${key}: ${said}`);
  };
}

function sayMonitor(monitor: BedrockMonitor): string | undefined {
  const readiness = readinessOf(monitor);
  if (readiness.reason === '') return undefined;
  const ready = `${sayReadiness(readiness)}${readiness.message === '' ? '' : `: ${readiness.message}`}`;
  return monitor.metadata.deletionTimestamp === undefined ? ready : `being deleted, ${ready}`;
}
