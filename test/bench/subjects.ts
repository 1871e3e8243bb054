import type { BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import { features } from '#src/domain/plan/types.ts';
import { surround, surroundings } from '#test/support/arbitrary/surroundings.ts';
import { everyFeature } from '#test/support/every-feature.ts';
import { basicSpec, loggingRole } from '#test/support/specs.ts';
import type { World } from '#test/support/world.ts';
import { createWorld } from '#test/support/world.ts';

interface Subject {
  readonly what: string;
  /** Also makes what it stands on. */
  readonly spec: (world: World) => BedrockMonitorSpec;
}

const basic = ({ aws }: World): BedrockMonitorSpec => basicSpec(loggingRole(aws));

/** What is measured: a short monitor, one with many alarms, and one with every feature. */
export const subjects: readonly Subject[] = [
  { what: '6 AWS resources', spec: basic },
  {
    what: '105 AWS resources, 100 of them alarms',
    spec: (world) => ({
      ...basic(world),
      alarms: Array.from({ length: 100 }, (_, index) => ({ name: `throttling-${index}`, preset: 'Throttling' })),
    }),
  },
  {
    what: '35 AWS resources, every feature',
    spec({ aws, clock }) {
      surround(aws, clock.now());
      return everyFeature(surroundings);
    },
  },
];

/** A world for one of them. */
export function createSubjectWorld(): Promise<World> {
  return createWorld({ settings: { features: new Set(features) } });
}

/** The same with a higher threshold for the first alarm. */
export function edited(spec: BedrockMonitorSpec): BedrockMonitorSpec {
  return {
    ...spec,
    alarms: spec.alarms?.map((alarm, index) => (index === 0 ? { ...alarm, threshold: 7 } : alarm)) ?? [],
  };
}
