import type { Decision } from '#src/domain/decide.ts';
import { notApproved, reportOnly } from '#src/domain/hold.ts';
import type { Planned } from '#src/domain/plan.ts';
import type { Observed, ResourceRef } from '#src/domain/resource.ts';
import type { Result, Trouble } from '#src/domain/result.ts';
import { refKey, troubleOf } from '#src/domain/result.ts';
import { hashOf } from '#src/domain/shown-value.ts';
import { isApproved } from './approval.ts';
import { noteAccepted, noteCorrection } from './contention.ts';
import type { Judged, Looked } from './observe.ts';
import { handlerOf, isOver, look, rethrowIfOver } from './observe.ts';
import type { Pass } from './pass.ts';
import { waitsFor } from './waits-for.ts';

/** A read older than this is no licence to write: AWS overwrites silently, so the names are read again first. */
const FRESH_READ_MS = 10_000;
/** So many are written between two reads, which the handlers batch. */
export const CHUNK = 20;

/** A name that another monitor takes in the same moment is looked at again after this. */
const TAKEN_MS = 10_000;

/** The slice was over before its turn came. */
export const pending: Trouble = { kind: 'wait', reason: 'Progressing', message: 'not begun yet', retryAfterMs: 0 };

/**
 * Makes AWS match, resource by resource in the given order. One that fails holds up only what says that it comes `after`
 * it; `done` is what was made of other resources in this pass.
 */
export async function act(
  pass: Pass,
  looked: readonly Looked[],
  done: readonly Result[] = [],
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const chunk of chunks(looked)) {
    const written: Written[] = [];
    for (const one of await refreshed(pass, chunk)) {
      const waiting = 'decision' in one && isWriting(one.decision) && waitsFor(one.planned, [...done, ...results]);
      written.push(waiting ? { done: failed(one.planned, waiting) } : await write(pass, one));
    }
    results.push(...(await Promise.all(written.map((one) => readBack(pass, one)))));
  }
  return results;
}

/** At most so many that a read is fresh for all, and none together with what it comes after, which is read back first. */
function chunks(looked: readonly Looked[]): readonly (readonly Looked[])[] {
  const all: Looked[][] = [];
  let names = new Set<string>();
  for (const one of looked) {
    const chunk = all.at(-1);
    const follows = one.planned.after.some((ref) => names.has(refKey(ref)));
    if (chunk === undefined || chunk.length === CHUNK || follows) {
      all.push([one]);
      names = new Set();
    } else chunk.push(one);
    names.add(refKey(one.planned.resource));
  }
  return all;
}

/** What the decisions say, without acting on them: for a mode that writes nothing. */
export function report(looked: Looked, hold: Trouble): Result {
  if ('trouble' in looked) return failed(looked.planned, looked.trouble);
  const { decision, planned } = looked;
  switch (decision.do) {
    case 'nothing':
      return inSync(decision);
    case 'refuse':
      return decision.later ? uncreated(looked, hold) : failed(planned, decision.trouble);
    case 'hold':
      return heldBack(decision);
    case 'create':
      return uncreated(looked, hold);
    default:
      return {
        ...base(planned),
        state: 'Differs',
        trouble: hold,
        would: decision.do === 'adopt' ? 'Adopt' : 'Update',
        changes: decision.changes,
        ...stateOf(decision.observed),
        ...(looked.reported.length > 0 && { reported: looked.reported }),
        ...drift(looked),
      };
  }
}

function uncreated(looked: Judged, trouble: Trouble): Result {
  const { planned } = looked;
  const content = hashOf(JSON.stringify(planned.resource));
  return { ...base(planned), state: 'Differs', trouble, would: 'Create', content, ...drift(looked) };
}

type Writing = Decision & { do: 'create' | 'update' | 'adopt' };

/** Whether a decision writes to AWS. */
export function isWriting(decision: Decision): decision is Writing {
  return decision.do === 'create' || decision.do === 'update' || decision.do === 'adopt';
}

type Written =
  | { readonly done: Result }
  | { readonly looked: Judged; readonly ref: ResourceRef; readonly decision: Writing };

function refreshed(pass: Pass, chunk: readonly Looked[]): Promise<readonly Looked[]> {
  const now = pass.ports.clock.monotonic();
  return Promise.all(
    chunk.map((one) => {
      const stale = 'decision' in one && isWriting(one.decision) && now - one.at > FRESH_READ_MS && !isOver(pass);
      return stale ? look(pass, one.planned, true) : Promise.resolve(one);
    }),
  );
}

