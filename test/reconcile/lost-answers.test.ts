import { describe, expect, it } from 'vitest';
import { ApiError } from '#src/kubernetes/api-error.ts';
import { watchMasking } from '#test/support/crash.ts';
import { endOf } from '#test/support/end.ts';
import { basicSpec, edited, loggingRole, renamed } from '#test/support/specs.ts';
import type { World } from '#test/support/world.ts';
import { createWorld } from '#test/support/world.ts';

describe('a lost answer', () => {
  const lives = async (lose: (world: World) => { readonly lost: boolean }) => {
    const world = await createWorld();
    try {
      const role = loggingRole(world.aws);
      const masking = watchMasking(world);
      const loss = lose(world);
      const ends: unknown[] = [];
      for (const spec of [basicSpec(role), renamed(edited(basicSpec(role)))]) {
        await world.apply('production', spec);
        await patiently(world);
        ends.push(await endOf(world));
      }
      await world.remove('production');
      await patiently(world);
      ends.push(await endOf(world));
      return { ends, lost: loss.lost, breaches: masking.breaches };
    } finally {
      await world.close();
    }
  };

  it('of AWS, to a write that was carried out, makes nothing twice and leaves nothing', async () => {
    const loseAws = (at: number) => (world: World) => {
      let seen = 0;
      const loss = { lost: false };
      world.aws.onCall((call, phase) => {
        if (phase === 'Before' && call.mutates) seen += 1;
        if (phase !== 'After' || !call.mutates || seen !== at || loss.lost) return;
        loss.lost = true;
        throw Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
      });
      return loss;
    };
    const clean = await lives(loseAws(0));
    expect(clean.breaches).toEqual([]);
    let at = 1;
    for (; ; at += 1) {
      const disturbed = await lives(loseAws(at));
      if (!disturbed.lost) break;
      expect({ at, ends: disturbed.ends, breaches: disturbed.breaches }).toEqual({
        at,
        ends: clean.ends,
        breaches: [],
      });
    }
    expect(at).toBeGreaterThan(15);
  }, 60_000);

  it('of Kubernetes, to a write that was carried out, is made up for by the next pass', async () => {
    const loseKubernetes = (at: number) => (world: World) => {
      let seen = 0;
      const loss = { lost: false };
      world.tap = {
        observe({ writes }, when) {
          if (!writes || when !== 'after') return;
          seen += 1;
          if (seen !== at) return;
          loss.lost = true;
          throw new ApiError(0, 'Unreachable', 'the answer was lost');
        },
      };
      return loss;
    };
    const clean = await lives(loseKubernetes(0));
    let at = 1;
    for (; ; at += 1) {
      const disturbed = await lives(loseKubernetes(at));
      if (!disturbed.lost) break;
      expect({ at, ends: disturbed.ends, breaches: disturbed.breaches }).toEqual({
        at,
        ends: clean.ends,
        breaches: [],
      });
    }
    expect(at).toBeGreaterThan(8);
  }, 60_000);
});

/** As the controller does: a pass that throws is run again. */
async function patiently(world: World): Promise<void> {
  try {
    await world.settle('production');
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    await world.settle('production');
  }
}
