import { Stalled } from '#src/domain/failure.ts';
import type { Kind } from '#src/domain/resource.ts';
import type { ResourceHandler } from '#src/reconcile/ports.ts';

/** A kind that nothing plans yet. */
export function unbuilt<K extends Kind>(kind: K): ResourceHandler<K> {
  const refuse = () => {
    throw new Stalled('UnsupportedField', `this release does not make a ${kind}`);
  };
  return { observe: refuse, diff: refuse, apply: refuse, delete: refuse };
}
