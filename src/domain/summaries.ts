import type { BedrockMonitorStatus } from '#src/api/v1alpha1.ts';
import { isoSeconds, shorten } from './conditions.ts';
import type { Part, Plan } from './plan.ts';
import type { Result } from './result.ts';

/** `status.resources` holds at most so many, those not in sync first. */
const RESOURCES_LIMIT = 100;

type ResourceStatus = NonNullable<BedrockMonitorStatus['resources']>[number];

/** `14/14`: how many of a part's planned resources are in sync. */
export function summary(
  part: Part,
  plan: Plan,
  results: readonly Result[],
): { summary: string; total: number; inSync: number } {
  const planned = plan.resources.filter((one) => one.part === part).length;
  const refused = new Set(plan.remarks.filter((one) => one.part === part && !one.note).map(({ path }) => path)).size;
  const inSync = results.filter((one) => one.part === part && one.state === 'InSync').length;
  const total = planned + refused;
  return { summary: `${inSync}/${total}`, total, inSync };
}

function shownState(state: Result['state']): ResourceStatus['state'] {
  return state === 'Differs' || state === 'Gone' || state === 'Retained' ? 'Pending' : state;
}

/** The resources for people, those not in sync first; `lastChanged` moves only when the pass wrote the resource. */
export function resourceList(
  results: readonly Result[],
  before: readonly ResourceStatus[],
  nowMs: number,
): { resources: readonly ResourceStatus[]; omitted: number } {
  const shown = results
    .filter(({ state }) => state !== 'Gone' && state !== 'Retained')
    .sort((a, b) => Number(a.state === 'InSync') - Number(b.state === 'InSync'));
  const resources = shown.slice(0, RESOURCES_LIMIT).map((result): ResourceStatus => {
    const { kind, name } = result.ref;
    const old = before.find((one) => one.kind === kind && one.name === name);
    const lastChanged = result.action !== undefined ? isoSeconds(nowMs) : old?.lastChanged;
    return {
      kind,
      name,
      ...(result.arn !== undefined && { arn: result.arn }),
      state: shownState(result.state),
      ...(result.trouble !== undefined && {
        reason: result.trouble.reason,
        message: shorten(result.trouble.message),
      }),
      ...(lastChanged !== undefined && { lastChanged }),
    };
  });
  return { resources, omitted: shown.length - resources.length };
}
