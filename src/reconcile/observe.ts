import type { Decision } from '#src/domain/decide.ts';
import { decide } from '#src/domain/decide.ts';
import { isRetained } from '#src/domain/inventory.ts';
import { parseMark } from '#src/domain/names.ts';
import type { Planned } from '#src/domain/plan.ts';
import type { Change, Kind, Observed, Resource, ResourceRef } from '#src/domain/resource.ts';
import type { Trouble } from '#src/domain/result.ts';
import { refKey, troubleOf } from '#src/domain/result.ts';
import type { Pass } from './pass.ts';
import type { ResourceHandler } from './ports.ts';

/** A decision, and the monotonic time of the read that it rests on; or the trouble that kept us from reading. */
export type Looked =
  | { readonly planned: Planned; readonly decision: Decision; readonly at: number }
  | { readonly planned: Planned; readonly trouble: Trouble };

/** Reads every planned resource (the handlers batch) and decides. One that cannot be read does not hold up the others. */
export function lookAtAll(
  pass: Pass,
  planned: readonly Planned[],
  known: ReadonlySet<string>,
): Promise<readonly Looked[]> {
  return Promise.all(planned.map((one) => look(pass, one, pass.fresh || !known.has(refKey(one.resource)))));
}

/** Reads one planned resource and decides. Where there is something to change, the mark is read before it is believed. */
export async function look(pass: Pass, planned: Planned, readMark: boolean): Promise<Looked> {
  const { resource } = planned;
  const handler = handlerOf(pass, resource.kind);
  try {
    const at = pass.ports.clock.monotonic();
    let observed = await handler.observe(resource, readMark ? 'Always' : 'IfFree', pass.signal);
    let changes = changesOf(handler, resource, observed);
    if (observed?.mark.state === 'Unread' && changes.length > 0) {
      observed = await handler.observe(resource, 'Always', pass.signal);
      changes = changesOf(handler, resource, observed);
    }
    const decision = decide(planned, observed, changes, pass.owner, pass.place);
    if (decision.do !== 'refuse' || observed === undefined || !(await isOrphan(pass, planned, observed))) {
      return { planned, decision, at };
    }
    return { planned, decision: { do: 'update', planned, observed, changes }, at };
  } catch (error) {
    rethrowIfOver(pass, error);
    return { planned, trouble: troubleOf(error) };
  }
}

/**
 * Log groups and their masking outlive the monitor that made them. Where that one is gone, another of the same
 * namespace may go on with them; one of another namespace may not, it would see logs that are not its own.
 */
async function isOrphan(pass: Pass, { resource }: Planned, { mark }: Observed): Promise<boolean> {
  if (!isRetained(resource) || mark.state !== 'Owned') return false;
  const { owner, ports, signal } = pass;
  const maker = parseMark(mark.by);
  if (maker === undefined || maker.cluster !== owner.cluster || maker.namespace !== owner.namespace) return false;
  return !(await ports.neighbours.lives(maker, signal));
}

/** The handler of a kind that is only known at run time. The mapped type pairs each kind with its own handler. */
export function handlerOf(pass: Pass, kind: Kind): ResourceHandler<Kind> {
  return pass.handlers[kind];
}

/** An aborted pass is over: whatever was thrown then says nothing about the resource. */
export function rethrowIfOver(pass: Pass, error: unknown): void {
  if (pass.signal.aborted) throw error;
}

/** Nothing more is begun in this slice. */
export function isOver(pass: Pass): boolean {
  return pass.ports.clock.monotonic() >= pass.until;
}

function changesOf(
  handler: ResourceHandler<Kind>,
  resource: Resource & ResourceRef,
  observed: Observed | undefined,
): readonly Change[] {
  return observed === undefined ? [] : handler.diff(resource, observed);
}
