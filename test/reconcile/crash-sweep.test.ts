import { describe, expect, it } from 'vitest';
import type { BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import { crashBefore, watchMasking } from '#test/support/crash.ts';
import { endOf } from '#test/support/end.ts';
import { basicSpec, edited, loggingRole, renamed } from '#test/support/specs.ts';
import type { World } from '#test/support/world.ts';
import { createWorld } from '#test/support/world.ts';

interface Scenario {
  readonly name: string;
  /** What stands before, undisturbed. */
  readonly before: (role: string) => BedrockMonitorSpec | undefined;
  /** What the crash hits; undefined: the monitor is deleted. */
  readonly after: (role: string) => BedrockMonitorSpec | undefined;
  /** What the next process finds in place of it. */
  readonly finally?: (role: string) => BedrockMonitorSpec;
  /** Another monitor that waits for the claim all the while; `takes`: the crash hits it as it takes over. */
  readonly waiting?: 'waits' | 'takes';
}

const moved = (spec: BedrockMonitorSpec, role: string): BedrockMonitorSpec => ({
  ...spec,
  invocationLogging: {
    dataTypes: ['Text'],
    cloudWatchLogs: { logGroup: { name: '/aws/bedrock/next' }, role: { arn: role } },
  },
});

const quiet = ({ region, alarms = [] }: BedrockMonitorSpec): BedrockMonitorSpec => ({ region, alarms });
const next = (role: string): BedrockMonitorSpec => {
  const { region, invocationLogging, dataProtection } = moved(basicSpec(role), role);
  return { region, ...(invocationLogging && { invocationLogging }), ...(dataProtection && { dataProtection }) };
};

const scenarios: readonly Scenario[] = [
  { name: 'create', before: () => undefined, after: basicSpec },
  { name: 'edit', before: basicSpec, after: (role) => edited(basicSpec(role)) },
  { name: 'rename of every entry', before: basicSpec, after: (role) => renamed(basicSpec(role)) },
  { name: 'move to another log group', before: basicSpec, after: (role) => moved(basicSpec(role), role) },
  {
    name: 'an edit that is taken back',
    before: basicSpec,
    after: (role) => renamed(basicSpec(role)),
    finally: basicSpec,
  },
  { name: 'delete', before: basicSpec, after: () => undefined },
  { name: 'letting go where the spec stops asking', before: basicSpec, after: (role) => quiet(basicSpec(role)) },
  {
    name: 'handing over where the spec stops asking',
    before: basicSpec,
    after: (role) => quiet(basicSpec(role)),
    waiting: 'waits',
  },
  { name: 'handing over at the deletion', before: basicSpec, after: () => undefined, waiting: 'waits' },
  { name: 'taking over what is handed over', before: basicSpec, after: () => undefined, waiting: 'takes' },
];

describe('a crash at any external call', () => {
  it.each(scenarios)(
    'during $name leaves nothing that the next process does not put right',
    async (scenario) => {
      const clean = await run(scenario, Number.POSITIVE_INFINITY);
      expect(clean.breaches).toEqual([]);
      expect(clean.calls).toBeGreaterThan(scenario.waiting === 'waits' ? 4 : 8);
      for (let at = 1; at <= clean.calls; at += 1) {
        const crashed = await run(scenario, at);
        expect({ at, end: crashed.end, breaches: crashed.breaches }).toEqual({ at, end: clean.end, breaches: [] });
      }
    },
    60_000,
  );
});

async function run(scenario: Scenario, at: number) {
  const world = await createWorld();
  try {
    const role = loggingRole(world.aws);
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
}
