import { destinationsOf } from '#src/domain/logging-configuration.ts';
import { adoptionOf } from '#src/domain/policies.ts';
import type { Trouble } from '#src/domain/result.ts';
import type { Ground } from './ground.ts';
import type { Pass } from './pass.ts';
import { nameOf } from './stand.ts';

/** Characters. What is saved must fit beside the rest in a Lease and a status. */
export const MOST_SAVED = 16_384;

/**
 * Why a configuration that no monitor of this cluster wrote is left as it is; undefined: there is none, or the spec says
 * to take over. What a monitor of another cluster wrote is never taken.
 */
export function foreign(pass: Pass, ground: Ground): Trouble | undefined {
  if (ground.ownership !== 'Foreign') return undefined;
  const { maker, at, live } = ground;
  const what = `account ${at.accountID} already logs invocations in ${at.region} to ${destinationsOf(live).join(' and ') || 'nowhere'}`;
  if (maker !== undefined) {
    const who = nameOf(`${maker.namespace}/${maker.name}`, pass);
    return {
      kind: 'stall',
      reason: 'OwnedByAnotherCluster',
      message: `${what}, which belongs to ${who} of cluster ${maker.cluster}. AWS has one such configuration per account and Region: remove invocationLogging from this monitor or from that one`,
    };
  }
  const off = `aws bedrock delete-model-invocation-logging-configuration --region ${at.region}`;
  if (adoptionOf(pass.monitor.spec, 'InvocationLogging') !== 'Always') {
    return stalled(
      `${what}, and no BedrockMonitor set that up, so it is left as it is. To take over set adoptionPolicy.invocationLogging: Always (what is there is saved, and put back when this monitor is deleted); or switch it off (${off}) and this monitor sets its own at its next look`,
    );
  }
  if (JSON.stringify(live).length <= MOST_SAVED) return undefined;
  return stalled(
    `${what}, by a configuration of more than ${MOST_SAVED} characters, which cannot be saved whole and so is not replaced. Keep a copy of it, switch it off (${off}), and this monitor sets its own`,
  );
}

function stalled(message: string): Trouble {
  return { kind: 'stall', reason: 'ForeignConfiguration', message };
}
