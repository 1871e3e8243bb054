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
    from: 'const monitor = await checkpoint(pass, scene.looked, scene);',
    to: 'const monitor = await pass.ports.records.addFinalizer(pass.monitor, pass.signal);',
    noticedBy: 'test/reconcile/crash-sweep.test.ts',
    only: 'an edit that is taken back',
  },
  {
    name: 'without masking before logging',
    file: 'src/reconcile/enforce.ts',
    from: 'syncLogging(pass, safe, logging, unmasked ?? obstacleToLogging(obstacles))',
    to: 'syncLogging(pass, safe, logging, obstacleToLogging(obstacles))',
    noticedBy: 'test/reconcile/masking.test.ts',
  },
  {
    name: 'without the claim check',
    file: 'src/reconcile/stand.ts',
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
    from: "if (again.decision.do === 'nothing' && looked.reported.length === 0) return { ...inSync(again.decision), ...head };",
    to: "if (again.decision) return { ...head, state: 'InSync' };",
    noticedBy: 'test/reconcile/story.test.ts',
  },
  {
    name: 'without saving what is taken over',
    file: 'src/reconcile/logging.ts',
    from: 'previous: taking ? JSON.stringify(live) : priorOf(pass, ground),',
    to: "previous: 'none',",
    noticedBy: 'test/reconcile/logging-takeover.test.ts',
    only: 'puts it back where the spec stops asking',
  },
  {
    name: 'without asking whether it may be adopted',
    file: 'src/domain/decide.ts',
    from: "if (observed.notAdoptable === undefined && isGiven(observed, owner, terms)) return 'adopt';",
    to: "if (terms) return 'adopt';",
    noticedBy: 'test/reconcile/takeover.test.ts',
  },
  {
    name: 'without asking whether the plan was approved',
    file: 'src/reconcile/approval.ts',
    from: 'if (wanted === preview.hash) {',
    to: 'if (wanted !== undefined) {',
    noticedBy: 'test/reconcile/plan-mode.test.ts',
  },
  {
    name: 'without the end of corrections',
    file: 'src/reconcile/contention.ts',
    from: 'if (count < MOST_CORRECTIONS && !gaveUp(pass, ref)) return undefined;',
    to: 'if (count >= 0) return undefined;',
    noticedBy: 'test/reconcile/drift-policies.test.ts',
  },
  {
    name: 'without asking whether records still arrive',
    file: 'src/reconcile/remove.ts',
    from: 'return logGroupOf((await observeLogging(pass))?.resource.configuration) === name;',
    to: "return logGroupOf((await observeLogging(pass))?.resource.configuration) === '';",
    noticedBy: 'test/reconcile/policies.test.ts',
  },
];
