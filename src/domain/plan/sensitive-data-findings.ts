import { policyName } from '../names.ts';
import type { SignalContext } from './alarm-presets.ts';
import type { Obstacle } from './obstacle.ts';
import type { Signal } from './signal.ts';

/**
 * What the masking of this monitor found. AWS's pages disagree on the dimensions of the metric: one page has none, the
 * API reference has the policy's Name (PutDataProtectionPolicy). So CloudWatch is asked under which dimensions it lists
 * the metric with our policy's name. As long as it lists none (before the first finding), the alarm watches the dimension
 * that the API reference names: at worst it is silent, and never about the findings of another policy.
 */
export function sensitiveDataFindings({ period, facts }: SignalContext): Signal | Obstacle {
  const { findingsDimensions } = facts;
  if ('unknown' in findingsDimensions) {
    const { unknown, reason = 'DependencyNotReady' } = findingsDimensions;
    return { reason, message: `waits: CloudWatch could not be asked about the findings of masking (${unknown})` };
  }
  const dimensions = findingsDimensions.known ?? { Name: policyName(facts.owner, facts.place) };
  return { metric: { namespace: 'AWS/Logs', name: 'LogEventsWithFindings', dimensions, statistic: 'Sum', period } };
}
