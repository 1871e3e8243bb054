import { beforeEach, describe, expect, it } from 'vitest';
import type { BedrockMonitor, BedrockMonitorSpec, BedrockMonitorStatus } from '#src/api/v1alpha1.ts';
import { logGroupOf } from '#src/domain/logging-configuration.ts';
import type { ApiResource, KubernetesObject } from '#src/kubernetes/api-resource.ts';
import type { Lease } from '#src/kubernetes/lease.ts';
import { leaseResource } from '#src/kubernetes/lease.ts';
import { claimLeaseName } from '#src/operator/claims.ts';
import { finalizer, monitors } from '#src/operator/monitors.ts';
import type { Keepsake } from '#test/support/others.ts';
import { keep } from '#test/support/others.ts';
import { said } from '#test/support/said.ts';
import { basicSpec, GROUP, loggingRole, rivalSpec } from '#test/support/specs.ts';
import type { World } from '#test/support/world.ts';
import { ACCOUNT, createWorld, REGION } from '#test/support/world.ts';

const PRODUCTION = 'test/genai/production';
const NEIGHBOUR = 'test/research/neighbour';
const ALARM = `bedrockmonitor/${PRODUCTION}/throttling`;
const PAGER = 'pager';
const definitions: ApiResource<Definition> = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  plural: 'customresourcedefinitions',
  namespaced: false,
};
interface Definition extends KubernetesObject {
  readonly spec: object;
}
const lease = {
  namespace: 'bedrock-monitor-system',
  name: claimLeaseName({ of: 'invocation-logging', accountID: ACCOUNT, region: REGION }),
};

/**
 * What people do to a cluster and to an account by mistake, in despair or on purpose. Each is tried where nothing may
 * be adopted and where everything may: in none of them is anything of another owner changed, or any log data lost.
 */
