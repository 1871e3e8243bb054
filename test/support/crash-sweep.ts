import { expect, it } from 'vitest';
import { annotations } from '#src/api/annotations.ts';
import type { BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import type { Settings } from '#src/reconcile/ports.ts';
import { crashBefore, watchMasking } from './crash.ts';
import { endOf } from './end.ts';
import { basicSpec, loggingRole } from './specs.ts';
import type { World } from './world.ts';
import { createWorld } from './world.ts';

export interface Scenario {
  readonly name: string;
  /** What stands before, undisturbed. */
  readonly before: (role: string) => BedrockMonitorSpec | undefined;
  /** What the crash hits; undefined: the monitor is deleted. */
  readonly after: (role: string) => BedrockMonitorSpec | undefined;
  /** What the next process finds in place of it. */
  readonly finally?: (role: string) => BedrockMonitorSpec;
  /** Another monitor that waits for the claim all the while; `takes`: the crash hits it as it takes over. */
  readonly waiting?: 'waits' | 'takes';
  /** What AWS held before any monitor. */
  readonly found?: (world: World) => void;
  /** A person approves whatever plan there is, as often as there is one. */
  readonly approving?: true;
  /** What the operator was started with. */
  readonly settings?: Partial<Settings>;
}

/** `all`: also of what takes long; that is a quarter of an hour. */
const ALL = process.env['SWEEP'] === 'all';
const EVERY = ALL || process.env['SWEEP'] === 'every';

/**
 * One test per scenario: a crash before an external call ends as if there had been none. `npm run proof` crashes before
 * each call; `npm test`, to be quick, before every tenth, or before as few as `few`, spread over all. The rest of the
 * scenarios, those that take long, are for `npm run proof` alone, and it takes every twelfth call of a long file.
 * `SWEEP=all npm run proof` takes all.
 */
export function sweep(scenarios: readonly Scenario[], few?: number, rest: readonly Scenario[] = []): void {
  it.each(EVERY ? [...scenarios, ...rest] : scenarios)(
    'during $name leaves nothing that the next process does not put right',
    async (scenario) => {
      const clean = await run(scenario, Number.POSITIVE_INFINITY);
      expect(clean.breaches).toEqual([]);
      expect(clean.calls).toBeGreaterThan(4);
      const step = stepOver(clean.calls, few);
      for (let at = few === undefined ? 1 : Math.ceil(step / 2); at <= clean.calls; at += step) {
        const crashed = await run(scenario, at);
        expect({ at, end: crashed.end, breaches: crashed.breaches }).toEqual({ at, end: clean.end, breaches: [] });
      }
    },
    EVERY ? 1_800_000 : 90_000,
  );
}

function stepOver(calls: number, few: number | undefined): number {
  if (few === undefined) return EVERY ? 1 : 10;
  if (EVERY) return ALL ? 1 : 12;
  return Math.max(1, Math.ceil(calls / few));
}

export const moved = (spec: BedrockMonitorSpec, role: string): BedrockMonitorSpec => ({
  ...spec,
  invocationLogging: {
    dataTypes: ['Text'],
    cloudWatchLogs: { logGroup: { name: '/aws/bedrock/next' }, role: { arn: role } },
  },
});

export const quiet = ({ region, alarms = [] }: BedrockMonitorSpec): BedrockMonitorSpec => ({ region, alarms });
const next = (role: string): BedrockMonitorSpec => {
  const { region, invocationLogging, dataProtection } = moved(basicSpec(role), role);
  return { region, ...(invocationLogging && { invocationLogging }), ...(dataProtection && { dataProtection }) };
};

async function run(scenario: Scenario, at: number) {
  const world = await createWorld(scenario.settings === undefined ? {} : { settings: scenario.settings });
  try {
    const role = loggingRole(world.aws);
    scenario.found?.(world);
    const masking = watchMasking(world);
    const before = scenario.before(role);
    if (before !== undefined) {
      await world.apply('production', before);
      await world.settle('production');
    }
    if (scenario.waiting !== undefined) {
      await world.apply('next', next(role));
      await world.settle('next');
    }
    const after = scenario.after(role);
    if (after === undefined) await world.remove('production');
    else await world.apply('production', after);
    if (scenario.waiting === 'takes') await world.pass('production');
    const crash = crashBefore(world, at);
    await untilCrash(world, scenario, () => crash.crashed);
    crash.stop();
    expect(crash.crashed).toBe(Number.isFinite(at));
    world.restart();
    if (scenario.finally !== undefined) await world.apply('production', scenario.finally(role));
    await quietly(world, scenario);
    return { end: await endOf(world), calls: crash.seen, breaches: masking.breaches };
  } finally {
    await world.close();
  }
}

async function untilCrash(world: World, scenario: Scenario, crashed: () => boolean): Promise<void> {
  try {
    if (scenario.waiting === 'waits') await world.pass('production');
    else await world.settle(scenario.waiting === 'takes' ? 'next' : 'production');
    if (scenario.approving) await approveAll(world);
  } catch (error) {
    if (!crashed()) throw error;
  }
}

/** The one that hands over waits for the one that takes, so they take turns. */
async function quietly(world: World, scenario: Scenario): Promise<void> {
  if (scenario.waiting !== undefined) {
    await world.pass('production');
    await world.settle('next');
  }
  await world.settle('production');
  if (scenario.waiting !== undefined) await world.settle('next');
  if (scenario.approving) await approveAll(world);
}

async function approveAll(world: World): Promise<void> {
  for (let plans = 0; plans < 5; plans += 1) {
    const hash = (await world.get('production'))?.status?.plan?.hash;
    if (hash === undefined) return;
    await world.annotate('production', { [annotations.approvePlan]: hash });
    await world.settle('production');
  }
  throw new Error('a plan that was approved leaves another one, again and again');
}
