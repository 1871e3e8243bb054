import type { BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import type { Fact, Facts } from './types.ts';

/** The log group that records of invocations are read from: this monitor's own, else the one that Bedrock delivers to. */
export function recordsGroup(spec: BedrockMonitorSpec, facts: Facts): Fact<string | undefined> {
  const own = spec.invocationLogging?.cloudWatchLogs?.logGroup.name;
  return own === undefined ? facts.deliveredLogGroup : { known: own };
}
