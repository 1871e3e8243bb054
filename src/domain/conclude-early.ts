import type { BedrockMonitor, BedrockMonitorStatus } from '#src/api/v1alpha1.ts';
import type { Saying } from './conditions.ts';
import { mergeConditions } from './conditions.ts';
import type { InventoryEntry } from './inventory.ts';
import { modeOf } from './mode.ts';
import { transitions } from './news.ts';
import { onDelete } from './on-delete.ts';
import type { Outcome } from './outcome.ts';
import { nextOf } from './outcome.ts';
import type { Feature } from './plan/types.ts';
import type { Trouble } from './result.ts';
import { conditionOfPart, declaredParts, sayProgress, saySuspended } from './say.ts';

/** The pass could not begin (credentials, the platform's list, the account guard): nothing of AWS is known anew. */
export function concludeBlocked(
  monitor: BedrockMonitor,
  trouble: Trouble,
  now: number,
  { dryRunAll, features }: { readonly dryRunAll: boolean; readonly features: ReadonlySet<Feature> },
): Outcome {
  const { generation = 0 } = monitor.metadata;
  const before = monitor.status;
  const { reason, message } = trouble;
  const mode = modeOf(monitor, now, dryRunAll);
  const said: readonly Saying[] = declaredParts(monitor.spec).map((part) => ({
    type: conditionOfPart[part],
    status: 'Unknown',
    reason,
    message: 'AWS was not looked at; see Ready',
  }));
  const conditions = mergeConditions(
    before?.conditions ?? [],
    [{ type: 'Ready', status: 'False', reason, message }, ...said, ...sayProgress([trouble]), ...saySuspended(mode)],
    generation,
    now,
  );
  return {
    monitor,
    status: {
      ...before,
      observedGeneration: generation,
      conditions: [...conditions],
      mode,
      ...(before?.inventory !== undefined && {
        onDelete: onDelete(monitor, mode, before.inventory, before.invocationLogging, features),
      }),
    },
    next: nextOf([trouble]),
    events: transitions(before?.conditions ?? [], conditions),
  };
}

/** The checkpoint: what is about to be created is on record, and the monitor says that it is being worked on. */
export function underWay(
  monitor: BedrockMonitor,
  inventory: readonly InventoryEntry[],
  whole: boolean,
  identity: { readonly accountID: string; readonly arn: string },
  now: number,
): BedrockMonitorStatus {
  const { generation = 0, uid } = monitor.metadata;
  const before = monitor.status;
  const progressing: readonly Saying[] = [
    { type: 'Ready', status: 'False', reason: 'Progressing', message: 'AWS is being brought to the spec' },
    { type: 'Reconciling', status: 'True', reason: 'Progressing', message: 'AWS is being brought to the spec' },
  ];
  const others = (before?.conditions ?? []).filter(
    ({ type }) => type !== 'Ready' && type !== 'Reconciling' && type !== 'Stalled',
  );
  return {
    ...before,
    observedGeneration: generation,
    conditions: [...mergeConditions(before?.conditions ?? [], progressing, generation, now), ...others],
    accountID: identity.accountID,
    identityARN: identity.arn,
    ...(whole && { inventoryUID: uid }),
    inventory: [...inventory],
  };
}
