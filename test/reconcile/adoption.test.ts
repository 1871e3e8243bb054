import { beforeEach, describe, expect, it } from 'vitest';
import type { BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import { said } from '#test/support/said.ts';
import { basicSpec, GROUP, loggingRole } from '#test/support/specs.ts';
import type { World } from '#test/support/world.ts';
import { ACCOUNT, createWorld, REGION } from '#test/support/world.ts';

const THEIRS = { team: 'ops', 'cost-center': '7' };
const GIVEN = { ...THEIRS, 'bedrockmonitor.io/adopt-by': 'genai/production' };
const GIVEN_ELSEWHERE = { ...THEIRS, 'bedrockmonitor.io/adopt-by': 'research/production' };
const MARKS = { 'bedrockmonitor.io/cluster': 'test', 'bedrockmonitor.io/monitor': 'genai/production' };
const QUERY = '00000000-0000-4000-8000-000000000001';

type Tags = Record<string, string>;
type Part = 'alarms' | 'dashboards' | 'logGroup' | 'savedQueries';

describe('what exists without our mark', () => {
  let world: World;
  let spec: BedrockMonitorSpec;
  beforeEach(async () => {
    world = await createWorld();
    spec = basicSpec(loggingRole(world.aws));
    return () => world.close();
  });

  const region = () => world.aws.account(ACCOUNT).region(REGION);
  const dashboards = () => world.aws.account(ACCOUNT).state.dashboards;
  const settle = () => world.settle('production');
  const putAlarm = (tags: Tags, description = 'made by hand') =>
    region().alarms.set('pager', {
      kind: 'MetricAlarm',
      name: 'pager',
      configuration: {
        AlarmDescription: description,
        MetricName: 'CPUUtilization',
        Namespace: 'AWS/EC2',
        Statistic: 'Sum',
        Period: 60,
        EvaluationPeriods: 1,
        ComparisonOperator: 'GreaterThanThreshold',
        Threshold: 1,
      },
      tags,
      configurationUpdatedAt: 0,
      state: 'OK',
      stateReason: '',
      stateReasonData: undefined,
      stateUpdatedAt: 0,
      stateTransitionedAt: 0,
    });
  const putDashboard = (tags: Tags) =>
    dashboards().set('board', { name: 'board', body: '{"widgets":[]}', tags, lastModified: 0 });
  const putQuery = (_: Tags, queryString = 'fields @message') =>
    region().queryDefinitions.set(QUERY, {
      queryDefinitionId: QUERY,
      name: 'handy',
      queryString,
      queryLanguage: 'CWLI',
      logGroupNames: ['/theirs'],
      parameters: undefined,
      lastModified: 0,
    });
  const putGroup = (tags: Tags) =>
    world.aws.account(ACCOUNT).logGroup(REGION, { name: GROUP, retentionInDays: 400, tags });

  /** By part: how it is made by hand, how it is declared, how it looks, and its condition. */
  const parts: Record<
    Part,
    {
      readonly put: (tags: Tags) => void;
      readonly declare: () => Partial<BedrockMonitorSpec>;
      readonly look: () => unknown;
      readonly tags?: () => Tags | undefined;
      readonly type: string;
      readonly ref: string;
    }
  > = {
    alarms: {
      put: (tags) => void putAlarm(tags),
      declare: () => ({ alarms: [{ name: 'a', preset: 'ClientErrors', awsName: 'pager' }] }),
      look: () => region().alarms.get('pager'),
      tags: () => region().alarms.get('pager')?.tags,
      type: 'AlarmsConfigured',
      ref: 'MetricAlarm/pager',
    },
    dashboards: {
      put: (tags) => void putDashboard(tags),
      declare: () => ({ dashboards: [{ name: 'overview', preset: 'Overview', awsName: 'board' }] }),
      look: () => dashboards().get('board'),
      tags: () => dashboards().get('board')?.tags,
      type: 'DashboardsConfigured',
      ref: 'Dashboard/board',
    },
    logGroup: {
      put: (tags) => void putGroup(tags),
      declare: () => ({}),
      look: () => region().logGroups.get(GROUP),
      tags: () => region().logGroups.get(GROUP)?.tags,
      type: 'LoggingConfigured',
      ref: `LogGroup/${GROUP}`,
    },
    savedQueries: {
      put: putQuery,
      declare: () => ({ savedQueries: [{ name: 'latest', preset: 'LatestInvocations', awsName: 'handy' }] }),
      look: () => region().queryDefinitions.get(QUERY),
      type: 'QueriesConfigured',
      ref: 'QueryDefinition/handy',
    },
  };

  const adopted = (ref: string) => world.news.filter(({ reason, note }) => reason === 'Adopted' && note.includes(ref));

  it.each<[Part, BedrockMonitorSpec['adoptionPolicy'], Tags]>([
    ['alarms', undefined, GIVEN],
    ['alarms', { alarms: 'Never', default: 'Always' }, GIVEN],
    ['alarms', { alarms: 'IfTagged' }, THEIRS],
    ['alarms', { alarms: 'IfTagged' }, GIVEN_ELSEWHERE],
    ['dashboards', undefined, GIVEN],
    ['dashboards', { default: 'IfTagged' }, THEIRS],
    ['dashboards', { dashboards: 'IfTagged' }, GIVEN_ELSEWHERE],
    ['logGroup', undefined, GIVEN],
    ['logGroup', { alarms: 'Always' }, GIVEN],
    ['logGroup', { logGroup: 'IfTagged' }, GIVEN_ELSEWHERE],
    ['savedQueries', undefined, {}],
    ['savedQueries', { default: 'IfTagged' }, {}],
  ])('of %s stays as it is under %j with %j, and the condition says how to take it', async (part, policy, tags) => {
    const { put, declare, look, type } = parts[part];
    put(tags);
    const before = structuredClone(look());
    await world.apply('production', {
      ...spec,
      ...declare(),
      ...(policy !== undefined && { adoptionPolicy: policy }),
    });
    const monitor = await settle();
    expect(said(monitor, type)).toMatchObject({
      status: 'False',
      reason: 'NotOwned',
      message: expect.stringContaining(`adoptionPolicy.${part}: Always`),
    });
    expect(look()).toEqual(before);
    await world.remove('production');
    expect(await settle()).toBeUndefined();
    expect(look()).toEqual(before);
  });

  it.each<[Part, BedrockMonitorSpec['adoptionPolicy'], Tags]>([
    ['alarms', { alarms: 'Always' }, THEIRS],
    ['alarms', { alarms: 'IfTagged' }, GIVEN],
    ['dashboards', { default: 'Always' }, THEIRS],
    ['dashboards', { dashboards: 'IfTagged' }, GIVEN],
    ['logGroup', { logGroup: 'Always' }, THEIRS],
    ['logGroup', { default: 'IfTagged' }, GIVEN],
    ['savedQueries', { savedQueries: 'Always' }, {}],
    ['savedQueries', { default: 'Always' }, {}],
  ])('of %s is taken under %j with %j: marked, with its own tags, in place, told once', async (part, policy, tags) => {
    const { put, declare, look, tags: tagsOf, type, ref } = parts[part];
    put(tags);
    await world.apply('production', {
      ...spec,
      ...declare(),
      ...(policy !== undefined && { adoptionPolicy: policy }),
    });
    const monitor = await settle();
    expect(said(monitor, type)).toMatchObject({ status: 'True' });
    const kept = tagsOf?.() ?? { ...tags, ...MARKS };
    expect(kept).toMatchObject({ ...tags, ...MARKS });
    expect(look()).toBeDefined();
    expect(monitor?.status?.inventory?.map(({ kind, name }) => `${kind}/${name}`)).toContain(ref);
    expect(adopted(ref)).toHaveLength(1);
    // From now on it is ours, whatever the policy says.
    world.restart();
    await world.apply('production', { ...spec, ...declare() });
    expect(said(await settle(), type)).toMatchObject({ status: 'True' });
    expect(adopted(ref)).toHaveLength(1);
  });

  it('of a log group keeps its retention and its data where the spec names no retention', async () => {
    putGroup(THEIRS);
    await world.apply('production', { ...spec, adoptionPolicy: { logGroup: 'Always' } });
    expect(said(await settle())).toMatchObject({ status: 'True' });
    expect(region().logGroups.get(GROUP)).toMatchObject({ retentionInDays: 400 });
    await world.remove('production');
    expect(await settle()).toBeUndefined();
    expect(region().logGroups.has(GROUP)).toBe(true);
  });

  it('of a saved query is changed in place, by its ID', async () => {
    putQuery({});
    await world.apply('production', {
      ...spec,
      ...parts.savedQueries.declare(),
      adoptionPolicy: { savedQueries: 'Always' },
    });
    await settle();
    expect([...region().queryDefinitions.keys()]).toEqual([QUERY]);
    expect(region().queryDefinitions.get(QUERY)?.queryString).toContain('bedrockmonitor test/genai/production');
  });

  it('is shown as a report first in mode Observe and Plan, and nothing is written', async () => {
    for (const part of Object.values(parts)) part.put(THEIRS);
    const before = world.aws.snapshot();
    const { alarms, dashboards: boards, savedQueries } = parts;
    const declared = { ...spec, ...alarms.declare(), ...boards.declare(), ...savedQueries.declare() };
    await world.apply('production', { ...declared, mode: 'Plan', adoptionPolicy: { default: 'Always' } });
    const plan = (await settle())?.status?.plan;
    expect(
      plan?.changes?.filter(({ action }) => action === 'Adopt').map(({ kind, name }) => `${kind}/${name}`),
    ).toEqual(expect.arrayContaining(Object.values(parts).map(({ ref }) => ref)));
    await world.apply('production', { ...declared, mode: 'Observe', adoptionPolicy: { default: 'Always' } });
    await settle();
    expect(world.aws.writes()).toEqual([]);
    expect(world.aws.snapshot()).toEqual(before);
  });

  it.each<[Part, () => void]>([
    ['alarms', () => void putAlarm(GIVEN, 'x\nbedrockmonitor test/research/other 00000000')],
    ['dashboards', () => void putDashboard({ ...GIVEN, ...MARKS, 'bedrockmonitor.io/monitor': 'research/other' })],
    ['logGroup', () => void putGroup({ ...GIVEN, ...MARKS, 'bedrockmonitor.io/monitor': 'research/other' })],
    ['savedQueries', () => void putQuery({}, '# bedrockmonitor test/research/other\nfields @message')],
  ])('but carries another monitor’s is never adopted: %s', async (part, put) => {
    const { declare, look, type } = parts[part];
    put();
    const before = structuredClone(look());
    await world.apply('production', { ...spec, ...declare(), adoptionPolicy: { default: 'Always' } });
    const monitor = await settle();
    expect(said(monitor, type)).toMatchObject({
      status: 'False',
      reason: 'OwnedByAnotherMonitor',
      message: expect.stringContaining('research/other'),
    });
    expect(look()).toEqual(before);
  });
});

describe('names of other namespaces', () => {
  it('are hidden where the platform says so', async () => {
    const world = await createWorld({ settings: { hideForeignNames: true } });
    world.aws.account(ACCOUNT).state.dashboards.set('board', {
      name: 'board',
      body: '{"widgets":[]}',
      tags: { ...MARKS, 'bedrockmonitor.io/monitor': 'research/other' },
      lastModified: 0,
    });
    await world.apply('production', {
      region: REGION,
      dashboards: [{ name: 'overview', preset: 'Overview', awsName: 'board' }],
    });
    const monitor = await world.settle('production');
    expect(said(monitor)).toMatchObject({ reason: 'OwnedByAnotherMonitor' });
    expect(JSON.stringify(monitor?.status)).not.toContain('research');
    expect(JSON.stringify(world.news)).not.toContain('research');
    await world.close();
  });
});

describe('the account that a monitor is bound to', () => {
  it('does not change with the credentials: AccountChanged writes nothing in either', async () => {
    const world = await createWorld();
    const [first = '', second = ''] = ['444455556666', '777788889999'].map(
      (id) =>
        world.aws.account(id).assumableRole({
          name: 'bedrock-monitor',
          trusted: `arn:aws:iam::${ACCOUNT}:root`,
          externalID: 'test/genai',
        }).arn,
    );
    world.access = { ownAccount: true, roleARNs: [first, second], actionARNs: [] };
    const alarms = [{ name: 'throttling', preset: 'Throttling' as const }];
    await world.apply('production', { region: REGION, assumeRole: { roleARN: first }, alarms });
    expect(said(await world.settle('production'))).toMatchObject({ status: 'True' });
    const before = world.aws.snapshot();
    world.aws.forgetCalls();
    await expect(
      world.apply('production', { region: REGION, assumeRole: { roleARN: second }, alarms }),
    ).rejects.toThrow(/already owns resources in another account/);
    await world.apply('production', { region: REGION, alarms });
    const monitor = await world.settle('production');
    expect(said(monitor)).toMatchObject({
      status: 'False',
      reason: 'AccountChanged',
      message: expect.stringContaining('444455556666'),
    });
    expect(said(monitor, 'Stalled')).toMatchObject({ status: 'True' });
    expect(monitor?.status?.accountID).toBe('444455556666');
    expect(world.aws.writes()).toEqual([]);
    expect(world.aws.snapshot()).toEqual(before);
    await world.close();
  });
});
