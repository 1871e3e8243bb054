import { describe } from 'vitest';
import type { BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import { features } from '#src/domain/plan/types.ts';
import { surround, surroundings } from '#test/support/arbitrary/surroundings.ts';
import type { Scenario } from '#test/support/crash-sweep.ts';
import { sweep } from '#test/support/crash-sweep.ts';
import { everyFeature } from '#test/support/every-feature.ts';
import type { World } from '#test/support/world.ts';

const edition = (change: Parameters<typeof everyFeature>[1]) => () => everyFeature(surroundings, change);
const everything = edition({});
const withDeletion = (): BedrockMonitorSpec => ({
  ...everything(),
  deletionPolicy: { default: 'Delete', dataProtection: 'Delete', logGroup: 'Delete' },
});

const base = {
  settings: { features: new Set(features) },
  found: (world: World) => surround(world.aws, world.clock.now()),
};

const usual: readonly Scenario[] = [
  {
    ...base,
    name: 'a rename of everything',
    before: everything,
    after: edition({ prefix: 'next-', group: '/aws/bedrock/next' }),
  },
  {
    ...base,
    name: 'an edit of everything that is taken back',
    before: everything,
    after: edition({ threshold: 7, child: 'next-' }),
    finally: everything,
  },
  { ...base, name: 'the deletion of everything', before: withDeletion, after: () => undefined },
];

const long: readonly Scenario[] = [
  { ...base, name: 'the creation of everything', before: () => undefined, after: everything },
  { ...base, name: 'an edit of everything', before: everything, after: edition({ threshold: 7 }) },
  {
    ...base,
    name: 'a rename of the alarms under composites',
    before: everything,
    after: edition({ child: 'next-' }),
  },
  {
    ...base,
    name: 'the removal of everything from the spec',
    before: everything,
    after: () => ({ region: surroundings.region }),
  },
];

/** Few in `npm test`: a run with everything is some three hundred calls. */
const FEW = 1;

describe('a crash at any external call, with every feature in use', () => {
  sweep(usual, FEW, long);
});
