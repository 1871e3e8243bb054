import type { BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import { ownedBy } from '#src/domain/inventory.ts';
import { logGroupOf } from '#src/domain/logging-configuration.ts';
import { policyName } from '#src/domain/names.ts';
import { isPattern } from '#src/domain/plan/models.ts';
import type { Fact, Facts } from '#src/domain/plan.ts';
import { troubleOf } from '#src/domain/result.ts';
import { observeLogging } from './ground.ts';
import { rethrowIfOver } from './observe.ts';
import type { Pass } from './pass.ts';

/** What planning needs to know of AWS, and nothing that this spec does not ask for. No write. */
export async function gatherFacts(pass: Pass): Promise<Facts> {
  const [deliveredLogGroup, modelsInUse, findingsDimensions] = await Promise.all([
    needsDeliveredGroup(pass.monitor.spec)
      ? fact(pass, async () => logGroupOf((await observeLogging(pass))?.resource.configuration))
      : { known: undefined },
    usesPatterns(pass.monitor.spec) ? fact(pass, () => readModels(pass)) : { known: [] },
    usesFindings(pass.monitor.spec)
      ? fact(pass, () => pass.traffic.findingsDimensions(policyName(pass.owner, pass.place), pass.signal))
      : { known: undefined },
  ]);
  return { ...factsWithoutReading(pass), deliveredLogGroup, modelsInUse, findingsDimensions };
}

/** What is known without AWS: enough to plan logging itself. */
export function factsWithoutReading({ owner, place, access, ports, monitor }: Pass): Facts {
  return {
    owned: ownedBy(monitor) ?? new Set(),
    owner,
    place,
    actionARNs: access.actionARNs,
    features: ports.settings.features,
    deliveredLogGroup: { known: undefined },
    modelsInUse: { known: [] },
    findingsDimensions: { known: undefined },
  };
}

/** Only monitors without a log group of their own ask whom Bedrock delivers to. */
function needsDeliveredGroup(spec: BedrockMonitorSpec): boolean {
  const { invocationLogging, savedQueries = [], dashboards = [], alarms = [] } = spec;
  if (invocationLogging?.cloudWatchLogs !== undefined) return false;
  return savedQueries.length + dashboards.length > 0 || alarms.some(({ logQuery }) => logQuery !== undefined);
}

/** Whether any list of models has a `*`. */
function usesPatterns({
  models = [],
  alarms = [],
  anomalyDetectors = [],
  slos = [],
  dashboards = [],
}: BedrockMonitorSpec): boolean {
  return [{ models }, ...alarms, ...anomalyDetectors, ...slos, ...dashboards].some((entry) =>
    entry.models?.some(isPattern),
  );
}

function usesFindings({ alarms = [] }: BedrockMonitorSpec): boolean {
  return alarms.some(({ preset }) => preset === 'SensitiveDataFindings');
}

/** A model that CloudWatch lists no more keeps its alarms until it was missing for a while: one odd answer prunes nothing. */
async function readModels(pass: Pass): Promise<readonly string[]> {
  const listed = await pass.traffic.models(pass.signal);
  return pass.ports.memory.models(
    pass.owner.uid,
    listed,
    pass.monitor.status?.models ?? [],
    pass.ports.clock.monotonic(),
  );
}

async function fact<T>(pass: Pass, read: () => Promise<T>): Promise<Fact<T>> {
  try {
    return { known: await read() };
  } catch (error) {
    rethrowIfOver(pass, error);
    const { kind, reason, message } = troubleOf(error);
    return { unknown: message, ...(kind === 'stall' && { reason }) };
  }
}
