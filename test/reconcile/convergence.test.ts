import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { annotations } from '#src/api/annotations.ts';
import type { BedrockMonitor, BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import { apiVersion, kind } from '#src/api/v1alpha1.ts';
import { features } from '#src/domain/plan/types.ts';
import { monitors } from '#src/operator/monitors.ts';
import { surround, surroundingAccess, surroundings } from '#test/support/arbitrary/surroundings.ts';
import { arbitraryValidSpec } from '#test/support/arbitrary-spec.ts';
import { crashBefore, watchMasking } from '#test/support/crash.ts';
import { type Meddling, meddle, meddlings } from '#test/support/meddlings.ts';
import { declaredOf, withoutRemains } from '#test/support/remains.ts';
import { untilAllRest } from '#test/support/rest.ts';
import { stateOf } from '#test/support/state-of.ts';
import type { World } from '#test/support/world.ts';
import { createWorld, REGION } from '#test/support/world.ts';

/** What happens to the monitor, to AWS and to the process before it becomes quiet. */
type Step =
  | { readonly do: 'apply'; readonly spec: BedrockMonitorSpec }
  /** A person approves the plan that the status shows. */
  | { readonly do: 'approve' }
  | { readonly do: 'remove' }
  /** Another monitor comes, asks for the same logging configuration, and takes it if it is free; or it goes again. */
  | { readonly do: 'rival'; readonly comes: boolean }
  | { readonly do: 'meddle'; readonly how: Meddling }
  | { readonly do: 'pass' }
  | { readonly do: 'crash'; readonly at: number }
  | { readonly do: 'wait'; readonly seconds: number };

/** On the way monitors plan, observe, pause, report drift, adopt, and keep or delete what they have. */
function inAnyMode(spec: BedrockMonitorSpec): fc.Arbitrary<BedrockMonitorSpec> {
  return fc
    .record(
      {
        mode: fc.constantFrom('Enforce' as const, 'Plan' as const, 'Observe' as const),
        suspend: fc.boolean(),
        adoptionPolicy: fc.constant({ default: 'Always' as const, invocationLogging: 'Always' as const }),
        driftPolicy: fc.constant({ default: 'Report' as const }),
        deletionPolicy: fc.record({
          default: fc.constantFrom('Delete' as const, 'Retain' as const),
          invocationLogging: fc.constantFrom('Restore' as const, 'Disable' as const, 'Retain' as const),
        }),
      },
      { requiredKeys: [] },
    )
    .map((more) => ({ ...spec, ...more }));
}

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('apply' as const), spec: arbitraryValidSpec.chain(inAnyMode) }) },
  { weight: 1, arbitrary: fc.constant({ do: 'approve' as const }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('rival' as const), comes: fc.boolean() }) },
  { weight: 1, arbitrary: fc.constant({ do: 'remove' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('meddle' as const),
      how: fc.constantFrom(...meddlings),
    }),
  },
  { weight: 3, arbitrary: fc.constant({ do: 'pass' as const }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('crash' as const), at: fc.integer({ min: 1, max: 40 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const), seconds: fc.integer({ min: 1, max: 120 }) }) },
);

const SEED = Number(process.env['SEED'] ?? 20_261_124);
const RUNS = Number(process.env['HISTORIES'] ?? 20);

describe('convergence', () => {
  it(`reaches the last spec from whatever happened before, stays there, and leaks nothing (SEED=${SEED})`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 8 }), arbitraryValidSpec, async (steps, declared) => {
        const last = leavesForeign(steps) ? takingOver(declared) : declared;
        const fresh = await endOf([], last);
        const end = await endOf(steps, last);
        expect(end.breaches).toEqual([]);
        expect(retains(steps) ? declaredOf(end.state, fresh.state) : withoutRemains(end.state, fresh.state)).toEqual(
          fresh.state,
        );
        expect(end.restingWrites).toEqual([]);
      }),
      { seed: SEED, numRuns: RUNS, endOnFailure: false },
    );
  }, 1_200_000);
});

/**
 * What others set up, or changed and we then let go of, or what was retained or put back, is theirs: unless the spec
 * takes it over the monitor says ForeignConfiguration for good, as it should.
 */
function leavesForeign(steps: readonly Step[]): boolean {
  return steps.some((one) => one.do === 'remove' || one.do === 'meddle' || (one.do === 'apply' && leaves(one.spec)));
}

/** Whether something stays in AWS beside the last spec: retained, deleted while nothing was written, or of others. */
function retains(steps: readonly Step[]): boolean {
  const writesNothing = ({ mode, suspend, deletionPolicy }: BedrockMonitorSpec) =>
    (mode ?? 'Enforce') !== 'Enforce' || suspend === true || deletionPolicy !== undefined;
  return steps.some((one) => (one.do === 'apply' && writesNothing(one.spec)) || one.do === 'meddle');
}

