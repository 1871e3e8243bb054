import { beforeEach, describe, expect, it } from 'vitest';
import type { BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import { monitors } from '#src/operator/monitors.ts';
import { pointsOf } from '#src/playground/aws/metrics.ts';
import { said } from '#test/support/said.ts';
import { basicSpec, GROUP, loggingRole } from '#test/support/specs.ts';
import type { World } from '#test/support/world.ts';
import { ACCOUNT, createWorld, REGION } from '#test/support/world.ts';

const lambda = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:watch`;
const central = `arn:aws:logs:${REGION}:999988887777:destination:central`;

describe('what stands on the log group', () => {
  let world: World;
  let spec: BedrockMonitorSpec;
  beforeEach(async () => {
    world = await createWorld();
    region().logDestinations.add(lambda);
    spec = attached(basicSpec(loggingRole(world.aws)));
    return () => world.close();
  });

  const region = () => world.aws.account(ACCOUNT).region(REGION);
  const group = (name = GROUP) => region().logGroups.get(name);
  const names = (name = GROUP) => ({
    metricFilters: [...(group(name)?.metricFilters.keys() ?? [])].sort(),
    subscriptionFilters: [...(group(name)?.subscriptionFilters.keys() ?? [])].sort(),
    fields: JSON.parse(group(name)?.indexPolicy?.document ?? '{}').Fields ?? [],
    detectors: [...region().logAnomalyDetectors.values()]
      .filter(({ logGroupARN }) => logGroupARN.endsWith(`:${name}`))
      .map((one) => one.name),
  });
  const all = {
    metricFilters: ['errors', 'tokens', 'tokens-2'].map((entry) => `bedrockmonitor/test/genai/production/${entry}`),
    subscriptionFilters: ['bedrockmonitor/test/genai/production/copy'],
    fields: ['modelId', 'requestId', 'bedrockmonitor_test_genai_production'],
    detectors: ['bedrockmonitor/test/genai/production'],
  };
  const none = { metricFilters: [], subscriptionFilters: [], fields: [], detectors: [] };

  it('is made, and counts the calls that come after', async () => {
    await world.apply('production', spec);
    const monitor = await world.settle('production');
    expect(said(monitor)).toMatchObject({ status: 'True', reason: 'InSync' });
    expect(said(monitor, 'MetricFiltersConfigured')).toMatchObject({ status: 'True' });
    expect(monitor?.status?.metricFilters).toEqual({ summary: '3/3', total: 3, inSync: 3 });
    expect(names()).toEqual(all);
    const call = { modelId: 'amazon.nova-pro-v1:0', prompt: 'hi, jane@example.com', completion: 'hi', identity: 'me' };
    const account = world.aws.account(ACCOUNT);
    const tokens = { inputTokenCount: 12, outputTokenCount: 3 };
    account.invoke(REGION, { ...call, ...tokens, requestMetadata: { team: 'search' } });
    account.invoke(REGION, { ...call, ...tokens, requestMetadata: { team: 'nobody' } });
    account.invoke(REGION, { ...call, ...tokens, errorCode: 'ThrottlingException' });
    const namespace = 'BedrockMonitor/test/genai/production';
    const values = (name: string, dimensions: Record<string, string>) =>
      pointsOf(region(), { namespace, name, dimensions }).map(({ value }) => value);
    expect(values('InputTokenCount', { team: 'search' })).toEqual([12]);
    expect(values('OutputTokenCount', { team: 'search' })).toEqual([3]);
    expect(values('InputTokenCount', { team: 'nobody' })).toEqual([]);
    expect(values('InvocationErrors', { errorCode: 'ThrottlingException' })).toEqual([1]);
    const [copy] = group()?.subscriptionFilters.values() ?? [];
    expect(copy?.delivered).toHaveLength(4);
    expect(copy?.delivered.join()).not.toContain('jane@example.com');
  });

  it('rests: a second pass writes nothing', async () => {
    await world.apply('production', spec);
    await world.settle('production');
    world.aws.forgetCalls();
    await world.pass('production');
    expect(world.aws.writes()).toEqual([]);
  });

  it('no filter is made before masking is in force; indexes carry no text and go on', async () => {
    const allow = world.aws.deny(ACCOUNT, 'logs:PutDataProtectionPolicy');
    await world.apply('production', spec);
    const monitor = await world.settle('production');
    expect(names()).toEqual({ ...none, fields: all.fields });
    expect(said(monitor, 'MetricFiltersConfigured')).toMatchObject({
      status: 'False',
      reason: 'DependencyNotReady',
      message: expect.stringContaining('masking policy'),
    });
    expect(said(monitor, 'AlarmsConfigured')).toMatchObject({ status: 'True' });
    allow();
    expect(said(await world.settle('production'))).toMatchObject({ status: 'True' });
    expect(names()).toEqual(all);
  });

  it('goes when it leaves the spec, and only that', async () => {
    await world.apply('production', spec);
    await world.settle('production');
    group()?.metricFilters.set('by-hand', {
      name: 'by-hand',
      configuration: {},
      creationTime: 0,
      combinations: new Map(),
      disabled: false,
    });
    await world.apply('production', basicSpec(loggingRole(world.aws)));
    expect(said(await world.settle('production'))).toMatchObject({ status: 'True' });
    expect(names()).toEqual({ ...none, metricFilters: ['by-hand'] });
    expect((await world.get('production'))?.status?.inventory?.filter(({ name }) => name.includes(':'))).toEqual([]);
  });

  it('makes room before it takes some: AWS takes five subscriptions for a group', async () => {
    const base = basicSpec(loggingRole(world.aws));
    const five = (last: string): BedrockMonitorSpec => {
      const logs = base.invocationLogging?.cloudWatchLogs;
      const subscriptionFilters = ['a', 'b', 'c', 'd', last].map((name) => ({ name, destinationARN: lambda }));
      return {
        ...base,
        invocationLogging: { dataTypes: ['Text'], ...(logs && { cloudWatchLogs: { ...logs, subscriptionFilters } }) },
      };
    };
    await world.apply('production', five('e'));
    expect(said(await world.settle('production'))).toMatchObject({ status: 'True' });
    world.aws.forgetCalls();
    await world.apply('production', five('f'));
    expect(said(await world.settle('production'))).toMatchObject({ status: 'True' });
    expect(
      names()
        .subscriptionFilters.map((name) => name.at(-1))
        .join(''),
    ).toBe('abcdf');
    expect(world.aws.writes().filter(({ outcome }) => outcome?.kind !== 'Answered')).toEqual([]);
  });

  it('moves with the log group', async () => {
    await world.apply('production', spec);
    await world.settle('production');
    await world.apply('production', attached(basicSpec(loggingRole(world.aws)), '/aws/bedrock/new'));
    expect(said(await world.settle('production'))).toMatchObject({ status: 'True' });
    expect(names('/aws/bedrock/new')).toEqual(all);
    expect(names()).toEqual(none);
  });

  it('goes on where Bedrock delivers as long as the move is refused', async () => {
    await world.apply('production', spec);
    await world.settle('production');
    const allow = world.aws.deny(ACCOUNT, 'logs:CreateLogGroup');
    await world.apply('production', attached(basicSpec(loggingRole(world.aws)), '/aws/bedrock/new'));
    expect(said(await world.settle('production'))).toMatchObject({ status: 'False' });
    expect(names()).toEqual(all);
    allow();
    expect(said(await world.settle('production'))).toMatchObject({ status: 'True' });
    expect([names(), names('/aws/bedrock/new')]).toEqual([none, all]);
  });

  it('a status that was wiped costs no deletion', async () => {
    await world.apply('production', spec);
    await world.settle('production');
    const monitor = await world.get('production');
    if (monitor === undefined) throw new Error('no monitor');
    await world.client.replaceStatus(monitors, { ...monitor, status: { observedGeneration: 1 } });
    await world.remove('production');
    expect(await world.settle('production')).toBeUndefined();
    expect(names()).toEqual(none);
  });

  it('goes with the monitor; the log group stays', async () => {
    await world.apply('production', spec);
    await world.settle('production');
    await world.remove('production');
    await world.settle('production');
    expect(await world.get('production')).toBeUndefined();
    expect(names()).toEqual(none);
    expect(group()).toBeDefined();
  });

  it('goes before a log group that is deleted, in the end with nothing left', async () => {
    await world.apply('production', { ...spec, deletionPolicy: { logGroup: 'Delete' } });
    await world.settle('production');
    await world.remove('production');
    await world.settle('production');
    expect(await world.get('production')).toBeUndefined();
    expect(group()).toBeUndefined();
    expect(region().logAnomalyDetectors.size).toBe(0);
  });

  it('stays where deletionPolicy says Retain', async () => {
    await world.apply('production', { ...spec, deletionPolicy: { default: 'Retain', metricFilters: 'Delete' } });
    await world.settle('production');
    await world.remove('production');
    await world.settle('production');
    expect(names()).toEqual({ ...all, metricFilters: [] });
  });

  it('what others change is put right', async () => {
    await world.apply('production', spec);
    await world.settle('production');
    group()?.metricFilters.delete(all.metricFilters[0] ?? '');
    for (const one of region().logAnomalyDetectors.values()) one.enabled = false;
    await world.pass('production');
    expect(said(await world.settle('production'))).toMatchObject({ status: 'True' });
    expect(names()).toEqual(all);
    expect([...region().logAnomalyDetectors.values()]).toMatchObject([{ enabled: true }]);
  });

  it('a monitor without the claim makes none', async () => {
    await world.apply('production', basicSpec(loggingRole(world.aws)));
    await world.settle('production');
    await world.clock.advance(60_000);
    await world.apply('rival', spec);
    const rival = await world.settle('rival');
    expect(said(rival, 'MetricFiltersConfigured')).toMatchObject({ status: 'False', reason: 'Conflict' });
    expect(names()).toEqual(none);
  });

  it('is put on an Unmanaged log group, and goes without it', async () => {
    world.aws.account(ACCOUNT).logGroup(REGION, { name: GROUP, retentionInDays: 365 });
    const unmanaged = attached(basicSpec(loggingRole(world.aws)), { name: GROUP, management: 'Unmanaged' });
    await world.apply('production', unmanaged);
    expect(said(await world.settle('production'))).toMatchObject({ status: 'True' });
    expect(names()).toEqual(all);
    await world.remove('production');
    await world.settle('production');
    expect(names()).toEqual(none);
    expect(group()).toMatchObject({ retentionInDays: 365 });
  });

  it('records leave the account only if the platform’s list says so', async () => {
    region().logDestinations.add(central);
    const logs = spec.invocationLogging?.cloudWatchLogs;
    const away: BedrockMonitorSpec = {
      ...spec,
      ...(logs && {
        invocationLogging: {
          dataTypes: ['Text'],
          cloudWatchLogs: { ...logs, subscriptionFilters: [{ name: 'copy', destinationARN: central }] },
        },
      }),
    };
    await world.apply('production', away);
    expect(said(await world.settle('production'), 'LoggingConfigured')).toMatchObject({ reason: 'ActionNotAllowed' });
    expect(names().subscriptionFilters).toEqual([]);
    world.access = { ...world.access, actionARNs: [central] };
    expect(said(await world.settle('production'))).toMatchObject({ status: 'True' });
    expect(names()).toEqual(all);
  });

  it('the masking policy of the account is named in the status, read once an hour, and left alone', async () => {
    const document = JSON.stringify({ Name: 'everywhere' });
    region().accountDataProtection = { name: 'everywhere', document, createdAt: 0 };
    await world.apply('production', spec);
    expect((await world.settle('production'))?.status?.dataProtection).toMatchObject({
      state: 'Active',
      policyName: 'bedrockmonitor_test_genai_production',
      accountPolicyName: 'everywhere',
    });
    world.aws.forgetCalls();
    await world.pass('production');
    expect(world.aws.calls.filter(({ operation }) => operation === 'DescribeAccountPolicies')).toEqual([]);
    expect(world.aws.writes()).toEqual([]);
    region().accountDataProtection = undefined;
    const monitor = await world.settle('production');
    expect(monitor?.status?.dataProtection).not.toHaveProperty('accountPolicyName');
    expect(said(monitor)).toMatchObject({ status: 'True' });
  });

  it('a name of the account’s policy that may not be read holds nothing up', async () => {
    region().accountDataProtection = { name: 'everywhere', document: '{}', createdAt: 0 };
    world.aws.deny(ACCOUNT, 'logs:DescribeAccountPolicies');
    await world.apply('production', spec);
    const monitor = await world.settle('production');
    expect(said(monitor)).toMatchObject({ status: 'True' });
    expect(monitor?.status?.dataProtection).not.toHaveProperty('accountPolicyName');
  });

  describe('an index policy of somebody else', () => {
    const put = (fields: string[]) => {
      const made = world.aws.account(ACCOUNT).logGroup(REGION, { name: GROUP });
      made.indexPolicy = { document: JSON.stringify({ Fields: fields }), lastUpdateTime: 0 };
    };
    const unmanaged = (adoption: 'Never' | 'Always'): BedrockMonitorSpec => ({
      ...attached(basicSpec(loggingRole(world.aws)), { name: GROUP, management: 'Unmanaged' }),
      adoptionPolicy: { default: adoption },
    });

    it('is left alone, and the rest goes on', async () => {
      put(['sessionId']);
      await world.apply('production', unmanaged('Never'));
      const monitor = await world.settle('production');
      expect(said(monitor, 'LoggingConfigured')).toMatchObject({
        reason: 'NotOwned',
        message: expect.stringContaining('adoptionPolicy.default: Always'),
      });
      expect(names()).toEqual({ ...all, fields: ['sessionId'] });
      expect(monitor?.status?.inventory).not.toContainEqual(expect.objectContaining({ kind: 'FieldIndexPolicy' }));
    });

    it('is not adopted as long as a field of theirs would be lost', async () => {
      put(['modelId', 'sessionId']);
      await world.apply('production', unmanaged('Always'));
      expect(said(await world.settle('production'), 'LoggingConfigured')).toMatchObject({
        reason: 'NotOwned',
        message: expect.stringContaining('sessionId. Add them to fieldIndexes'),
      });
      expect(names().fields).toEqual(['modelId', 'sessionId']);
    });

    it('is adopted where the spec names all of it', async () => {
      put(['modelId']);
      await world.apply('production', unmanaged('Always'));
      expect(said(await world.settle('production'))).toMatchObject({ status: 'True' });
      expect(names()).toEqual(all);
    });
  });

  it('a filter that AWS has most likely switched off is told, until an edit puts it anew', async () => {
    const own = (dimensions: Record<string, string>): BedrockMonitorSpec => ({
      ...spec,
      metricFilters: [
        {
          name: 'calls',
          filterPattern: '{ $.modelId = "*" }',
          metricTransformation: { metricName: 'Calls', metricValue: '1', dimensions },
        },
      ],
    });
    await world.apply('production', own({ session: '$.requestMetadata.session' }));
    await world.settle('production');
    const call = {
      modelId: 'm',
      prompt: 'hi',
      completion: 'hi',
      identity: 'me',
      inputTokenCount: 1,
      outputTokenCount: 1,
    };
    for (let n = 0; n < 1000; n += 1)
      world.aws.account(ACCOUNT).invoke(REGION, { ...call, requestMetadata: { session: `s-${n}` } });
    await world.clock.advance(3_700_000);
    const monitor = await world.settle('production');
    expect(said(monitor, 'MetricFiltersConfigured')).toMatchObject({
      status: 'False',
      reason: 'FilterDisabled',
      message: expect.stringContaining('1000 values of session'),
    });
    expect(said(monitor, 'LoggingConfigured')).toMatchObject({ status: 'True' });
    await world.clock.advance(4 * 3_600_000);
    expect(said(await world.settle('production'))).toMatchObject({ reason: 'FilterDisabled' });
    await world.apply('production', own({ model: '$.modelId' }));
    expect(said(await world.settle('production'))).toMatchObject({ status: 'True' });
    world.aws.forgetCalls();
    await world.pass('production');
    expect(world.aws.calls.filter(({ operation }) => operation === 'ListMetrics')).toEqual([]);
  });

  it('is found again where the inventory is lost, and pruned', async () => {
    await world.apply('production', spec);
    await world.settle('production');
    await world.apply('production', { ...spec, metricFilters: [{ name: 'errors', preset: 'ErrorsByCode' }] });
    const monitor = await world.get('production');
    if (monitor?.status === undefined) throw new Error('no status');
    const { inventory: _, inventoryUID: __, ...status } = monitor.status;
    await world.client.replaceStatus(monitors, { ...monitor, status });
    await world.settle('production');
    expect(names()).toEqual({ ...all, metricFilters: [all.metricFilters[0]] });
  });
});

type LogGroup = NonNullable<NonNullable<BedrockMonitorSpec['invocationLogging']>['cloudWatchLogs']>['logGroup'];

function attached(spec: BedrockMonitorSpec, logGroup: string | LogGroup = GROUP): BedrockMonitorSpec {
  const logs = spec.invocationLogging?.cloudWatchLogs;
  if (logs === undefined) throw new Error('no log group');
  return {
    ...spec,
    invocationLogging: {
      dataTypes: ['Text'],
      cloudWatchLogs: {
        ...logs,
        logGroup: typeof logGroup === 'string' ? { name: logGroup } : logGroup,
        subscriptionFilters: [{ name: 'copy', destinationARN: lambda }],
        fieldIndexes: ['requestId', 'modelId'],
        anomalyDetector: { evaluationFrequency: '15m' },
      },
    },
    metricFilters: [
      { name: 'tokens', preset: 'TokensByMetadata', tokensByMetadata: { key: 'team', values: ['search', 'support'] } },
      { name: 'errors', preset: 'ErrorsByCode' },
    ],
  };
}
