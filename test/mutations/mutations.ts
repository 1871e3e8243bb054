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
    file: 'src/reconcile/enforce-logging.ts',
    from: 'syncLogging(pass, safe, logging, unmasked ?? obstacleToLogging(obstacles))',
    to: 'syncLogging(pass, safe, logging, obstacleToLogging(obstacles))',
    noticedBy: 'test/reconcile/masking.test.ts',
  },
  {
    name: 'without the role for the group that Bedrock still delivers to',
    file: 'src/reconcile/scene.ts',
    from: "if (ownership !== 'Ours') return asWritten;",
    to: 'if (ownership !== undefined) return asWritten;',
    noticedBy: 'test/reconcile/logging-role-and-bucket.test.ts',
    only: 'may write to both',
  },
  {
    name: 'without masking before records are copied',
    file: 'src/domain/plan/subscription-filter.ts',
    from: 'after: group.afterMasking',
    to: 'after: group.after',
    noticedBy: 'test/reconcile/log-attachments.test.ts',
    only: 'no filter is made before masking is in force',
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
    from: ': logGroupOf(live) === ref.name;',
    to: ": logGroupOf(live) === '';",
    noticedBy: 'test/reconcile/policies.test.ts',
  },
  {
    name: 'without asking whether Bedrock still delivers with the role',
    file: 'src/reconcile/remove.ts',
    from: "if (!isOfLogs(ref) && ref.kind !== 'LoggingRole') return false;",
    to: 'if (!isOfLogs(ref)) return false;',
    noticedBy: 'test/reconcile/logging-role-and-bucket.test.ts',
    only: 'a role is not deleted as long as a configuration names it',
  },
  {
    name: 'without the statements of others in a bucket policy',
    file: 'src/domain/policy-statements.ts',
    from: ': [...statements, statement];',
    to: ': [statement];',
    noticedBy: 'test/aws/logging-bucket.test.ts',
    only: 'leaves what the spec does not declare',
  },
  {
    name: 'without the switch for what is made on request',
    file: 'src/domain/plan/delivery.ts',
    from: 'if (features.has(feature)) return undefined;',
    to: 'if (features) return undefined;',
    noticedBy: 'test/reconcile/logging-role-and-bucket.test.ts',
    only: 'nothing at all is made without the features',
  },
  {
    name: 'a model that alarms of others use is deleted',
    file: 'src/aws/anomaly-detector.ts',
    from: "if (others > 0) return 'left';",
    to: '',
    noticedBy: 'test/aws/anomaly-detector.test.ts',
  },
  {
    name: 'a model is taken from those who tuned it',
    file: 'src/aws/anomaly-detector.ts',
    from: 'return others === 0 && (isUntuned(model)',
    to: "return others === 0 && (model.kind === 'AnomalyDetector'",
    noticedBy: 'test/reconcile/anomaly-detectors.test.ts',
  },
  {
    name: 'tags that were changed half-way count as the old ones',
    file: 'src/aws/marked-alarm.ts',
    from: "if (saysOtherTags(hash, tags)) await put(arn, markDescription(description, session.owner, 'Changing'), {});",
    to: '',
    noticedBy: 'test/aws/metric-alarm.test.ts',
  },
  {
    name: 'without the claim on the sink',
    file: 'src/reconcile/scene.ts',
    from: 'const sinkBlocked = sink && conflict(sink, pass);',
    to: 'const sinkBlocked = sink && undefined;',
    noticedBy: 'test/reconcile/sink.test.ts',
    only: 'bars every other monitor',
  },
  {
    name: 'an adopted sink locks out whom it admitted',
    file: 'src/reconcile/observe.ts',
    from: "keepingStatements(resource, observed.resource, observed.mark.state === 'Owned')",
    to: 'keepingStatements(resource, observed.resource, true)',
    noticedBy: 'test/reconcile/sink.test.ts',
    only: 'locks nobody out',
  },
];