describe.each(['Never', 'Always'] as const)('under adoptionPolicy %s, abuse and bad luck', (adoption) => {
  let world: World;
  let spec: BedrockMonitorSpec;
  let role: string;
  beforeEach(async () => {
    world = await createWorld();
    role = loggingRole(world.aws);
    spec = adopting(basicSpec(role));
    await bystanders();
    await world.apply('production', spec);
    await world.settle('production');
    invoke();
    return () => world.close();
  });

  const adopting = (one: BedrockMonitorSpec): BedrockMonitorSpec => ({
    ...one,
    adoptionPolicy: { default: adoption, invocationLogging: adoption },
  });
  const account = () => world.aws.account(ACCOUNT);
  const region = () => account().region(REGION);
  const live = () => region().invocationLogging.configuration;
  const invoke = () =>
    account().invoke(REGION, {
      modelId: 'anthropic.claude',
      prompt: 'hello',
      completion: 'hello to you',
      inputTokenCount: 1,
      outputTokenCount: 3,
      identity: `arn:aws:iam::${ACCOUNT}:user/app`,
    });

  /** A neighbour in another namespace with what `awsName` names, and what people made, of every kind, with log data. */
  async function bystanders(): Promise<void> {
    await world.apply(
      'neighbour',
      {
        region: REGION,
        alarms: [{ name: 'page', preset: 'ServerErrors', awsName: PAGER }],
        dashboards: [{ name: 'board', preset: 'Overview', awsName: 'board' }],
        savedQueries: [{ name: 'query', preset: 'Errors', awsName: 'query', logGroupNames: ['/theirs'] }],
      },
      'research',
    );
    for (const [name, tags] of [
      ['/theirs', { team: 'theirs' }],
      ['/research', { 'bedrockmonitor.io/cluster': 'test', 'bedrockmonitor.io/monitor': 'research/neighbour' }],
    ] as const) {
      const group = account().logGroup(REGION, { name, retentionInDays: 365, tags: { ...tags } });
      const message = `a record of ${name}`;
      group.streams.set('s', {
        name: 's',
        creationTime: 0,
        events: [{ timestamp: 0, ingestionTime: 0, message, masking: undefined }],
      });
    }
    await world.settle('neighbour', 'research');
    const pager = region().alarms.get(PAGER);
    if (pager === undefined) throw new Error('no alarm');
    const configuration = { ...pager.configuration, AlarmDescription: 'made by hand' };
    region().alarms.set('by-hand', { ...pager, name: 'by-hand', configuration, tags: { team: 'theirs' } });
    account().state.dashboards.set('by-hand', { name: 'by-hand', body: '{}', tags: {}, lastModified: 0 });
    const id = '00000000-0000-4000-8000-00000000000a';
    region().queryDefinitions.set(id, {
      queryDefinitionId: id,
      name: 'by-hand',
      queryString: 'fields @message',
      queryLanguage: 'CWLI',
      logGroupNames: ['/theirs'],
      parameters: undefined,
      lastModified: 0,
    });
  }

  const monitor = async (name = 'production', namespace?: string): Promise<BedrockMonitor> => {
    const found = await world.get(name, namespace);
    if (found === undefined) throw new Error(`no monitor ${name}`);
    return found;
  };
  /** As `kubectl edit --subresource=status` does it. */
  const editStatus = async (edit: (status: BedrockMonitorStatus) => BedrockMonitorStatus) => {
    const one = await monitor();
    await world.client.replaceStatus(monitors, { ...one, status: edit(one.status ?? { observedGeneration: -1 }) });
  };
  const dropFinalizer = async () =>
    world.client.patch(
      monitors,
      { namespace: 'genai', name: 'production' },
      { type: 'merge', body: { metadata: { finalizers: null } } },
    );
  const without = (status: BedrockMonitorStatus, ...members: readonly string[]): BedrockMonitorStatus =>
    // Only members that may be absent are named.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    Object.fromEntries(Object.entries(status).filter(([member]) => !members.includes(member))) as BedrockMonitorStatus;
  /** As an older CRD might be that bounded nothing. */
  const olderDefinition = async () => {
    const found = await world.client.get(definitions, { name: 'bedrockmonitors.bedrockmonitor.io' });
    const bounds = new Set(['maxItems', 'maxLength', 'x-kubernetes-validations']);
    const text = JSON.stringify(found, (key, value: unknown) => (bounds.has(key) ? undefined : value));
    const loose: Definition = JSON.parse(text);
    await world.client.replace(definitions, loose);
  };
  /** The monitor goes, and takes with it what is its own. */
  const deleteProduction = async () => {
    await world.remove('production');
    expect(await world.settle('production')).toBeUndefined();
  };
  /** Whatever was done: production reaches its spec again, by a new process, and then goes. */
  const endsWell = async (kept: Keepsake) => {
    world.restart();
    await world.clock.advance(40_000);
    expect(said(await world.settle('production'))).toMatchObject({ status: 'True', reason: 'InSync' });
    kept.holds();
    await deleteProduction();
    kept.holds();
    expect([...region().alarms.keys()].sort()).toEqual(['by-hand', PAGER]);
    expect([...account().state.dashboards.keys()].sort()).toEqual(['board', 'by-hand']);
    expect([...region().queryDefinitions.values()].map(({ name }) => name).sort()).toEqual(['by-hand', 'query']);
  };

  it('a monitor of another namespace names an alarm, a dashboard, a query and the log group of others', async () => {
    const kept = keep(world.aws, 'test/research/thief');
    await world.apply(
      'thief',
      adopting({
        ...basicSpec(role),
        alarms: [
          { name: 'a', preset: 'ClientErrors', awsName: ALARM },
          { name: 'b', preset: 'ClientErrors', awsName: PAGER },
        ],
        dashboards: [{ name: 'd', body: '{}', awsName: `bedrockmonitor_test_genai_production_overview_${REGION}` }],
        savedQueries: [{ name: 'q', preset: 'Errors', awsName: `bedrockmonitor/${PRODUCTION}/latest` }],
      }),
      'research',
    );
    const thief = await world.settle('thief', 'research');
    expect(said(thief, 'LoggingConfigured')).toMatchObject({ reason: 'Conflict' });
    for (const type of ['AlarmsConfigured', 'DashboardsConfigured', 'QueriesConfigured'])
      expect(said(thief, type)).toMatchObject({ status: 'False', reason: 'OwnedByAnotherMonitor' });
    await world.remove('thief', 'research');
    expect(await world.settle('thief', 'research')).toBeUndefined();
    kept.holds();
  });

  it('the log group of a monitor that left logging to another namespace is not given away with it', async () => {
    await deleteProduction();
    const kept = keep(world.aws, 'test/research/thief');
    await world.apply('thief', adopting({ ...basicSpec(role), deletionPolicy: { logGroup: 'Delete' } }), 'research');
    expect(said(await world.settle('thief', 'research'), 'LoggingConfigured')).toMatchObject({
      reason: 'OwnedByAnotherMonitor',
    });
    await world.remove('thief', 'research');
    expect(await world.settle('thief', 'research')).toBeUndefined();
    kept.holds();
    expect(live()).toBeUndefined();
  });

  it('a monitor of another namespace asks for the role of the first', async () => {
    const other = world.aws.account('444455556666');
    const { arn } = other.assumableRole({
      name: 'genai',
      trusted: `arn:aws:iam::${ACCOUNT}:root`,
      externalID: 'test/genai',
    });
    const kept = keep(world.aws, 'test/research/thief');
    const asking = adopting({ region: REGION, alarms: spec.alarms ?? [], assumeRole: { roleARN: arn } });
    world.aws.forgetCalls();
    await world.apply('thief', asking, 'research');
    expect(said(await world.settle('thief', 'research'))).toMatchObject({ reason: 'RoleNotAllowed' });
    expect(world.aws.calls).toEqual([]);
    // The platform allows too much: the role's own trust still knows one namespace from another.
    world.access = { ownAccount: true, roleARNs: ['*'], actionARNs: [] };
    expect(said(await world.settle('thief', 'research'))).toMatchObject({ reason: 'AssumeRoleDenied' });
    expect(world.aws.writes().filter(({ account }) => account === other.id)).toEqual([]);
    kept.holds();
  });

  it.each<[string, string, Partial<BedrockMonitorSpec>, () => string]>([
    [
      'alarm',
      'PutMetricAlarm',
      { alarms: [{ name: 'one', preset: 'ClientErrors', awsName: 'shared' }] },
      () => JSON.stringify(region().alarms.get('shared')?.configuration['AlarmDescription']),
    ],
    [
      'dashboard',
      'PutDashboard',
      { dashboards: [{ name: 'one', preset: 'Overview', awsName: 'shared' }] },
      () => `${account().state.dashboards.get('shared')?.tags['bedrockmonitor.io/monitor']} `,
    ],
  ])('two namespaces give one awsName to an %s in the same moment: one has it', async (_, operation, part, markOf) => {
    const kept = keep(world.aws, 'test/genai/left', 'test/research/right');
    const contenders = [
      { name: 'left', namespace: 'genai' },
      { name: 'right', namespace: 'research' },
    ];
    for (const { name, namespace } of contenders)
      await world.apply(name, adopting({ region: REGION, tags: { of: name }, ...part }), namespace);
    // Whoever puts first takes so long that the other has looked by then, and found nothing.
    world.aws.fault({ operation }, { kind: 'Latency', ms: 3_000 });
    world.aws.forgetCalls();
    await Promise.all(contenders.map(({ name, namespace }) => world.pass(name, namespace)));
    for (const { name, namespace } of contenders) await world.settle(name, namespace);
    expect(world.aws.writes().map((call) => call.operation)).toEqual([operation]);
    const ended = await Promise.all(contenders.map(({ name, namespace }) => monitor(name, namespace)));
    expect(new Set(ended.map((one) => said(one)?.reason))).toEqual(new Set(['InSync', 'OwnedByAnotherMonitor']));
    const [loser] = ended.filter((one) => said(one)?.status === 'False');
    const { name = '', namespace = '' } = loser?.metadata ?? {};
    expect(markOf()).toMatch(name === 'left' ? /research\/right / : /genai\/left /);
    await world.remove(name, namespace);
    expect(await world.settle(name, namespace)).toBeUndefined();
    expect(markOf()).toMatch(name === 'left' ? /research\/right / : /genai\/left /);
    kept.holds();
  });

  it('a monitor is copied, status and all, to another cluster over the same account', async () => {
    const copy = await createWorld({ beside: world, cluster: 'copy' });
    try {
      const kept = keep(world.aws, 'copy/genai/production');
      await copy.apply('production', spec);
      const { status } = await monitor();
      const fresh = await copy.get('production');
      if (fresh === undefined || status === undefined) throw new Error('no monitor');
      await copy.client.replaceStatus(monitors, { ...fresh, status });
      const copied = await copy.settle('production');
      expect(said(copied)).toMatchObject({ status: 'False' });
      expect(said(copied, 'LoggingConfigured')).toMatchObject({
        reason: 'OwnedByAnotherCluster',
        message: expect.stringContaining('cluster test'),
      });
      await copy.remove('production');
      expect(await copy.settle('production')).toBeUndefined();
      kept.holds();
      expect(said(await world.settle('production'))).toMatchObject({ status: 'True' });
    } finally {
      await copy.close();
    }
  });

  it('10,000 alarms and a dashboard of a megabyte are refused at apply', async () => {
    const kept = keep(world.aws);
    const alarms = Array.from({ length: 10_000 }, (_, index) => ({
      name: `a-${index}`,
      preset: 'Throttling' as const,
    }));
    await expect(world.apply('big', adopting({ region: REGION, alarms }))).rejects.toThrow(/spec\.alarms.*100/s);
    const dashboards = [{ name: 'big', body: JSON.stringify({ widgets: [], x: 'x'.repeat(1_000_000) }) }];
    await expect(world.apply('big', adopting({ region: REGION, dashboards }))).rejects.toThrow(/body.*200000/s);
    kept.holds();
  });

  it.each([
    [
      '10,000 alarms',
      { alarms: Array.from({ length: 10_000 }, (_, index) => ({ name: `a-${index}`, preset: 'Throttling' as const })) },
      /spec\.alarms.*100/,
    ],
    ['a dashboard of a megabyte', { dashboards: [{ name: 'big', body: 'x'.repeat(1_000_000) }] }, /body.*200000/],
  ])('%s that an older CRD let in write nothing', async (_, parts, sentence) => {
    const kept = keep(world.aws);
    world.aws.forgetCalls();
    await olderDefinition();
    await world.apply('production', { ...spec, ...parts });
    const stalled = await world.settle('production');
    expect(said(stalled)).toMatchObject({ status: 'False', reason: 'InvalidSpec' });
    expect(said(stalled)?.message).toMatch(sentence);
    expect(said(stalled, 'Stalled')).toMatchObject({ status: 'True' });
    expect(world.aws.writes()).toEqual([]);
    kept.holds();
  });

  describe('on the claim', () => {
    const edit = async (change: (lease: Lease) => Lease) => {
      const found = await world.client.get(leaseResource, lease);
      await world.client.replace(leaseResource, change(found));
    };
    it.each<[string, () => Promise<unknown>]>([
      ['its Lease is deleted', () => world.client.delete(leaseResource, lease)],
      [
        'its holder is edited to nobody',
        () => edit((one) => ({ ...one, spec: { ...one.spec, holderIdentity: 'nobody' } })),
      ],
      [
        'its holder is edited to a monitor that does not ask',
        () => edit((one) => ({ ...one, spec: { ...one.spec, holderIdentity: 'research/neighbour' } })),
      ],
      [
        'all its annotations are removed',
        () => edit((one) => ({ ...one, metadata: { ...one.metadata, annotations: {} } })),
      ],
      [
        'its annotations are no JSON any more',
        () =>
          edit((one) => ({
            ...one,
            metadata: {
              ...one.metadata,
              annotations: Object.fromEntries(
                Object.keys(one.metadata.annotations ?? {}).map((key) => [key, key.endsWith('uid') ? 'u' : '{']),
              ),
            },
          })),
      ],
    ])('%s', async (_, abuse) => {
      const kept = keep(world.aws, PRODUCTION);
      await abuse();
      await endsWell(kept);
      // What was there before is in the status too; where neither tells, logging stays on.
      expect([undefined, GROUP]).toContain(logGroupOf(live()));
    });

    it('its Lease is deleted while what others wrote is in AWS', async () => {
      region().invocationLogging.configuration = { cloudWatchConfig: { logGroupName: '/theirs', roleArn: role } };
      await world.client.delete(leaseResource, lease);
      await world.apply('production', { ...spec, adoptionPolicy: { default: adoption } });
      const kept = keep(world.aws, PRODUCTION);
      world.restart();
      expect(said(await world.settle('production'))).toMatchObject({ reason: 'ForeignConfiguration' });
      await deleteProduction();
      kept.holds();
    });
  });

  describe('on the status', () => {
    it.each<[string, (status: BedrockMonitorStatus) => BedrockMonitorStatus]>([
      ['the inventory is emptied', (status) => ({ ...status, inventory: [] })],
      ['the inventory is removed', (status) => without(status, 'inventory')],
      [
        'the inventory points at what others have',
        (status) => ({
          ...status,
          inventory: [
            { kind: 'MetricAlarm', name: PAGER },
            { kind: 'MetricAlarm', name: 'by-hand' },
            { kind: 'Dashboard', name: 'board' },
            { kind: 'Dashboard', name: 'by-hand' },
            { kind: 'QueryDefinition', name: 'query', id: '00000000-0000-4000-8000-00000000000a' },
            { kind: 'QueryDefinition', name: 'by-hand' },
            { kind: 'LogGroup', name: '/theirs' },
            { kind: 'LogGroup', name: '/research' },
            { kind: 'DataProtectionPolicy', name: '/theirs' },
            { kind: 'InvocationLogging', name: 'invocation-logging' },
            { kind: 'OfALaterRelease', name: 'x' },
          ],
        }),
      ],
      [
        'the ID of our query is that of another',
        (status) => ({
          ...status,
          inventory: (status.inventory ?? []).map((one) =>
            one.kind === 'QueryDefinition' ? { ...one, id: '00000000-0000-4000-8000-00000000000a' } : one,
          ),
        }),
      ],
      ['accountID is emptied', (status) => without(status, 'accountID')],
      ['inventoryUID is that of another monitor', (status) => ({ ...status, inventoryUID: 'another' })],
      ['all of it is removed', () => ({ observedGeneration: -1 })],
      [
        'it says that somebody else holds the claim',
        (status) => ({ ...status, invocationLogging: { state: 'Foreign', claimedBy: 'research/neighbour' } }),
      ],
      [
        'what was there before us is edited',
        (status) => ({
          ...status,
          invocationLogging: {
            ...status.invocationLogging,
            state: 'Enabled',
            saved: '{"cloudWatchConfig":{"logGroupName":"/theirs"}}',
          },
        }),
      ],
    ])('%s', async (_, edit) => {
      const kept = keep(world.aws, PRODUCTION);
      await editStatus(edit);
      await endsWell(kept);
      expect(live()).toBeUndefined();
    });

    it('accountID is changed: nothing is written until it is put right', async () => {
      const kept = keep(world.aws);
      world.aws.forgetCalls();
      await editStatus((status) => ({ ...status, accountID: '999988887777' }));
      expect(said(await world.settle('production'))).toMatchObject({ status: 'False', reason: 'AccountChanged' });
      expect(world.aws.writes()).toEqual([]);
      kept.holds();
      await editStatus((status) => ({ ...status, accountID: ACCOUNT }));
      expect(said(await world.settle('production'))).toMatchObject({ status: 'True' });
    });

    it('the claim of another is written into the status of one that then goes', async () => {
      const kept = keep(world.aws, 'test/research/thief');
      await world.apply('thief', adopting(rivalSpec(role)), 'research');
      const thief = await world.settle('thief', 'research');
      if (thief === undefined) throw new Error('no monitor');
      const invocationLogging = { state: 'Enabled', claimedBy: 'research/thief', saved: 'none' } as const;
      await world.client.replaceStatus(monitors, { ...thief, status: { ...thief.status, invocationLogging } });
      await world.remove('thief', 'research');
      expect(await world.settle('thief', 'research')).toBeUndefined();
      kept.holds();
    });

    it('a backup is restored with its old status, while more was made since', async () => {
      const old = await monitor();
      await world.apply('production', {
        ...spec,
        alarms: [...(spec.alarms ?? []), { name: 'new', preset: 'ErrorRate' }],
      });
      await world.settle('production');
      const kept = keep(world.aws, PRODUCTION);
      await dropFinalizer();
      await world.remove('production');
      await world.apply('production', spec);
      const restored = await monitor();
      if (old.status === undefined) throw new Error('no status');
      await world.client.replaceStatus(monitors, { ...restored, status: old.status });
      await endsWell(kept);
      expect(live()).toBeUndefined();
    });
  });

  it('the finalizer is removed by hand: it comes back', async () => {
    const kept = keep(world.aws, PRODUCTION);
    await dropFinalizer();
    await world.settle('production');
    expect((await monitor()).metadata.finalizers).toContain(finalizer);
    await endsWell(kept);
    expect(live()).toBeUndefined();
  });

  it('a monitor that is being deleted loses its finalizer, and is applied again from git', async () => {
    const kept = keep(world.aws, PRODUCTION);
    await world.remove('production');
    await dropFinalizer();
    expect(await world.get('production')).toBeUndefined();
    await world.settle('production');
    kept.holds();
    await world.apply('production', spec);
    await endsWell(kept);
    expect(live()).toBeUndefined();
  });

  it('a monitor is deleted and applied again from git while the operator is down', async () => {
    const kept = keep(world.aws, PRODUCTION);
    await world.remove('production');
    await expect(world.apply('production', spec)).resolves.toBeDefined();
    // It is being deleted, whatever git says: the new process ends that, and git makes another.
    world.restart();
    await world.clock.advance(40_000);
    expect(await world.settle('production')).toBeUndefined();
    kept.holds();
    await world.apply('production', spec);
    await endsWell(kept);
    expect(live()).toBeUndefined();
  });

  it.each<[string, string]>([
    ['removed', 'mine now'],
    ['edited to those of another', `mine now\nbedrockmonitor ${NEIGHBOUR} 00000000`],
  ])('the marks of our alarm are %s in AWS', async (what, AlarmDescription) => {
    const alarm = region().alarms.get(ALARM);
    if (alarm === undefined) throw new Error('no alarm');
    alarm.configuration = { ...alarm.configuration, AlarmDescription };
    alarm.tags = {};
    const kept = keep(world.aws, PRODUCTION);
    world.restart();
    const after = await world.settle('production');
    const taken = what === 'removed' && adoption === 'Always';
    expect(said(after, 'AlarmsConfigured')).toMatchObject(
      taken
        ? { status: 'True' }
        : { status: 'False', reason: what === 'removed' ? 'NotOwned' : 'OwnedByAnotherMonitor' },
    );
    await deleteProduction();
    // What nobody owns may be adopted by name where the spec says so; nothing else may.
    if (!taken) kept.holds();
    expect(region().alarms.has(ALARM)).toBe(!taken);
  });

  describe('on the account', () => {
    const other = () => world.aws.account('444455556666');
    const roleIn = () =>
      other().assumableRole({
        name: 'bedrock-monitor',
        trusted: `arn:aws:iam::${ACCOUNT}:root`,
        externalID: 'test/genai',
      }).arn;

    it('the role is edited to one of another account: nothing is written in either', async () => {
      world.access = { ownAccount: true, roleARNs: ['*'], actionARNs: [] };
      const roleARN = roleIn();
      const kept = keep(world.aws);
      world.aws.forgetCalls();
      await expect(world.apply('production', { ...spec, assumeRole: { roleARN } })).rejects.toThrow(
        /already owns resources in another account/,
      );
      await olderDefinition();
      await world.apply('production', { ...spec, assumeRole: { roleARN } });
      const stalled = await world.settle('production');
      expect(said(stalled)).toMatchObject({
        reason: 'AccountChanged',
        message: expect.stringContaining(`account ${ACCOUNT}`),
      });
      // Nor does its deletion look into an account where it owns nothing.
      await world.remove('production');
      await world.pass('production');
      expect(await world.get('production')).toBeDefined();
      expect(world.aws.writes().filter(({ service }) => service !== 'sts')).toEqual([]);
      kept.holds();
    });

    it('accountID follows the role: refused at apply', async () => {
      world.access = { ownAccount: true, roleARNs: ['*'], actionARNs: [] };
      const moved = { ...spec, accountID: other().id, assumeRole: { roleARN: roleIn() } };
      const kept = keep(world.aws);
      await expect(world.apply('production', moved)).rejects.toThrow(/already owns resources in another account/);
      kept.holds();
    });
  });
});
