import type { BedrockMonitor, BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import { features } from '#src/domain/plan/types.ts';
import { surround, surroundingAccess } from './arbitrary/surroundings.ts';
import type { World } from './world.ts';
import { createWorld } from './world.ts';

/** What a spec comes to, and what a new process makes of it at two looks after that. */
export async function restOf(spec: BedrockMonitorSpec) {
  const world = await createWorld({ settings: { features: new Set(features) } });
  try {
    surround(world.aws, world.clock.now());
    world.access = surroundingAccess;
    await world.apply('production', spec);
    await world.settle('production');
    await world.clock.advance(60_000);
    const monitor = await world.settle('production');
    const done = await atRest(world, async () => {
      world.restart();
      await world.clock.advance(600_000);
      await world.pass('production', 'genai', 'Drift');
      await world.clock.advance(600_000);
      await world.pass('production', 'genai', 'State');
    });
    return { untrue: untrueOf(monitor), ...done };
  } finally {
    await world.close();
  }
}

/** What is written and told while something happens in a world. */
export async function atRest(world: World, happens: () => Promise<unknown>) {
  world.aws.forgetCalls();
  world.kubernetes.forgetCalls();
  const news = world.news.length;
  await happens();
  return {
    writes: [
      ...world.aws.writes().map(({ operation, input }) => `${operation} ${JSON.stringify(input)}`),
      ...world.kubernetes.calls.filter(({ writes }) => writes).map(({ verb, plural }) => `${verb} ${plural}`),
    ],
    news: world.news.slice(news),
  };
}

/** Conditions that are not true; that records arrive is unknown, for there are none. */
export function untrueOf(monitor: BedrockMonitor | undefined): readonly string[] {
  const conditions = monitor?.status?.conditions ?? [];
  if (!conditions.some(({ type }) => type === 'Ready')) return ['there is no Ready'];
  return conditions
    .filter(({ status, type }) => status !== (type === 'Delivering' ? 'Unknown' : 'True'))
    .map(({ type, reason, message }) => `${type} ${reason}: ${message}`);
}
