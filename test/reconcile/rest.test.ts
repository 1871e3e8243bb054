import { beforeEach, describe, expect, it } from 'vitest';
import type { BedrockMonitor, BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import { liveOn } from '#test/support/as-controller.ts';
import { said } from '#test/support/said.ts';
import { basicSpec, GROUP, loggingRole } from '#test/support/specs.ts';
import type { World } from '#test/support/world.ts';
import { ACCOUNT, createWorld, REGION } from '#test/support/world.ts';

const HALF_AN_HOUR_MS = 1_800_000;

/** What kstatus, `kubectl wait` and Argo CD rely upon. */
function contradictions({ metadata, status }: BedrockMonitor): readonly string[] {
  const conditions = status?.conditions ?? [];
  const is = (type: string) => conditions.some((one) => one.type === type && one.status === 'True');
  return [
    ...(is('Reconciling') && is('Stalled') ? ['Reconciling and Stalled'] : []),
    ...(is('Ready') && (is('Reconciling') || is('Stalled')) ? ['Ready, and not at rest'] : []),
    ...(status?.observedGeneration === metadata.generation ? [] : ['observedGeneration']),
    ...conditions
      .filter((one) => one.observedGeneration !== metadata.generation)
      .map(({ type }) => `generation of ${type}`),
    ...conditions.filter((one) => one.message.length > 1024).map(({ type }) => `message of ${type}`),
    ...(new Set(conditions.map(({ type }) => type)).size === conditions.length ? [] : ['a condition twice']),
  ];
}

describe('at rest', () => {
  let world: World;
  let spec: BedrockMonitorSpec;
  beforeEach(async () => {
    world = await createWorld();
    spec = basicSpec(loggingRole(world.aws));
    return () => world.close();
  });

  const region = () => world.aws.account(ACCOUNT).region(REGION);
  /** No write that succeeds, and none to Kubernetes; and few looks. */
  const expectRest = async () => {
    world.aws.forgetCalls();
    world.kubernetes.forgetCalls();
    const news = world.news.length;
    expect(await liveOn(world, 'production', HALF_AN_HOUR_MS)).toBeLessThanOrEqual(6);
    expect(
      world.aws
        .writes()
        .filter(({ outcome }) => outcome?.kind === 'Answered')
        .map(({ operation }) => operation),
    ).toEqual([]);
    expect(world.kubernetes.calls.filter(({ writes }) => writes)).toEqual([]);
    expect(world.news.slice(news)).toEqual([]);
  };

  it('keeps its notes, and repeats nothing for them', async () => {
    await world.apply('production', {
      ...spec,
      invocationLogging: {
        dataTypes: ['Text'],
        cloudWatchLogs: {
          logGroup: { name: GROUP, retentionInDays: 30 },
          role: spec.invocationLogging?.cloudWatchLogs?.role ?? { arn: '' },
        },
      },
      dataProtection: { identifiers: ['EmailAddress'] },
      dashboards: [{ name: 'own', body: '{"widgets":[],"colour":"red"}' }],
    });
    await world.settle('production');
    region().retentionPolicies.push({
      name: 'corporate',
      logGroupNamePrefix: '/',
      retentionInDays: 7,
      enforcementMode: 'RETROACTIVE',
      createdAt: 0,
    });
    await world.settle('production');
    const monitor = await world.settle('production');
    const reasons = () =>
      Object.fromEntries((monitor?.status?.conditions ?? []).map(({ type, reason }) => [type, reason]));
    expect(reasons()).toMatchObject({
      Ready: 'InSync',
      LoggingConfigured: 'RetentionOverridden',
      AlarmsConfigured: 'NobodyNotified',
      DashboardsConfigured: 'AcceptedWithWarnings',
    });
    await world.clock.advance(60_000);
    await world.settle('production');
    await expectRest();
  });

  const stalls: readonly [string, (given: BedrockMonitorSpec) => Promise<BedrockMonitorSpec> | BedrockMonitorSpec][] = [
    [
      'NotOwned',
      (given) => {
        world.aws.account(ACCOUNT).logGroup(REGION, { name: GROUP });
        return given;
      },
    ],
    [
      'RoleNotAllowed',
      (given) => {
        world.access = { ownAccount: false, roleARNs: [], actionARNs: [] };
        return given;
      },
    ],
    ['AccountMismatch', (given) => ({ region: REGION, alarms: given.alarms ?? [], accountID: '999988887777' })],
    [
      'ActionNotAllowed',
      (given) => ({
        ...given,
        alarms: [{ name: 'a', preset: 'Throttling', alarmActions: [`arn:aws:sns:${REGION}:999988887777:theirs`] }],
      }),
    ],
    ['UnknownIdentifier', (given) => ({ ...given, dataProtection: { identifiers: ['NoSuchThing'] } })],
    [
      'FindingsDestinationNotUsable',
      (given) => ({
        ...given,
        dataProtection: { identifiers: ['EmailAddress'], findings: { s3: { bucketName: 'missing' } } },
      }),
    ],
    ['RoleNotUsable', () => basicSpec(`arn:aws:iam::${ACCOUNT}:role/missing`)],
    [
      'BucketNotUsable',
      (given) => ({
        ...given,
        dataProtection: { identifiers: ['EmailAddress'], s3Bodies: 'AcceptUnmasked' },
        invocationLogging: { dataTypes: ['Text'], ...given.invocationLogging, s3: { bucket: { name: 'missing' } } },
      }),
    ],
    [
      'KMSKeyNotUsable',
      (given) => ({
        ...given,
        invocationLogging: {
          dataTypes: ['Text'],
          cloudWatchLogs: {
            role: given.invocationLogging?.cloudWatchLogs?.role ?? { arn: '' },
            logGroup: { name: GROUP, kmsKeyARN: `arn:aws:kms:${REGION}:${ACCOUNT}:key/missing` },
          },
        },
      }),
    ],
    [
      'LogGroupNotFound',
      (given) => ({
        ...given,
        invocationLogging: {
          dataTypes: ['Text'],
          cloudWatchLogs: {
            role: given.invocationLogging?.cloudWatchLogs?.role ?? { arn: '' },
            logGroup: { name: GROUP, management: 'Unmanaged' },
          },
        },
      }),
    ],
    ['LogGroupUnknown', () => ({ region: REGION, savedQueries: [{ name: 'latest', preset: 'LatestInvocations' }] })],
    ['InvalidSpec', (given) => ({ ...given, dashboards: [{ name: 'own', body: 'no JSON' }] })],
    [
      'QuotaExceeded',
      (given) => {
        world.aws.fault(
          { operation: 'PutMetricAlarm' },
          { kind: 'Error', code: 'LimitExceeded', message: 'full' },
          1_000,
        );
        return given;
      },
    ],
    [
      'RejectedByAWS',
      (given) => {
        world.aws.fault(
          { operation: 'PutQueryDefinition' },
          { kind: 'Error', code: 'InvalidParameterException', message: 'no', status: 400 },
          1_000,
        );
        return given;
      },
    ],
  ];

  it.each(stalls)(
    'stalls with %s in kstatus’s words, keeps looking seldom, and writes nothing',
    async (reason, make) => {
      await world.apply('production', await make(spec));
      const seen: string[] = [];
      for (let pass = 0; pass < 40; pass += 1) {
        const next = await world.pass('production');
        const monitor = await world.get('production');
        if (monitor !== undefined) seen.push(...contradictions(monitor));
        if (said(monitor, 'Stalled') !== undefined) break;
        await world.clock.advance(next.kind === 'rest' ? 0 : (next.afterMs ?? 5_000));
      }
      const monitor = await world.get('production');
      expect(seen).toEqual([]);
      expect(said(monitor, 'Stalled')).toMatchObject({ status: 'True', reason: expect.any(String) });
      expect(monitor?.status?.conditions?.some((one) => one.reason === reason)).toBe(true);
      await world.clock.advance(60_000);
      await world.pass('production');
      await expectRest();
    },
  );

  it('backs off where AWS never shows what was written', async () => {
    await world.apply('production', { region: REGION, alarms: spec.alarms ?? [] });
    await world.settle('production');
    world.aws.onCall(({ operation }, phase) => {
      if (phase !== 'After' || operation !== 'PutMetricAlarm') return;
      for (const alarm of region().alarms.values()) alarm.configuration = { ...alarm.configuration, Threshold: 99 };
    });
    world.aws.forgetCalls();
    // An edit: of drift that comes back at once others would be blamed.
    const alarms = [{ name: 'throttling', preset: 'Throttling' as const, threshold: 7 }];
    await world.apply('production', { region: REGION, alarms });
    await liveOn(world, 'production', HALF_AN_HOUR_MS);
    expect(said(await world.get('production'), 'Reconciling')).toMatchObject({ reason: 'Propagating' });
    expect(world.aws.writes().length).toBeLessThan(20);
  });

  it('leaves AWS alone while the platform takes the credentials away, and goes on when it gives them back', async () => {
    await world.apply('production', spec);
    const before = await world.settle('production');
    world.access = { ownAccount: false, roleARNs: [], actionARNs: [] };
    world.aws.forgetCalls();
    const without = await world.settle('production');
    expect(world.aws.calls).toEqual([]);
    expect(said(without)).toMatchObject({ status: 'False', reason: 'RoleNotAllowed' });
    expect(said(without, 'AlarmsConfigured')).toMatchObject({ status: 'Unknown' });
    expect(without?.status?.inventory).toEqual(before?.status?.inventory);
    world.access = { ownAccount: true, roleARNs: [], actionARNs: [] };
    expect(said(await world.settle('production'))).toMatchObject({ status: 'True' });
    expect(world.aws.writes()).toEqual([]);
  });

  it('writes its status anew, and nothing else, where it was wiped between two passes', async () => {
    await world.apply('production', spec);
    await world.settle('production');
    const monitor = await world.get('production');
    if (monitor === undefined) throw new Error('no monitor');
    await world.client.replaceStatus(
      { group: 'bedrockmonitor.io', version: 'v1alpha1', plural: 'bedrockmonitors', namespaced: true },
      { ...monitor, status: {} },
    );
    world.aws.forgetCalls();
    const after = await world.settle('production');
    expect(world.aws.writes()).toEqual([]);
    expect(after?.status?.inventory?.length).toBe(monitor.status?.inventory?.length);
    expect(said(after)).toMatchObject({ status: 'True' });
  });
});
