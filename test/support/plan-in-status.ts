import { annotations } from '#src/api/annotations.ts';
import type { BedrockMonitor, BedrockMonitorStatus } from '#src/api/v1alpha1.ts';
import type { World } from './world.ts';

/** `status.plan`; throws where there is none. */
export function planOf(monitor: BedrockMonitor | undefined): NonNullable<BedrockMonitorStatus['plan']> {
  const plan = monitor?.status?.plan;
  if (plan === undefined) throw new Error('no plan');
  return plan;
}

/** A person approves the plan of this hash. */
export function approve(world: World, hash: string | undefined): Promise<void> {
  return world.annotate('production', { [annotations.approvePlan]: hash ?? '' });
}
