/** One line of the product taken away, and the test that must notice. */
export interface Mutation {
  readonly name: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly noticedBy: string;
  /** Only the tests with this in their name: the rest would take longer and say no more. */
  readonly only?: string;
}

export const mutations: readonly Mutation[] = [
  {
    name: 'without the checkpoint',
    file: 'src/reconcile/reconcile.ts',
    from: 'const latest = suspended ? monitor : await checkpoint(pass, looked, found);',
    to: 'const latest = suspended ? monitor : await ports.records.addFinalizer(monitor, signal);',
    noticedBy: 'test/reconcile/crash-sweep.test.ts',
    only: 'an edit that is taken back',
  },
  {
    name: 'without masking before logging',
    file: 'src/reconcile/enforce.ts',
    from: 'await syncLogging(pass, safe, logging, unmasked)',
    to: 'await syncLogging(pass, safe, logging, undefined)',
    noticedBy: 'test/reconcile/masking.test.ts',
  },
  {
    name: 'without the claim check',
    file: 'src/reconcile/ground.ts',
    from: "if (standing.kind === 'Holder' || standing.kind === 'Take') return undefined;",
    to: 'if (at) return undefined;',
    noticedBy: 'test/reconcile/claim.test.ts',
  },
  {
    name: 'without reading the mark before writing',
    file: 'src/domain/decide.ts',
    from: "if (mark.state === 'Unread' || isOurs(resource, observed, owner, place)) return undefined;",
    to: 'if (mark || isOurs(resource, observed, owner, place)) return undefined;',
    noticedBy: 'test/reconcile/safety.test.ts',
  },
  {
    name: 'without reading back',
    file: 'src/reconcile/act.ts',
    from: "if (again.decision.do === 'nothing') return { ...inSync(again.decision), ...head };",
    to: "if (again.decision) return { ...head, state: 'InSync' };",
    noticedBy: 'test/reconcile/story.test.ts',
  },
];
