import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryValidSpec } from '#test/support/arbitrary-spec.ts';
import { restOf } from '#test/support/rest-of.ts';

const SEED = Number(process.env['SEED'] ?? 20_261_126);
const RUNS = Number(process.env['RUNS'] ?? 30);

describe('a spec of any fields', () => {
  it(`comes to rest with every condition true, and a new process writes nothing (SEED=${SEED})`, async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryValidSpec, async (spec) => {
        expect(await restOf(spec)).toEqual({ untrue: [], writes: [], news: [] });
      }),
      { seed: SEED, numRuns: RUNS, endOnFailure: false },
    );
  }, 600_000);
});
