import { beforeEach, describe, expect, it } from 'vitest';
import type { BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import { finalizer } from '#src/operator/monitors.ts';
import { ALARM, meddle, thresholdIn } from '#test/support/alarm-by-hand.ts';
import { claimNames } from '#test/support/claim-names.ts';
import { approve, planOf } from '#test/support/plan-in-status.ts';
import { said } from '#test/support/said.ts';
import { basicSpec, edited, GROUP, loggingRole } from '#test/support/specs.ts';
import type { World } from '#test/support/world.ts';
import { ACCOUNT, createWorld, REGION } from '#test/support/world.ts';

describe('mode Plan', () => {
  let world: World;
  let spec: BedrockMonitorSpec;
  const begin = async (options: Parameters<typeof createWorld>[0] = {}) => {
    await world?.close();
    world = await createWorld(options);
    spec = basicSpec(loggingRole(world.aws));
  };
  beforeEach(async () => {
    world = await createWorld();
    spec = basicSpec(loggingRole(world.aws));
    return () => world.close();
  });

  const region = () => world.aws.account(ACCOUNT).region(REGION);
  const settle = () => world.settle('production');
  const written = () => world.aws.writes().map(({ operation }) => operation);
  const news = (reason: string) => world.news.filter((one) => one.reason === reason).map(({ note }) => note);
  const CLAIM = `claim-${ACCOUNT}-${REGION}-invocation-logging`;
  /** In force, then switched to another mode. */
  const switched = async (change: Partial<BedrockMonitorSpec>) => {
    await world.apply('production', spec);
    await settle();
    world.aws.forgetCalls();
    await world.apply('production', { ...spec, ...change });
  };

  it('writes nothing to AWS, takes neither finalizer nor claim, and says what it would do', async () => {
    await world.apply('production', { ...spec, mode: 'Plan' });
    const monitor = await settle();
    expect(written()).toEqual([]);
    expect(await claimNames(world)).toEqual([]);
    expect(monitor?.metadata.finalizers ?? []).toEqual([]);
    expect(monitor?.status?.mode).toBe('Plan');
    expect(said(monitor)).toMatchObject({ status: 'False', reason: 'PlanPending' });
    expect(said(monitor, 'Stalled')).toBeUndefined();
    const plan = planOf(monitor);
    expect(plan).toMatchObject({ hash: expect.stringMatching(/^[0-9a-f]{16}$/), create: 6, update: 0, delete: 0 });
    expect(plan.changes?.map(({ action, kind, name }) => `${action} ${kind} ${name}`).sort()).toEqual([
      expect.stringContaining('Create Dashboard '),
      `Create DataProtectionPolicy ${GROUP}`,
      'Create InvocationLogging invocation-logging',
      `Create LogGroup ${GROUP}`,
      `Create MetricAlarm ${ALARM}`,
      expect.stringContaining('Create QueryDefinition '),
    ]);
  });

  it('tells of a plan by one Event, and writes nothing while it stays the same', async () => {
    await world.apply('production', { ...spec, mode: 'Plan' });
    const hash = planOf(await settle()).hash;
    expect(news('Planned')).toEqual([expect.stringContaining(`plan ${hash}: 6 to create`)]);
    world.kubernetes.forgetCalls();
    await world.clock.advance(600_000);
    await world.pass('production', 'genai', 'Drift');
    expect(world.kubernetes.calls.filter(({ writes }) => writes)).toEqual([]);
    expect(news('Planned')).toHaveLength(1);
    expect(written()).toEqual([]);
  });

  it('shows updates with from and to, deletes, and of long values a hash and the length', async () => {
    await switched({
      mode: 'Plan',
      dashboards: [],
      alarms: [{ name: 'throttling', preset: 'Throttling', threshold: 7 }],
      savedQueries: [{ name: 'latest', queryString: `fields @message | filter a = "${'x'.repeat(200)}"` }],
    });
    const plan = planOf(await settle());
    expect(plan).toMatchObject({ create: 0, update: 2, delete: 1 });
    expect(plan.changes).toContainEqual({
      action: 'Update',
      kind: 'MetricAlarm',
      name: ALARM,
      fields: [expect.objectContaining({ path: 'description' }), { path: 'threshold', from: '0', to: '7' }],
    });
    expect(plan.changes).toContainEqual(expect.objectContaining({ action: 'Delete', kind: 'Dashboard' }));
    const query = plan.changes?.find(({ kind }) => kind === 'QueryDefinition');
    expect(query?.fields).toContainEqual(
      expect.objectContaining({
        path: 'queryString',
        to: expect.stringMatching(/^sha256:[0-9a-f]{16} \(2\d\d characters\)$/),
      }),
    );
    expect(written()).toEqual([]);
  });

  it('does exactly the approved plan, with finalizer and claim, and both stay', async () => {
    await world.apply('production', { ...spec, mode: 'Plan' });
    const { hash } = planOf(await settle());
    await approve(world, hash);
    const monitor = await settle();
    expect(said(monitor)).toMatchObject({ status: 'True', reason: 'InSync' });
    expect(monitor?.metadata.finalizers).toEqual([finalizer]);
    expect(await claimNames(world)).toEqual([CLAIM]);
    expect(monitor?.status).toMatchObject({
      mode: 'Plan',
      plan: { create: 0, update: 0, delete: 0, lastApplied: hash },
      invocationLogging: { state: 'Enabled', claimedBy: 'genai/production' },
    });
    expect(planOf(monitor).hash).toBeUndefined();
    expect(news('PlanApplied')).toEqual([expect.stringContaining(hash ?? '?')]);
    world.aws.forgetCalls();
    await world.clock.advance(600_000);
    await settle();
    expect(written()).toEqual([]);
    expect(await claimNames(world)).toEqual([CLAIM]);
  });

  it('asks for a new approval when the same drift comes again', async () => {
    await world.apply('production', { ...spec, mode: 'Plan' });
    await approve(world, planOf(await settle()).hash);
    await settle();
    const hashes = [];
    for (let time = 0; time < 2; time += 1) {
      meddle(world);
      await world.clock.advance(600_000);
      const seen = await settle();
      expect(thresholdIn(world)).toBe(99);
      expect(said(seen)).toMatchObject({ status: 'False', reason: 'PlanPending' });
      hashes.push(planOf(seen).hash);
      await approve(world, planOf(seen).hash);
      await settle();
      expect(thresholdIn(world)).toBe(0);
    }
    expect(new Set(hashes).size).toBe(2);
  });

  it('does nothing for a hash that is not that of the plan', async () => {
    await world.apply('production', { ...spec, mode: 'Plan' });
    await settle();
    await approve(world, '0123456789abcdef');
    const monitor = await settle();
    expect(said(monitor)).toMatchObject({ reason: 'PlanPending' });
    expect(written()).toEqual([]);
    expect(await claimNames(world)).toEqual([]);
    expect(monitor?.metadata.finalizers ?? []).toEqual([]);
  });

  it('does nothing for the hash of a plan that an edit has replaced', async () => {
    await world.apply('production', { ...spec, mode: 'Plan' });
    const { hash } = planOf(await settle());
    await world.apply('production', { ...edited(spec), mode: 'Plan' });
    await approve(world, hash);
    expect(planOf(await settle()).hash).not.toBe(hash);
    expect(written()).toEqual([]);
  });

  it('does nothing where AWS has changed between plan and approval, and shows the new plan', async () => {
    await switched({ mode: 'Plan' });
    meddle(world, 50);
    await world.clock.advance(600_000);
    const { hash } = planOf(await settle());
    meddle(world, 60);
    await approve(world, hash);
    const monitor = await settle();
    expect(thresholdIn(world)).toBe(60);
    expect(written()).toEqual([]);
    const plan = planOf(monitor);
    expect(plan.hash).not.toBe(hash);
    expect(plan.changes?.[0]?.fields).toEqual([{ path: 'threshold', from: '60', to: '0' }]);
  });

  it('does nothing where what would be made has become something else', async () => {
    const { invocationLogging: _, dataProtection: __, ...watcher } = spec;
    await world.apply('production', { ...watcher, mode: 'Plan', savedQueries: [] });
    const { hash } = planOf(await settle());
    // The Overview shows the latest prompts once Bedrock delivers somewhere.
    region().invocationLogging.configuration = { cloudWatchConfig: { logGroupName: '/theirs', roleArn: 'r' } };
    await approve(world, hash);
    expect(planOf(await settle()).hash).not.toBe(hash);
    expect(written()).toEqual([]);
  });

  it('does not leave logging off where an approved plan makes its lost log group anew', async () => {
    await switched({ mode: 'Plan' });
    await settle();
    region().logGroups.delete(GROUP);
    await world.clock.advance(600_000);
    const plan = planOf(await settle());
    expect(plan.changes?.map(({ kind }) => kind)).toEqual(['LogGroup', 'DataProtectionPolicy']);
    await approve(world, plan.hash);
    expect(said(await settle())).toMatchObject({ status: 'True' });
    expect(region().invocationLogging.configuration).toMatchObject({ cloudWatchConfig: { logGroupName: GROUP } });
  });

  it('goes on with the rest of an approved plan that could not be done at once', async () => {
    world.aws.fault({ operation: 'PutMetricAlarm' }, { kind: 'InternalError' }, 20);
    await world.apply('production', { ...spec, mode: 'Plan' });
    await approve(world, planOf(await settle()).hash);
    expect(said(await settle())).toMatchObject({ status: 'True' });
    expect(region().alarms.has(ALARM)).toBe(true);
  });

  it('does not take an edit for the rest of the plan that was approved before it', async () => {
    const mend = world.aws.fault({ operation: 'PutMetricAlarm' }, { kind: 'InternalError' }, 1_000);
    await world.apply('production', { ...spec, mode: 'Plan' });
    await approve(world, planOf(await settle()).hash);
    await world.pass('production');
    await world.apply('production', { ...spec, mode: 'Plan', deletionPolicy: { alarms: 'Retain' } });
    mend();
    expect(said(await settle())).toMatchObject({ status: 'False', reason: 'PlanPending' });
    expect(region().alarms.has(ALARM)).toBe(false);
  });

  it('shows an adoption before anything is written, with what would change', async () => {
    const group = world.aws
      .account(ACCOUNT)
      .logGroup(REGION, { name: GROUP, retentionInDays: 400, tags: { team: 'x' } });
    const { cloudWatchLogs, dataTypes = [] } = spec.invocationLogging ?? {};
    if (cloudWatchLogs === undefined) throw new Error('no log group');
    const before = structuredClone(group);
    await world.apply('production', {
      ...spec,
      mode: 'Plan',
      adoptionPolicy: { default: 'Always' },
      invocationLogging: {
        dataTypes,
        cloudWatchLogs: { ...cloudWatchLogs, logGroup: { name: GROUP, retentionInDays: 365 } },
        deliveryAlarm: 'Disabled',
      },
    });
    const monitor = await settle();
    const adopts = planOf(monitor).changes?.filter(({ action }) => action === 'Adopt');
    expect(adopts).toEqual([
      expect.objectContaining({
        kind: 'LogGroup',
        name: GROUP,
        fields: expect.arrayContaining([{ path: 'retentionInDays', from: '400', to: '365', losesData: true }]),
      }),
    ]);
    expect(planOf(monitor)).toMatchObject({ create: 5, update: 1 });
    expect(region().logGroups.get(GROUP)).toEqual(before);
    expect(written()).toEqual([]);
  });

  it('shows that logging would be switched off where the spec stops asking, and does it once approved', async () => {
    const { invocationLogging: _, dataProtection: __, savedQueries: ___, ...rest } = spec;
    await world.apply('production', { ...spec, deletionPolicy: { dataProtection: 'Delete' } });
    await settle();
    await world.apply('production', { ...rest, mode: 'Plan', deletionPolicy: { dataProtection: 'Delete' } });
    const shown = planOf(await settle());
    expect(shown.changes?.map(({ action, kind }) => `${action} ${kind}`)).toContain('Disable InvocationLogging');
    expect(shown.changes?.map(({ kind }) => kind)).not.toContain('DataProtectionPolicy');
    expect(region().invocationLogging.configuration).toBeDefined();
    await approve(world, shown.hash);
    await settle();
    expect(region().invocationLogging.configuration).toBeUndefined();
    expect(await claimNames(world)).toEqual([]);
    expect(region().logGroups.get(GROUP)?.dataProtection).toBeDefined();
    // Only now no configuration names the group, so that its masking may go: that is another plan.
    await world.clock.advance(600_000);
    const next = planOf(await settle());
    expect(next.changes?.map(({ action, kind }) => `${action} ${kind}`)).toContain('Delete DataProtectionPolicy');
    await approve(world, next.hash);
    const monitor = await settle();
    expect(region().logGroups.get(GROUP)?.dataProtection).toBeUndefined();
    expect(planOf(monitor).hash).toBeUndefined();
    expect(said(monitor)).toMatchObject({ status: 'True' });
  });

  it('is what every monitor is in with --dry-run-all, and there no approval counts', async () => {
    await begin({ settings: { dryRunAll: true } });
    await world.apply('production', spec);
    const monitor = await settle();
    expect(monitor?.status?.mode).toBe('Plan');
    await approve(world, planOf(monitor).hash);
    expect(said(await settle())).toMatchObject({ status: 'False', reason: 'PlanPending' });
    expect(written()).toEqual([]);
    expect(await claimNames(world)).toEqual([]);
  });

  it('keeps finalizer and claim when it follows Enforce', async () => {
    await switched({ mode: 'Plan' });
    const monitor = await settle();
    expect(said(monitor)).toMatchObject({ status: 'True', reason: 'InSync' });
    expect(monitor?.metadata.finalizers).toEqual([finalizer]);
    expect(await claimNames(world)).toEqual([CLAIM]);
    expect(monitor?.status?.invocationLogging).toMatchObject({ claimedBy: 'genai/production' });
    expect(written()).toEqual([]);
  });
});
