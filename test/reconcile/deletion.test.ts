import { beforeEach, describe, expect, it } from 'vitest';
import type { BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import type { ApiResource, KubernetesObject } from '#src/kubernetes/api-resource.ts';
import { finalizer, monitors } from '#src/operator/monitors.ts';
import { said } from '#test/support/said.ts';
import { basicSpec, GROUP, loggingRole } from '#test/support/specs.ts';
import type { World } from '#test/support/world.ts';
import { ACCOUNT, createWorld, REGION } from '#test/support/world.ts';

interface Definition extends KubernetesObject {
  spec: {
    versions: {
      schema: {
        openAPIV3Schema: { properties: { spec: { properties: { models: { items: { maxLength: number } } } } } };
      };
    }[];
  };
}

const DEADLINE_MS = 600_000;

describe('a deletion ends', () => {
  let world: World;
  let spec: BedrockMonitorSpec;
  beforeEach(async () => {
    world = await createWorld();
    spec = basicSpec(loggingRole(world.aws));
    return () => world.close();
  });

  const region = () => world.aws.account(ACCOUNT).region(REGION);
  const left = () => [
    ...region().alarms.keys(),
    ...region().queryDefinitions.keys(),
    ...world.aws.account(ACCOUNT).state.dashboards.keys(),
    ...(region().invocationLogging.configuration === undefined ? [] : ['logging']),
  ];
  const wipeStatus = async () => {
    const monitor = await world.get('production');
    if (monitor === undefined) throw new Error('no monitor');
    await world.client.replaceStatus(monitors, { ...monitor, status: { observedGeneration: 1 } });
  };

  /** As an older CRD might be: it takes longer models. */
  const looseSchema = async () => {
    const crds: ApiResource<Definition> = {
      group: 'apiextensions.k8s.io',
      version: 'v1',
      plural: 'customresourcedefinitions',
      namespaced: false,
    };
    const crd = structuredClone(await world.client.get(crds, { name: 'bedrockmonitors.bedrockmonitor.io' }));
    for (const { schema } of crd.spec.versions)
      schema.openAPIV3Schema.properties.spec.properties.models.items.maxLength = 300;
    await world.client.replace(crds, crd);
  };

  it('says past the deadline how to force it, also where no credentials let it begin', async () => {
    await world.apply('production', spec);
    await world.settle('production');
    world.access = { ownAccount: false, roleARNs: [], actionARNs: [] };
    await world.remove('production');
    await world.pass('production');
    expect(said(await world.get('production'))).toMatchObject({ reason: 'RoleNotAllowed' });
    await world.clock.advance(DEADLINE_MS);
    await world.pass('production');
    expect(said(await world.get('production'))).toMatchObject({
      reason: 'DeletionBlocked',
      message: expect.stringMatching(/force-orphan=true.*may not use the operator's own AWS account/s),
    });
  });

  it('says past the deadline what blocks, also where Kubernetes does not let it see the claim', async () => {
    await world.apply('production', spec);
    await world.settle('production');
    await world.remove('production');
    world.tap = {
      observe: ({ plural }, when) => {
        if (plural === 'leases' && when === 'before') throw new Error('leases is forbidden');
      },
    };
    await expect(world.pass('production')).rejects.toThrow('leases is forbidden');
    await world.clock.advance(DEADLINE_MS);
    await world.pass('production');
    expect(said(await world.get('production'))).toMatchObject({
      reason: 'DeletionBlocked',
      message: expect.stringContaining('leases is forbidden'),
    });
    world.tap = undefined;
    expect(await world.settle('production')).toBeUndefined();
  });

  it('needs neither credentials nor permissions where all that it owns is retained, without logging too', async () => {
    await world.apply('production', {
      region: REGION,
      deletionPolicy: { default: 'Retain' },
      alarms: [{ name: 'throttling', preset: 'Throttling' }],
    });
    await world.settle('production');
    world.access = { ownAccount: false, roleARNs: [], actionARNs: [] };
    world.aws.forgetCalls();
    await world.remove('production');
    expect(await world.pass('production')).toEqual({ kind: 'rest' });
    expect(await world.get('production')).toBeUndefined();
    expect(world.aws.calls).toEqual([]);
    expect(left()).toHaveLength(1);
  });

  it('is not held up by a spec that this release does not take', async () => {
    await world.apply('production', spec);
    await world.settle('production');
    await looseSchema();
    await world.apply('production', { ...spec, models: ['m'.repeat(300)] });
    await world.pass('production');
    expect(said(await world.get('production'))).toMatchObject({ reason: 'InvalidSpec' });
    await world.remove('production');
    expect(await world.settle('production')).toBeUndefined();
    expect(left()).toEqual([]);
  });

  it('deletes what it owns although the status was wiped', async () => {
    await world.apply('production', spec);
    await world.settle('production');
    await wipeStatus();
    await world.remove('production');
    expect(await world.settle('production')).toBeUndefined();
    expect(left()).toEqual([]);
  });

  it('deletes what a monitor of the same name left when its finalizer was removed by hand', async () => {
    await world.apply('production', {
      ...spec,
      alarms: [...(spec.alarms ?? []), { name: 'errors', preset: 'ErrorRate' }],
    });
    await world.settle('production');
    const monitor = await world.get('production');
    expect(monitor?.metadata.finalizers).toEqual([finalizer]);
    await world.client.patch(
      monitors,
      { namespace: 'genai', name: 'production' },
      { type: 'merge', body: { metadata: { finalizers: null } } },
    );
    await world.remove('production');
    world.restart();
    await world.apply('production', spec);
    const again = await world.settle('production');
    expect(again?.metadata.uid).not.toBe(monitor?.metadata.uid);
    expect(said(again)).toMatchObject({ status: 'True' });
    expect(again?.status?.inventoryUID).toBe(again?.metadata.uid);
    expect([...region().alarms.keys()]).toEqual(['bedrockmonitor/test/genai/production/throttling']);
    await world.remove('production');
    await world.settle('production');
    expect(left()).toEqual([]);
  });

  it('puts a finalizer back that was removed by hand', async () => {
    await world.apply('production', spec);
    await world.settle('production');
    await world.client.patch(
      monitors,
      { namespace: 'genai', name: 'production' },
      { type: 'merge', body: { metadata: { finalizers: null } } },
    );
    await world.pass('production');
    expect((await world.get('production'))?.metadata.finalizers).toEqual([finalizer]);
  });

  it('tells of nothing that was never made', async () => {
    await world.apply('production', spec);
    await world.settle('production');
    await world.apply('production', {
      ...spec,
      suspend: true,
      alarms: [...(spec.alarms ?? []), { name: 'errors', preset: 'ErrorRate' }],
    });
    const monitor = await world.settle('production');
    expect(monitor?.status?.inventory?.map(({ name }) => name)).not.toContain(
      'bedrockmonitor/test/genai/production/errors',
    );
    await world.remove('production');
    await world.settle('production');
    const retained = world.news.filter(({ reason }) => reason === 'Retained').map(({ note }) => note);
    expect(retained).toEqual([expect.stringContaining('/throttling')]);
    expect(retained[0]).not.toContain('/errors');
  });

  it('does not say that it keeps an Unmanaged log group, which was never its own', async () => {
    const unmanaged: BedrockMonitorSpec = {
      region: REGION,
      invocationLogging: {
        dataTypes: [],
        cloudWatchLogs: {
          logGroup: { name: GROUP, management: 'Unmanaged' },
          role: spec.invocationLogging?.cloudWatchLogs?.role ?? { arn: '' },
        },
        deliveryAlarm: 'Disabled',
      },
    };
    await world.apply('production', unmanaged);
    const monitor = await world.settle('production');
    expect(said(monitor)).toMatchObject({ reason: 'LogGroupNotFound' });
    expect(monitor?.status?.inventory).toEqual([]);
  });

  it('deletes a hundred alarms in a few calls', async () => {
    const models = ['a.one', 'b.two', 'c.three', 'd.four', 'e.five'];
    const alarms = Array.from({ length: 20 }, (_, index) => ({
      name: `alarm-${index}`,
      preset: 'Throttling' as const,
      models,
    }));
    await world.apply('production', { region: REGION, alarms });
    await world.settle('production');
    expect(region().alarms.size).toBe(100);
    world.aws.forgetCalls();
    await world.remove('production');
    expect(await world.settle('production')).toBeUndefined();
    expect(region().alarms.size).toBe(0);
    expect(world.aws.calls.length).toBeLessThan(40);
  });
});
