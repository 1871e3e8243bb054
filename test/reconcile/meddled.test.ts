import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { features } from '#src/domain/plan/types.ts';
import { surround, surroundings } from '#test/support/arbitrary/surroundings.ts';
import { everyFeature } from '#test/support/every-feature.ts';
import { meddle, meddlings } from '#test/support/meddlings.ts';
import { untrueOf } from '#test/support/rest-of.ts';
import { stateOf } from '#test/support/state-of.ts';
import type { World } from '#test/support/world.ts';
import { createWorld } from '#test/support/world.ts';

/** Longer than corrections are counted for. */
const TWO_HOURS_MS = 7_200_000;

describe('a monitor with every feature', () => {
  const spec = {
    ...everyFeature(surroundings),
    adoptionPolicy: { default: 'Always' as const, invocationLogging: 'Always' as const },
  };
  let world: World;
  let before: Awaited<ReturnType<typeof stateOf>>;

  beforeAll(async () => {
    world = await createWorld({ settings: { features: new Set(features) } });
    surround(world.aws, world.clock.now());
    await world.apply('production', spec);
    await world.settle('production');
    await world.clock.advance(TWO_HOURS_MS);
    await world.settle('production');
    before = structuredClone(await stateOf(world, spec));
  });
  afterAll(() => world.close());

  it('is in sync', async () => {
    expect(untrueOf(await world.get('production'))).toEqual([]);
  });

  it.each(meddlings)('puts right what somebody does: %s', async (how) => {
    meddle(world.aws, how);
    expect(await stateOf(world, spec)).not.toEqual(before);
    await world.clock.advance(TWO_HOURS_MS);
    await world.pass('production', 'genai', 'State');
    const monitor = await world.settle('production');
    expect(await stateOf(world, spec)).toEqual(before);
    expect(untrueOf(monitor)).toEqual([]);
  });
});
