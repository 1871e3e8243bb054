import type { BedrockMonitorStatus } from '#src/api/v1alpha1.ts';
import type { Result, Would } from './result.ts';
import { hashOf, shownValue } from './shown-value.ts';

type PlanStatus = NonNullable<BedrockMonitorStatus['plan']>;
type ShownChange = NonNullable<PlanStatus['changes']>[number];

/** The bounds of `status.plan`. */
const CHANGES_LIMIT = 50;
const FIELDS_LIMIT = 5;

/** What a pass that may not write would write: every change by the hash over all of it. */
export interface Preview {
  /** Names exactly this plan; undefined: there is nothing to do. */
  readonly hash: string | undefined;
  readonly digests: ReadonlySet<string>;
  readonly status: PlanStatus;
}

/**
 * The plan from the results of a pass that did not write. The hash covers every field of every change, the monitor's
 * uid and generation, and the plan that was applied before: an approval holds for one plan, once.
 */
export function previewOf(
  results: readonly Result[],
  of: { readonly uid: string; readonly generation: number; readonly lastApplied: string | undefined },
): Preview {
  const changes = results.flatMap((result) => (result.would === undefined ? [] : [{ ...result, would: result.would }]));
  const digests = changes.map(digestOf).sort();
  const hash =
    digests.length === 0
      ? undefined
      : hashOf([of.uid, of.generation, of.lastApplied ?? '', ...digests].join('\n')).slice(0, 16);
  const omitted = changes.length - CHANGES_LIMIT;
  const count = (...actions: readonly Would[]) => changes.filter(({ would }) => actions.includes(would)).length;
  return {
    hash,
    digests: new Set(digests),
    status: {
      ...(hash !== undefined && { hash }),
      create: count('Create'),
      update: count('Update', 'Adopt'),
      delete: count('Delete', 'Restore', 'Disable', 'Release'),
      ...(changes.length > 0 && { changes: changes.slice(0, CHANGES_LIMIT).map(shown) }),
      ...(omitted > 0 && { omitted }),
      ...(of.lastApplied !== undefined && { lastApplied: of.lastApplied }),
    },
  };
}

/** One change, whole. */
export function digestOf({ would, ref, content, changes = [] }: Change): string {
  const fields = changes.map(({ path, from, to }) => [path, from, to]);
  return hashOf(JSON.stringify([would, ref.kind, ref.name, content, fields]));
}

type Change = Pick<Result, 'would' | 'ref' | 'content' | 'changes'>;

function shown({ would, ref, changes = [] }: Result & { readonly would: Would }): ShownChange {
  // What cannot be undone is not cut off.
  const lossyFirst = changes.toSorted((a, b) => Number(b.losesData === true) - Number(a.losesData === true));
  const fields = lossyFirst.slice(0, FIELDS_LIMIT).map(({ path, from, to, losesData }) => {
    const [before, after] = [shownValue(from), shownValue(to)];
    return {
      path,
      ...(before !== undefined && { from: before }),
      ...(after !== undefined && { to: after }),
      ...(losesData === true && { losesData }),
    };
  });
  return { action: would, kind: ref.kind, name: ref.name, ...(fields.length > 0 && { fields }) };
}
