import { describe, expect, it } from 'vitest';
import { annotations } from '#src/api/annotations.ts';
import type { BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import { makeByHand } from '#test/support/by-hand.ts';
import { crashBefore, watchMasking } from '#test/support/crash.ts';
import { endOf } from '#test/support/end.ts';
import { basicSpec, edited, loggingRole, renamed } from '#test/support/specs.ts';
import type { World } from '#test/support/world.ts';
import { ACCOUNT, createWorld, REGION } from '#test/support/world.ts';

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
  /** What AWS held before any monitor. */
  readonly found?: (world: World) => void;
  /** A person approves whatever plan there is, as often as there is one. */
  readonly approving?: true;
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

const takingOver = (role: string): BedrockMonitorSpec => ({
  ...basicSpec(role),
  adoptionPolicy: { default: 'Always', invocationLogging: 'Always' },
});

const retainingNothing = (role: string): BedrockMonitorSpec => ({
  ...takingOver(role),
  deletionPolicy: { logGroup: 'Delete', invocationLogging: 'Disable' },
});

const planning = (role: string): BedrockMonitorSpec => ({ ...takingOver(role), mode: 'Plan' });

/** Logging to somebody's bucket, with a member that this release does not know. */
const foreignLogging = ({ aws }: World) => {
  aws.account(ACCOUNT).bucket(REGION, 'somebody-elses');
  aws.account(ACCOUNT).region(REGION).invocationLogging.configuration = {
    s3Config: { bucketName: 'somebody-elses', keyPrefix: 'records' },
    futureConfig: { level: 'High' },
    textDataDeliveryEnabled: true,
    imageDataDeliveryEnabled: true,
    embeddingDataDeliveryEnabled: false,
    videoDataDeliveryEnabled: false,
    audioDataDeliveryEnabled: false,
  };
};

/** Everything that the spec names, made by people. */
const foreignEverything = (world: World) => {
  foreignLogging(world);
  makeByHand(world);
};

const scenarios: readonly Scenario[] = [
  { name: 'takeover of a foreign configuration', before: () => undefined, after: takingOver, found: foreignLogging },
  { name: 'restoring it at the deletion', before: takingOver, after: () => undefined, found: foreignLogging },
  {
    name: 'restoring it where the spec stops asking',
    before: takingOver,
    after: (role) => quiet(takingOver(role)),
    found: foreignLogging,
  },
  {
    name: 'handing over what was taken over',
    before: takingOver,
    after: () => undefined,
    waiting: 'takes',
    found: foreignLogging,
  },
  { name: 'adoption of everything', before: () => undefined, after: takingOver, found: foreignEverything },
  { name: 'deletion of everything', before: retainingNothing, after: () => undefined },
  { name: 'a plan that is approved', before: () => undefined, after: planning, approving: true, found: foreignLogging },
  { name: 'a mode that stops enforcing', before: takingOver, after: (role) => ({ ...edited(planning(role)) }) },
  { name: 'a mode that enforces', before: planning, after: takingOver, found: foreignLogging },
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
