import { expect, vi } from 'vitest';
import { keyOf } from '#src/kubernetes/api-resource.ts';
import type { OperatorProcess } from './operator-process.ts';
import type { Stage } from './stage.ts';

/** A failover waits for the Lease to run out (15 s) and for the next attempt (up to 2.4 s); then a pass. */
export const failoverMs = 30_000;

/** Tries `check` again until it no longer throws; after `timeout` milliseconds it throws what `check` threw last. */
export function eventually<T>(check: () => Promise<T>, timeout: number): Promise<T> {
  return vi.waitFor(check, { timeout, interval: 200 });
}

/** Waits until one process says that it leads, and no other does. */
export function leaderOf(stage: Stage, timeout = failoverMs): Promise<OperatorProcess> {
  return eventually(async () => {
    const answers = await Promise.all(stage.operators.map(async (one) => ((await one.leads()) ? one : undefined)));
    const [leader, ...others] = answers.filter((one) => one !== undefined);
    if (leader === undefined || others.length > 0)
      throw new Error(`${others.length === 0 ? 'nobody' : 'more than one'} leads`);
    return leader;
  }, timeout);
}

/** Starts a process and waits until it is ready. */
export async function startReady(stage: Stage, name: string): Promise<OperatorProcess> {
  const operator = await stage.startOperator(name);
  await eventually(async () => expect(await operator.probe('/readyz')).toBe(200), 30_000);
  return operator;
}

/** Waits until every monitor has been through that many more passes of the process. */
export async function passesOf(operator: OperatorProcess, stage: Stage, count: number): Promise<void> {
  const from = (await operator.log()).length;
  const monitors = (await stage.monitors()).map(keyOf);
  // What was just written is looked at again after 30 s, everything else after about 10.
  const timeout = 40_000 + count * 20_000;
  await eventually(async () => {
    const ended = (await operator.log()).slice(from).filter(({ msg }) => msg === 'pass ended');
    expect(monitors.filter((key) => ended.filter(({ monitor }) => monitor === key).length < count)).toEqual([]);
  }, timeout);
}
