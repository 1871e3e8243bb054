import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BedrockMonitor } from '#src/api/v1alpha1.ts';
import { features } from '#src/domain/plan/types.ts';
import { monitors } from '#src/operator/monitors.ts';
import { readExamples } from '#src/playground/examples.ts';
import { readinessOf } from '#src/playground/expectation.ts';
import { accessEntries, clusterName, seedAws } from '#src/playground/seed.ts';
import { arbitraryValidSpec } from '#test/support/arbitrary-spec.ts';
import { installBasics } from '#test/support/basics.ts';
import { leftoversOf } from '#test/support/leftovers.ts';
import { untilAllRest } from '#test/support/rest.ts';
import { atRest, restOf, untrueOf } from '#test/support/rest-of.ts';
import { createWorld } from '#test/support/world.ts';

const SEED = Number(process.env['SEED'] ?? 20_261_126);
const RUNS = Number(process.env['RUNS'] ?? 8);

describe('a spec of any fields', () => {
  it(`comes to rest with every condition true, and a new process writes nothing (SEED=${SEED})`, async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryValidSpec, async (spec) => {
        expect(await restOf(spec)).toEqual({ untrue: [], writes: [], news: [] });
      }),
      { seed: SEED, numRuns: RUNS, endOnFailure: false },
    );
  }, 1_200_000);

  it(`leaves nothing where it is deleted with everything (SEED=${SEED})`, async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryValidSpec, async (spec) => {
        const { before, after, monitor, claims } = await leftoversOf(spec);
        expect(monitor).toBeUndefined();
        expect(claims).toEqual([]);
        expect(after).toEqual(before);
      }),
      { seed: SEED + 1, numRuns: RUNS, endOnFailure: false },
    );
  }, 1_200_000);
});

describe('an example', async () => {
  const examples = await readExamples(join(import.meta.dirname, '../../examples'));

  it.each(examples.map((example) => [example.file.split('/').at(-1) ?? '', example] as const))(
    '%s comes to what it says, and a new process writes nothing',
    async (_, { objects, expectations }) => {
      const world = await createWorld({ cluster: clusterName, settings: { features: new Set(features) } });
      try {
        seedAws(world.aws);
        const namespaces = objects.flatMap(({ kind, metadata }) => (kind === 'Namespace' ? (metadata.name ?? []) : []));
        await installBasics(world.client, namespaces);
        world.access = {
          ownAccount: true,
          roleARNs: accessEntries.flatMap(({ roleARNs }) => roleARNs),
          actionARNs: [],
        };
        for (const object of objects) if (isMonitor(object)) await world.client.create(monitors, object);
        await untilAllRest(world);
        await world.clock.advance(60_000);
        await untilAllRest(world);
        for (const [key, expected] of expectations) {
          const [namespace = '', name = ''] = key.split('/');
          const monitor = await world.get(name, namespace);
          expect(readinessOf(monitor)).toMatchObject(expected);
          expect(expected.status === 'True' ? untrueOf(monitor) : []).toEqual([]);
        }
        const done = await atRest(world, async () => {
          world.restart();
          await world.clock.advance(600_000);
          await untilAllRest(world);
        });
        expect(done).toEqual({ writes: [], news: [] });
      } finally {
        await world.close();
      }
    },
  );
});

function isMonitor(object: object): object is BedrockMonitor {
  return 'kind' in object && object.kind === 'BedrockMonitor';
}