function leaves({ invocationLogging, deletionPolicy, adoptionPolicy }: BedrockMonitorSpec): boolean {
  return invocationLogging === undefined || deletionPolicy !== undefined || adoptionPolicy !== undefined;
}

function takingOver(spec: BedrockMonitorSpec): BedrockMonitorSpec {
  return { ...spec, adoptionPolicy: { default: 'Always', invocationLogging: 'Always' } };
}

async function endOf(steps: readonly Step[], last: BedrockMonitorSpec) {
  const world = await createWorld({ settings: { features: new Set(features) } });
  try {
    surround(world.aws, world.clock.now());
    world.access = surroundingAccess;
    const masking = watchMasking(world, () => world.last?.dataProtection !== undefined);
    for (const one of steps) await take(world, one);
    // Whoever hands logging over waits for the other.
    if ((await world.get('production'))?.metadata.deletionTimestamp !== undefined) await untilAllRest(world);
    await world.apply('production', last);
    // What was given up on the way is tried again.
    await world.annotate('production', { [annotations.reconcileRequestedAt]: 'now' });
    await untilAllRest(world);
    await world.settle('production');
    await farewell(world);
    await world.clock.advance(600_000);
    await world.settle('production');
    const state = await stateOf(world, last);
    world.aws.forgetCalls();
    world.kubernetes.forgetCalls();
    await world.clock.advance(600_000);
    await world.pass('production', 'genai', 'Drift');
    const restingWrites = [
      ...world.aws.writes().map(({ operation }) => operation),
      ...world.kubernetes.calls.filter(({ writes }) => writes).map(({ verb, plural }) => `${verb} ${plural}`),
    ];
    return { state, restingWrites, breaches: masking.breaches };
  } finally {
    await world.close();
  }
}

/** The role that the specs name. */
const ROLE = surroundings.deliveryRoleARN;
const RIVAL = 'rival';
/** Masked as well, for nothing may be logged unmasked; into a log group that no other spec names. */
const rivalSpec: BedrockMonitorSpec = {
  region: REGION,
  invocationLogging: {
    dataTypes: ['Image'],
    cloudWatchLogs: { logGroup: { name: '/aws/bedrock/rival' }, role: { arn: ROLE } },
  },
  dataProtection: { categories: ['PII'] },
};

/** The other monitor goes; if it holds the claim it hands over, and the two take turns. */
async function farewell(world: World): Promise<void> {
  const rival = await world.get(RIVAL);
  if (rival === undefined) return;
  if (rival.metadata.deletionTimestamp === undefined) await world.remove(RIVAL);
  for (let turns = 0; turns < 20 && (await world.get(RIVAL)) !== undefined; turns += 1) {
    await world.pass(RIVAL).catch(() => {});
    await world.settle('production');
    await world.clock.advance(60_000);
  }
  expect(await world.get(RIVAL)).toBeUndefined();
  await world.settle('production');
}

async function take(world: World, one: Step): Promise<void> {
  const present = await world.get('production');
  switch (one.do) {
    case 'apply':
      if (present?.metadata.deletionTimestamp === undefined) await world.apply('production', one.spec);
      return;
    case 'approve': {
      const hash = present?.status?.plan?.hash;
      if (hash !== undefined) await world.annotate('production', { [annotations.approvePlan]: hash });
      return;
    }
    case 'rival': {
      const rival = await world.get(RIVAL);
      if (one.comes && rival === undefined) {
        // Not by `apply`: the spec that was applied last tells what is to be masked.
        const metadata = { namespace: 'genai', name: RIVAL } as BedrockMonitor['metadata'];
        await world.client.create(monitors, { apiVersion, kind, metadata, spec: rivalSpec });
      }
      if (!one.comes && rival !== undefined && rival.metadata.deletionTimestamp === undefined)
        await world.remove(RIVAL);
      if (rival !== undefined || one.comes) await world.pass(RIVAL).catch(() => {});
      return;
    }
    case 'remove':
      if (present !== undefined) await world.remove('production');
      return;
    case 'meddle':
      return meddle(world.aws, one.how);
    case 'pass':
      await world.pass('production').catch(() => {});
      return;
    case 'crash': {
      const crash = crashBefore(world, one.at);
      await world.pass('production').catch(() => {});
      crash.stop();
      if (!crash.crashed) return;
      world.restart();
      // The next process waits until the Lease of the one that died has run out.
      return world.clock.advance(15_000);
    }
    case 'wait':
      return world.clock.advance(one.seconds * 1000);
  }
}
