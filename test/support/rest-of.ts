import type { BedrockMonitor, BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import { features } from '#src/domain/plan/types.ts';
import { surround, surroundingAccess } from '#test/support/arbitrary/surroundings.ts';
import type { World } from './world.ts';
import { createWorld } from './world.ts';

/** What a world comes to with one spec, and what a new process does with it then. */
export async function restOf(spec: BedrockMonitorSpec) {
  const world = await createWorld({ settings: { features: new Set(features) } });
  try {
    surround(world.aws, world.clock.now());
    world.access = surroundingAccess;
    await world.apply('production', spec);
    await world.settle('production');
    await world.clock.advance(60_000);
    const monitor = await world.settle('production');
    world.aws.forgetCalls();
    world.kubernetes.forgetCalls();
    const news = world.news.length;
    world.restart();
    await world.clock.advance(600_000);
    await world.pass('production', 'genai', 'Drift');
    await world.clock.advance(600_000);
    await world.pass('production', 'genai', 'State');
    return {
      untrue: untrueOf(monitor),
      writes: writesOf(world),
      news: world.news.slice(news),
    };
  } finally {
    await world.close();
  }
}

/** Conditions that are not true; that records arrive is unknown, for there are none. */
function untrueOf(monitor: BedrockMonitor | undefined): readonly string[] {
  const conditions = monitor?.status?.conditions ?? [];
  if (!conditions.some(({ type }) => type === 'Ready')) return ['there is no Ready'];
  return conditions
    .filter(({ status, type }) => status !== (type === 'Delivering' ? 'Unknown' : 'True'))
    .map(({ type, reason, message }) => `${type} ${reason}: ${message}`);
}

function writesOf(world: World): readonly string[] {
  return [
    ...world.aws.writes().map(({ operation, input }) => `${operation} ${JSON.stringify(input)}`),
    ...world.kubernetes.calls.filter(({ writes }) => writes).map(({ verb, plural }) => `${verb} ${plural}`),
  ];
}