async function write(pass: Pass, looked: Looked): Promise<Written> {
  const { planned } = looked;
  if ('trouble' in looked) return { done: failed(planned, looked.trouble) };
  const { decision } = looked;
  if (decision.do === 'nothing') return { done: inSync(decision) };
  if (decision.do === 'refuse') return { done: failed(planned, decision.trouble) };
  if (decision.do === 'hold') return { done: heldBack(decision) };
  if (!isApproved(pass, report(looked, notApproved))) return { done: report(looked, notApproved) };
  const isThere = decision.do === 'update' ? ({ exists: true } as const) : {};
  if (isOver(pass)) return { done: { ...base(planned), state: 'Pending', trouble: pending, ...isThere } };
  const observed = decision.do === 'create' ? undefined : decision.observed;
  const { memory, clock } = pass.ports;
  const isNew = decision.do !== 'update';
  if (isNew && !memory.taking.take(pass.owner.uid, pass.place, planned.resource, clock.monotonic()))
    return { done: failed(planned, taken(planned)) };
  if (looked.drifted) noteCorrection(pass, planned.resource);
  else pass.ports.memory.rewrites(pass.owner.uid, planned.resource);
  try {
    const ref = await handlerOf(pass, planned.resource.kind).apply(planned.resource, observed, pass.signal);
    noteAccepted(pass, planned.resource);
    return { looked, ref, decision };
  } catch (error) {
    rethrowIfOver(pass, error);
    return { done: { ...failed(planned, troubleOf(error)), ...isThere } };
  } finally {
    if (isNew) memory.taking.took(pass.owner.uid, pass.place, planned.resource, clock.monotonic());
  }
}

function taken({ resource }: Planned): Trouble {
  return {
    kind: 'wait',
    reason: 'ConcurrentChange',
    message: `another BedrockMonitor has just made or taken ${resource.kind} ${resource.name}: it is left alone until AWS shows whose it is`,
    retryAfterMs: TAKEN_MS,
  };
}

/** In sync is only what was read back and is equal. Whatever AWS does not show is written again with growing patience. */
async function readBack(pass: Pass, written: Written): Promise<Result> {
  if ('done' in written) return written.done;
  const { looked, ref, decision } = written;
  const { planned } = looked;
  const head = {
    ...base(planned),
    ref,
    action: actions[decision.do],
    ...('changes' in decision && { changes: decision.changes }),
    ...drift(looked),
  } as const;
  const again = await look(
    pass,
    { ...planned, resource: { ...planned.resource, ...(ref.id !== undefined && { id: ref.id }) } },
    false,
  );
  if ('trouble' in again) return { ...head, state: 'Updated', trouble: again.trouble };
  // What was reported before the write is reported after it.
  if (again.decision.do === 'nothing' && looked.reported.length === 0) return { ...inSync(again.decision), ...head };
  if (again.decision.do === 'nothing' || again.decision.do === 'hold')
    return { ...head, state: 'Differs', trouble: reportOnly, changes: looked.reported };
  return {
    ...head,
    state: 'Updated',
    trouble: {
      kind: 'wait',
      reason: 'Propagating',
      message: `${ref.kind} ${ref.name} was written, and AWS does not show it yet`,
    },
  };
}

const actions = { create: 'created', update: 'updated', adopt: 'adopted' } as const;

function drift(looked: { readonly drifted: boolean }): { readonly drifted?: true } {
  return looked.drifted ? { drifted: true } : {};
}

function heldBack({ planned, observed, changes, trouble }: Decision & { do: 'hold' }): Result {
  const gone = observed === undefined ? ({ would: 'Create' } as const) : { changes };
  return { ...base(planned), state: 'Differs', trouble, drifted: true, ...gone, ...(observed && stateOf(observed)) };
}

function stateOf({ alarmState }: Observed): Pick<Result, 'alarmState'> {
  return alarmState === undefined ? {} : { alarmState };
}

function base(planned: Planned): Pick<Result, 'ref' | 'part' | 'path'> {
  const { kind, name } = planned.resource;
  return { ref: { kind, name }, part: planned.part, path: planned.path };
}

function inSync(decision: Decision & { do: 'nothing' }): Result {
  const { planned, observed } = decision;
  const head = base(planned);
  return {
    ...head,
    ref: { ...head.ref, ...(observed.id !== undefined && { id: observed.id }) },
    state: 'InSync',
    observed: observed.resource,
    ...stateOf(observed),
    ...(observed.arn !== undefined && { arn: observed.arn }),
    ...(observed.notes !== undefined && observed.notes.length > 0 && { notes: observed.notes }),
  };
}

export function failed(planned: Planned, trouble: Trouble): Result {
  return { ...base(planned), state: trouble.kind === 'wait' ? 'Waiting' : 'Failed', trouble };
}
