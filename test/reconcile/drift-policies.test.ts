import { beforeEach, describe, expect, it } from 'vitest';
import { annotations } from '#src/api/annotations.ts';
import type { BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import { ALARM } from '#test/support/alarm-by-hand.ts';
import { liveOn } from '#test/support/as-controller.ts';
import { said } from '#test/support/said.ts';
import { basicSpec, GROUP, loggingRole } from '#test/support/specs.ts';
import type { World } from '#test/support/world.ts';
import { ACCOUNT, createWorld, REGION } from '#test/support/world.ts';

const MODEL = 'amazon.nova-pro-v1:0';

describe('what others change in AWS', () => {
  let world: World;
  let spec: BedrockMonitorSpec;
  beforeEach(async () => {
    world = await createWorld();
    spec = basicSpec(loggingRole(world.aws));
    return () => world.close();
  });

  /** Drift of alarms is only reported, and another field of the alarm is edited. */
  const reportingEdited = (): BedrockMonitorSpec => ({
    ...spec,
    driftPolicy: { alarms: 'Report' },
    alarms: [{ name: 'throttling', preset: 'Throttling', evaluationPeriods: 4, datapointsToAlarm: 2 }],
  });
  const region = () => world.aws.account(ACCOUNT).region(REGION);
  const settle = () => world.settle('production');
  const written = () => world.aws.writes().map(({ operation }) => operation);
  const news = (reason: string) => world.news.filter((one) => one.reason === reason).map(({ note }) => note);
  const known = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error('not in AWS');
    return value;
  };
  const alarm = (name = ALARM) => known(region().alarms.get(name));
  const set = (members: Record<string, number | string>, name = ALARM) => {
    alarm(name).configuration = { ...alarm(name).configuration, ...members };
  };
  const dashboard = () => known([...world.aws.account(ACCOUNT).state.dashboards.values()][0]);
  const query = () => known([...region().queryDefinitions.values()][0]);
  const group = () => known(region().logGroups.get(GROUP));
  const logging = () => region().invocationLogging;
  /** In sync, then looked at again after what others did. */
  const begin = async (change: Partial<BedrockMonitorSpec> = {}) => {
    await world.apply('production', { ...spec, ...change });
    expect(said(await settle())).toMatchObject({ status: 'True' });
    world.aws.forgetCalls();
  };
  const later = async (minutes = 10) => {
    await world.clock.advance(minutes * 60_000);
    return settle();
  };
  type Policy = NonNullable<BedrockMonitorSpec['driftPolicy']>;

  describe('is only reported under Report', () => {
    const meddling: [keyof Policy, string, string, () => void, () => unknown][] = [
      ['alarms', 'alarms/throttling/threshold', 'AlarmsConfigured', () => set({ Threshold: 99 }), alarm],
      [
        'dashboards',
        'dashboards/overview/',
        'DashboardsConfigured',
        () => {
          dashboard().body = JSON.stringify({ widgets: [] });
        },
        dashboard,
      ],
      [
        'savedQueries',
        'savedQueries/latest/queryString',
        'QueriesConfigured',
        () => {
          query().queryString = `${query().queryString}\n| limit 3`;
        },
        query,
      ],
      [
        'logGroup',
        'invocationLogging/logGroup/deletionProtection',
        'LoggingConfigured',
        () => {
          group().deletionProtectionEnabled = false;
        },
        group,
      ],
      [
        'invocationLogging',
        'invocationLogging/',
        'LoggingConfigured',
        () => {
          logging().configuration = { ...logging().configuration, imageDataDeliveryEnabled: true };
        },
        logging,
      ],
    ];

    it.each(meddling)('of %s, and put right again when the policy is gone', async (part, path, type, meddle, look) => {
      await begin({ driftPolicy: { [part]: 'Report' } });
      meddle();
      const changed = structuredClone(look());
      const monitor = await later();
      expect(written()).toEqual([]);
      expect(look()).toEqual(changed);
      expect(said(monitor, 'Drifted')).toMatchObject({
        status: 'True',
        reason: 'DriftDetected',
        message: expect.stringContaining(path),
      });
      expect(said(monitor)).toMatchObject({ status: 'False', reason: 'NotEnforced' });
      expect(said(monitor, type)).toMatchObject({ status: 'False', reason: 'NotEnforced' });
      expect(said(monitor, 'Stalled')).toBeUndefined();
      expect(monitor?.status?.drift?.fields?.[0]?.path).toContain(path);
      world.kubernetes.forgetCalls();
      await later();
      expect(world.kubernetes.calls.filter(({ writes }) => writes)).toEqual([]);
      await world.apply('production', spec);
      const after = await settle();
      expect(said(after)).toMatchObject({ status: 'True' });
      expect(said(after, 'Drifted')).toBeUndefined();
      expect(after?.status?.drift).toEqual({ count: 0 });
      expect(look()).not.toEqual(changed);
    });

    it.each(meddling)('of %s, also by a process that begins just then', async (part, path, _, meddle, look) => {
      await begin({ driftPolicy: { [part]: 'Report' } });
      meddle();
      const changed = structuredClone(look());
      world.restart();
      const monitor = await later();
      expect(written()).toEqual([]);
      expect(look()).toEqual(changed);
      expect(said(monitor, 'Drifted')?.message).toContain(path);
      world.restart();
      await later();
      expect(written()).toEqual([]);
    });

    it('and the other parts are put right as before', async () => {
      await begin({ driftPolicy: { alarms: 'Report' } });
      set({ Threshold: 99 });
      dashboard().body = JSON.stringify({ widgets: [] });
      const monitor = await later();
      expect(written()).toEqual(['PutDashboard']);
      expect(monitor?.status?.drift?.count).toBe(1);
      expect(news('DriftCorrected')).toEqual([expect.stringContaining('Dashboard/')]);
    });

    it('but masking is put back', async () => {
      await begin({ driftPolicy: { default: 'Report' } });
      const { document } = known(group().dataProtection);
      group().dataProtection = undefined;
      group().dataProtectionStatus = 'DELETED';
      await later();
      expect(known(group().dataProtection).document).toBe(document);
    });

    it('and an edit of another field of the same alarm is made all the same', async () => {
      await begin({ driftPolicy: { alarms: 'Report' } });
      set({ Threshold: 99 });
      await later();
      await world.apply('production', reportingEdited());
      const monitor = await settle();
      expect(alarm().configuration).toMatchObject({ Threshold: 99, EvaluationPeriods: 4, DatapointsToAlarm: 2 });
      expect(said(monitor, 'Drifted')?.message).toContain('alarms/throttling/threshold is 99, declared 0');
      expect(said(monitor)).toMatchObject({ reason: 'NotEnforced' });
      world.aws.forgetCalls();
      await later();
      expect(written()).toEqual([]);
    });

    it('and stays reported where the edit is refused at first', async () => {
      await begin({ driftPolicy: { alarms: 'Report' } });
      set({ Threshold: 99 });
      await later();
      const allow = world.aws.deny(ACCOUNT, 'cloudwatch:PutMetricAlarm');
      await world.apply('production', reportingEdited());
      expect(said(await settle(), 'AlarmsConfigured')).toMatchObject({ reason: 'AccessDenied' });
      allow();
      world.restart();
      await later();
      expect(alarm().configuration).toMatchObject({ Threshold: 99, EvaluationPeriods: 4 });
    });

    it('and stays beside a plan, whose hash stays the same', async () => {
      await begin({ driftPolicy: { alarms: 'Report' } });
      set({ Threshold: 99 });
      await later();
      await world.apply('production', { ...reportingEdited(), mode: 'Plan' });
      const first = (await settle())?.status;
      expect(first?.drift?.fields).toEqual([expect.objectContaining({ path: 'alarms/throttling/threshold' })]);
      expect(first?.plan?.changes?.[0]?.fields?.map(({ path }) => path)).not.toContain('threshold');
      expect((await later())?.status?.plan?.hash).toBe(first?.plan?.hash);
    });

    it('unless the declared value itself is edited', async () => {
      await begin({ driftPolicy: { alarms: 'Report' } });
      set({ Threshold: 99 });
      await later();
      await world.apply('production', {
        ...spec,
        driftPolicy: { alarms: 'Report' },
        alarms: [{ name: 'throttling', preset: 'Throttling', threshold: 7 }],
      });
      expect(said(await settle())).toMatchObject({ status: 'True' });
      expect(alarm().configuration['Threshold']).toBe(7);
    });

    it('and what was deleted is not made again', async () => {
      await begin({ driftPolicy: { alarms: 'Report' } });
      region().alarms.delete(ALARM);
      const monitor = await later();
      expect(written()).toEqual([]);
      expect(region().alarms.has(ALARM)).toBe(false);
      expect(said(monitor)).toMatchObject({ status: 'False', reason: 'NotEnforced' });
      expect(monitor?.status?.drift?.fields?.[0]).toMatchObject({ path: 'alarms/throttling', to: '"present"' });
      world.restart();
      await later();
      expect(written()).toEqual([]);
    });
  });

  describe('is left to them where driftPolicy.ignore names it', () => {
    it('and is no drift, also while another field of the alarm is edited', async () => {
      const ignoring: Partial<BedrockMonitorSpec> = { driftPolicy: { ignore: ['alarms/*/threshold'] } };
      await begin(ignoring);
      set({ Threshold: 99 });
      const monitor = await later();
      expect(said(monitor)).toMatchObject({ status: 'True', reason: 'InSync' });
      expect(said(monitor, 'Drifted')).toBeUndefined();
      expect(monitor?.status?.drift).toEqual({ count: 0 });
      expect(written()).toEqual([]);
      const alarms = [
        { name: 'throttling', preset: 'Throttling' as const, evaluationPeriods: 4, datapointsToAlarm: 2 },
      ];
      await world.apply('production', { ...spec, ...ignoring, alarms });
      expect(said(await settle())).toMatchObject({ status: 'True' });
      expect(alarm().configuration).toMatchObject({ Threshold: 99, EvaluationPeriods: 4 });
      set({ EvaluationPeriods: 2 });
      await later();
      expect(alarm().configuration).toMatchObject({ Threshold: 99, EvaluationPeriods: 4 });
      await world.apply('production', { ...spec, alarms });
      await settle();
      expect(alarm().configuration['Threshold']).toBe(0);
    });

    it('but not where an edit gives the alarm another form, which has no such field', async () => {
      const ignoring: Partial<BedrockMonitorSpec> = { driftPolicy: { ignore: ['alarms/*/threshold'] } };
      const metric = { name: 'Invocations', statistic: 'Sum' };
      const calls = (when: { threshold: number } | { anomalyBand: object }) =>
        ({ ...spec, ...ignoring, alarms: [{ name: 'throttling', metric, ...when }] }) satisfies BedrockMonitorSpec;
      await begin(ignoring);
      for (const when of [{ anomalyBand: {} }, { threshold: 7 }]) {
        await world.apply('production', calls(when));
        expect(said(await settle())).toMatchObject({ status: 'True', reason: 'InSync' });
      }
      expect(alarm().configuration).toMatchObject({ Threshold: 7 });
    });

    it.each([`alarms/throttling/threshold`, `alarms/throttling/${MODEL}/threshold`, 'alarms/throttling/*/threshold'])(
      'for an alarm that is made per model, as %s',
      async (path) => {
        await begin({
          driftPolicy: { ignore: [path] },
          alarms: [{ name: 'throttling', preset: 'Throttling', models: [MODEL, 'amazon.nova-lite-v1:0'] }],
        });
        const names = [...region().alarms.keys()];
        expect(names).toHaveLength(2);
        for (const name of names) set({ Threshold: 99 }, name);
        await later();
        const left = names.filter((name) => alarm(name).configuration['Threshold'] === 99);
        expect(left.length).toBe(path.includes(MODEL) ? 1 : 2);
      },
    );

    it('for a list whose order says nothing, whatever else is edited', async () => {
      const [a, b, c] = ['a', 'b', 'c'].map((name) => world.aws.account(ACCOUNT).topic(REGION, name));
      const actions = [b, a].map(known);
      for (const name of ['/a', '/b', '/c']) world.aws.account(ACCOUNT).logGroup(REGION, { name });
      const declared = (preset: 'Errors' | 'LatestInvocations', threshold: number): Partial<BedrockMonitorSpec> => ({
        alarms: [{ name: 'throttling', preset: 'Throttling', threshold, alarmActions: actions }],
        savedQueries: [{ name: 'latest', preset, logGroupNames: ['/b', '/a'] }],
        driftPolicy: { ignore: ['alarms/*/alarmActions', 'savedQueries/*/logGroupNames'] },
      });
      await begin(declared('Errors', 3));
      alarm().configuration = { ...alarm().configuration, AlarmActions: [c, a].map(known) };
      query().logGroupNames = ['/c', '/a'];
      await world.apply('production', { ...spec, ...declared('LatestInvocations', 4) });
      await settle();
      expect(alarm().configuration).toMatchObject({ Threshold: 4, AlarmActions: [a, c] });
      expect(query().logGroupNames).toEqual(['/c', '/a']);
    });

    it('for tags and for the body of a dashboard', async () => {
      await begin({
        tags: { team: 'search' },
        driftPolicy: { ignore: ['invocationLogging/logGroup/tags', 'dashboards/*/body'] },
      });
      group().tags = { ...group().tags, team: 'ops' };
      const body = JSON.stringify({ widgets: [] });
      dashboard().body = body;
      await world.annotate('production', { [annotations.reconcileRequestedAt]: 'now' });
      const monitor = await later();
      expect(said(monitor)).toMatchObject({ status: 'True' });
      expect(written()).toEqual([]);
      await world.apply('production', {
        ...spec,
        tags: { team: 'search', stage: 'test' },
        driftPolicy: { ignore: ['invocationLogging/logGroup/tags.team', 'dashboards/*/body'] },
      });
      await settle();
      expect(group().tags).toMatchObject({ team: 'ops', stage: 'test' });
      expect(dashboard().body).toBe(body);
      expect(dashboard().tags).toMatchObject({ team: 'search', stage: 'test' });
    });
  });

  describe('is put right at most three times an hour', () => {
    const fight = async (minutes = 10) => {
      set({ Threshold: 99 });
      return later(minutes);
    };
    const lost = async () => {
      for (let time = 0; time < 3; time += 1) {
        await fight();
        expect(alarm().configuration['Threshold']).toBe(0);
      }
      return fight();
    };

    it('and then is Contended, which a new process knows too', async () => {
      await begin();
      const monitor = await lost();
      expect(alarm().configuration['Threshold']).toBe(99);
      expect(said(monitor)).toMatchObject({
        status: 'False',
        reason: 'Contended',
        message: expect.stringContaining(annotations.reconcileRequestedAt),
      });
      expect(said(monitor, 'Stalled')).toMatchObject({ status: 'True', reason: 'Contended' });
      expect(said(monitor, 'Drifted')?.message).toContain('alarms/throttling/threshold is 99, declared 0');
      expect(news('DriftCorrected')).toHaveLength(3);
      expect(news('Contended').length).toBeGreaterThan(0);
      world.aws.forgetCalls();
      await later(120);
      world.restart();
      expect(said(await later())).toMatchObject({ reason: 'Contended' });
      expect(written()).toEqual([]);
    });

    it('also where each correction is undone before AWS has shown it', async () => {
      await begin();
      const stop = world.aws.onCall(({ operation }, phase) => {
        if (phase === 'After' && operation === 'PutMetricAlarm') set({ Threshold: 99 });
      });
      set({ Threshold: 99 });
      await world.clock.advance(600_000);
      await liveOn(world, 'production', 3_600_000);
      expect(said(await world.get('production'))).toMatchObject({ reason: 'Contended' });
      world.aws.forgetCalls();
      await liveOn(world, 'production', 3_600_000);
      expect(written()).toEqual([]);
      stop();
    });

    it('but a correction that AWS refuses is none', async () => {
      await begin();
      const allow = world.aws.deny(ACCOUNT, 'cloudwatch:PutMetricAlarm');
      set({ Threshold: 99 });
      await world.clock.advance(600_000);
      await liveOn(world, 'production', 7_200_000);
      expect(said(await world.get('production'))).toMatchObject({ reason: 'AccessDenied' });
      allow();
      expect(said(await later())).toMatchObject({ status: 'True' });
    });

    it('but goes on for ever where it is rarer', async () => {
      await begin();
      for (let time = 0; time < 6; time += 1) {
        await fight(25);
        expect(alarm().configuration['Threshold']).toBe(0);
      }
    });

    it('and an edit begins anew', async () => {
      await begin();
      await lost();
      await world.apply('production', { ...spec, tags: { team: 'search' } });
      expect(said(await settle())).toMatchObject({ status: 'True' });
      expect(alarm().configuration['Threshold']).toBe(0);
      await fight();
      expect(alarm().configuration['Threshold']).toBe(0);
    });

    it('and a person’s request begins anew, once, and is echoed', async () => {
      await begin();
      await lost();
      world.restart();
      await later();
      await world.annotate('production', { [annotations.reconcileRequestedAt]: 'first' });
      const monitor = await settle();
      expect(said(monitor)).toMatchObject({ status: 'True' });
      expect(said(monitor, 'Drifted')).toBeUndefined();
      expect(monitor?.status?.lastHandledReconcileAt).toBe('first');
      expect(alarm().configuration['Threshold']).toBe(0);
      // What the request itself put right is the first of three.
      await fight();
      await fight();
      expect(alarm().configuration['Threshold']).toBe(0);
      expect(said(await fight())).toMatchObject({ reason: 'Contended' });
    });
  });
});
