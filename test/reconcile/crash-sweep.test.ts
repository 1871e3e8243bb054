import { describe, expect, it } from 'vitest';
import type { BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import { crashBefore, watchMasking } from '#test/support/crash.ts';
import { basicSpec, loggingRole } from '#test/support/specs.ts';
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
}

const renamed = (spec: BedrockMonitorSpec): BedrockMonitorSpec => ({
  ...spec,
  alarms: [{ name: 'throttled', preset: 'Throttling' }],
  dashboards: [{ name: 'all-models', preset: 'Overview' }],
  savedQueries: [{ name: 'newest', preset: 'LatestInvocations' }],
});
const edited = (spec: BedrockMonitorSpec): BedrockMonitorSpec => ({
  ...spec,
  tags: { team: 'search' },
  dataProtection: { categories: ['Credentials', 'PII', 'Financial'] },
  alarms: [{ name: 'throttling', preset: 'Throttling', threshold: 7 }],
  savedQueries: [{ name: 'latest', preset: 'Errors' }],
});
const moved = (spec: BedrockMonitorSpec, role: string): BedrockMonitorSpec => ({
  ...spec,
  invocationLogging: {
    dataTypes: ['Text'],
    cloudWatchLogs: { logGroup: { name: '/aws/bedrock/next' }, role: { arn: role } },
  },
});

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
];

describe('a crash at any external call', () => {
  it.each(scenarios)(
    'during $name leaves nothing that the next process does not put right',
    async (scenario) => {
      const clean = await run(scenario, Number.POSITIVE_INFINITY);
      expect(clean.breaches).toEqual([]);
      expect(clean.calls).toBeGreaterThan(8);
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
    const after = scenario.after(role);
    if (after === undefined) await world.remove('production');
    else await world.apply('production', after);
    const crash = crashBefore(world, at);
    const calls = await untilCrash(world, () => crash.crashed);
    crash.stop();
    expect(crash.crashed).toBe(Number.isFinite(at));
    world.restart();
    if (scenario.finally !== undefined) await world.apply('production', scenario.finally(role));
    await world.settle('production');
    return { end: await endOf(world), calls: calls ?? crash.seen, breaches: masking.breaches };
  } finally {
    await world.close();
  }
}

async function untilCrash(world: World, crashed: () => boolean): Promise<undefined> {
  try {
    await world.settle('production');
  } catch (error) {
    if (!crashed()) throw error;
  }
  return undefined;
}

/** AWS whole, and of the monitor what does not depend on when and how often. */
async function endOf(world: World) {
  const monitor = await world.get('production');
  const leases = await world.client.list({
    group: 'coordination.k8s.io',
    version: 'v1',
    plural: 'leases',
    namespaced: true,
  });
  return {
    aws: world.aws.snapshot(),
    conditions: monitor?.status?.conditions?.map(({ type, status, reason }) => ({ type, status, reason })),
    inventory: monitor?.status?.inventory?.map(({ kind, name }) => `${kind}/${name}`).sort(),
    claims: leases.items.map(({ metadata }) => metadata.name),
  };
}
