import { beforeEach, describe, expect, it } from 'vitest';
import type { BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import type { OperationName } from '#src/aws/operations.ts';
import { operations } from '#src/aws/operations.ts';
import type { JsonObject } from '#src/domain/json.ts';
import type { Feature } from '#src/domain/plan/types.ts';
import { monitors } from '#src/operator/monitors.ts';
import { liveOn } from '#test/support/as-controller.ts';
import { said } from '#test/support/said.ts';
import { GROUP, loggingRole } from '#test/support/specs.ts';
import type { World } from '#test/support/world.ts';
import { ACCOUNT, createWorld, REGION } from '#test/support/world.ts';

const ROLE = 'BedrockCloudWatchLogs';
const ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/bedrockmonitor/${ROLE}`;
const BUCKET = `bedrock-logging-${ACCOUNT}-${REGION}`;
const theirs: JsonObject = {
  Sid: 'Theirs',
  Effect: 'Deny',
  Principal: '*',
  Action: 's3:*',
  Resource: `arn:aws:s3:::${BUCKET}/*`,
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
};

/** Logging with a role and a bucket that are made for it. */
function spec(policies: Partial<BedrockMonitorSpec> = {}, role = {}, bucket = {}): BedrockMonitorSpec {
  return {
    region: REGION,
    invocationLogging: {
      dataTypes: ['Text'],
      cloudWatchLogs: {
        logGroup: { name: GROUP, retentionInDays: 30 },
        role: { create: { name: ROLE, ...role } },
        largeDataDelivery: { bucket: { create: bucket } },
      },
      deliveryAlarm: 'Disabled',
    },
    ...policies,
  };
}

/** The same with another role. */
function withRole(role: { readonly arn: string } | { readonly create: object }): BedrockMonitorSpec {
  const { invocationLogging: logging } = spec();
  if (logging?.cloudWatchLogs === undefined) throw new Error('the spec logs to CloudWatch');
  return { region: REGION, invocationLogging: { ...logging, cloudWatchLogs: { ...logging.cloudWatchLogs, role } } };
}

describe('a role and a bucket that are made for logging', () => {
  let world: World;
  let features: Set<Feature>;
  beforeEach(async () => {
    features = new Set<Feature>(['LoggingRole', 'LoggingBucket']);
    world = await createWorld({ settings: { features } });
    return () => world.close();
  });

  const account = () => world.aws.account(ACCOUNT);
  const role = () => account().state.roles.get(ROLE.toLowerCase());
  const bucket = () => world.aws.world.buckets.get(BUCKET);
  const live = () => account().region(REGION).invocationLogging.configuration;
  const settle = () => world.settle('production');
  const kinds = async () => (await world.get('production'))?.status?.inventory?.map(({ kind }) => kind).sort();
  const statements = () => {
    const value = bucket()?.policy?.['Statement'];
    return Array.isArray(value) ? value : [];
  };
  const notes = (reason: string) => world.news.filter((one) => one.reason === reason).map(({ note }) => note);

  it('are made before logging, and stay as they are', async () => {
    await world.apply('production', spec());
    expect(said(await settle())).toMatchObject({ status: 'True', reason: 'InSync' });
    expect(live()).toMatchObject({
      cloudWatchConfig: {
        logGroupName: GROUP,
        roleArn: ROLE_ARN,
        largeDataDeliveryS3Config: { bucketName: BUCKET },
      },
    });
    expect(bucket()?.lifecycle).toMatchObject({ Rule: [{ Expiration: { Days: '30' } }] });
    expect(statements(), 'AWS attached none of its own').toHaveLength(1);
    expect(await kinds()).toEqual(['LogGroup', 'LoggingBucket', 'LoggingRole']);
    account().invoke(REGION, {
      modelId: 'amazon.nova-pro-v1:0',
      prompt: 'x'.repeat(200_000),
      completion: 'short',
      inputTokenCount: 50_000,
      outputTokenCount: 1,
      identity: `arn:aws:iam::${ACCOUNT}:user/somebody`,
    });
    expect([...(bucket()?.objects.keys() ?? [])].length).toBeGreaterThan(1);

    world.aws.forgetCalls();
    await liveOn(world, 'production', 1_800_000);
    expect(world.aws.writes()).toEqual([]);
  });

  it('are waited for while IAM spreads: no person is called', async () => {
    world.aws.iamPropagation(90_000);
    await world.apply('production', spec());
    await liveOn(world, 'production', 60_000);
    const monitor = await world.get('production');
    expect(said(monitor)).toMatchObject({ status: 'False', reason: 'Propagating' });
    expect(said(monitor)?.message).toContain(ROLE_ARN);
    expect(said(monitor, 'Stalled')).toBeUndefined();
    expect(said(await settle())).toMatchObject({ status: 'True' });
  });

  it('are not made where the platform did not switch that on, and what was made is not touched', async () => {
    await world.apply('production', spec());
    await settle();
    features.clear();
    world.restart();
    await world.apply('production', spec({ tags: { team: 'search' } }));
    const monitor = await settle();
    expect(said(monitor, 'LoggingConfigured')).toMatchObject({ status: 'False', reason: 'FeatureDisabled' });
    expect(monitor?.status?.onDelete).toMatchObject({ deletes: 0 });
    expect(said(monitor, 'Stalled')).toMatchObject({ reason: 'FeatureDisabled' });
    expect(role()?.tags).not.toHaveProperty('team');
    expect(await kinds()).toEqual(['LogGroup', 'LoggingBucket', 'LoggingRole']);
    expect(live()).toBeDefined();

    await world.remove('production');
    expect(await settle()).toBeUndefined();
    expect(live()).toBeUndefined();
    expect([role()?.inline.size, bucket()?.name]).toEqual([1, BUCKET]);
    expect(notes('Retained').join()).toContain(`LoggingRole ${ROLE}`);
  });

  it('nothing at all is made without the features', async () => {
    features.clear();
    await world.apply('production', spec());
    const monitor = await settle();
    expect(said(monitor)).toMatchObject({ reason: 'FeatureDisabled' });
    expect(said(monitor)?.message).toMatch(/--features=Logging(Role|Bucket)/);
    expect([role(), bucket(), live()]).toEqual([undefined, undefined, undefined]);
  });

  it('with the monitor goes the role, after logging; the bucket stays with what is in it', async () => {
    await world.apply('production', spec());
    await settle();
    const objects = [...(bucket()?.objects.keys() ?? [])];
    expect((await world.get('production'))?.status?.onDelete?.retains).toEqual([
      `LogGroup/${GROUP}`,
      `LoggingBucket/${BUCKET}`,
    ]);
    world.aws.forgetCalls();
    await world.remove('production');
    expect(await settle()).toBeUndefined();
    expect([role(), live()]).toEqual([undefined, undefined]);
    expect([...(bucket()?.objects.keys() ?? [])]).toEqual(objects);
    expect(statements()).toHaveLength(1);
    expect(world.aws.writes().map(({ operation }) => operation)).toEqual([
      'DeleteModelInvocationLoggingConfiguration',
      'DeleteRolePolicy',
      'DeleteRole',
    ]);
  });

  it('the role stays with logging that is retained', async () => {
    await world.apply('production', spec({ deletionPolicy: { invocationLogging: 'Retain' } }));
    await settle();
    await world.remove('production');
    await settle();
    expect(live()).toBeDefined();
    expect(role()?.inline.size).toBe(1);
  });

  it('a role is not deleted as long as a configuration names it, whoever wrote that', async () => {
    await world.apply('production', spec());
    await settle();
    const changed = { ...live(), imageDataDeliveryEnabled: true, s3Config: { bucketName: BUCKET } };
    account().region(REGION).invocationLogging.configuration = changed;
    await world.remove('production');
    expect(await settle()).toBeUndefined();
    expect(live()).toEqual(changed);
    expect(role()?.inline.size).toBe(1);
  });

  it('a monitor of the namespace goes on with what one that is gone has left', async () => {
    await world.apply('production', spec({ deletionPolicy: { invocationLogging: 'Retain' } }));
    await settle();
    await world.remove('production');
    await settle();
    await world.apply('next', spec({ adoptionPolicy: { invocationLogging: 'Always' } }));
    expect(said(await world.settle('next'))).toMatchObject({ status: 'True' });
    expect(role()?.tags).toMatchObject({ 'bedrockmonitor.io/monitor': 'genai/next' });
    expect(bucket()?.tags).toMatchObject({ 'bedrockmonitor.io/monitor': 'genai/next' });
  });

  it('a role that is named instead of made takes its place, and only then it goes', async () => {
    await world.apply('production', spec());
    await settle();
    const other = loggingRole(world.aws);
    world.aws.forgetCalls();
    await world.apply('production', withRole({ arn: other }));
    expect(said(await settle())).toMatchObject({ status: 'True' });
    expect(live()).toMatchObject({ cloudWatchConfig: { roleArn: other } });
    expect(role()).toBeUndefined();
    expect(world.aws.writes().map(({ operation }) => operation)).toEqual([
      'PutModelInvocationLoggingConfiguration',
      'DeleteRolePolicy',
      'DeleteRole',
    ]);
  });

  it('what others have under the names is left alone, and taken where its owner gives it', async () => {
    const given = { 'bedrockmonitor.io/adopt-by': 'genai/production', owner: 'platform' };
    const trust = { Version: '2012-10-17', Statement: [] };
    account().role({ name: ROLE, path: '/bedrockmonitor/', trust });
    account().bucket(REGION, BUCKET, { policy: { Version: '2012-10-17', Statement: [theirs] } });
    const before = world.aws.snapshot()['buckets'];
    await world.apply('production', spec());
    const monitor = await settle();
    expect(said(monitor, 'LoggingConfigured')).toMatchObject({ status: 'False' });
    expect(monitor?.status?.resources?.filter(({ reason }) => reason === 'NotOwned').map(({ kind }) => kind)).toEqual([
      'LoggingRole',
      'LoggingBucket',
    ]);
    expect([world.aws.snapshot()['buckets'], role()?.trust, live()]).toEqual([before, trust, undefined]);

    Object.assign(bucket()?.tags ?? {}, given);
    Object.assign(role()?.tags ?? {}, given);
    await world.apply('production', spec({ adoptionPolicy: { default: 'IfTagged' } }));
    expect(said(await settle())).toMatchObject({ status: 'True' });
    expect(statements()).toEqual([theirs, expect.objectContaining({ Sid: 'BedrockMonitorDelivery' })]);
    expect([bucket()?.tags, role()?.tags]).toMatchObject([given, given]);
  });

  it('what others change is put right, and statements of others survive', async () => {
    await world.apply('production', spec());
    await settle();
    await world.clock.advance(60_000);
    const made = bucket();
    const trusted = role();
    if (made === undefined || trusted === undefined) throw new Error('nothing was made');
    made.policy = { Version: '2012-10-17', Statement: [theirs] };
    made.publicAccessBlock = undefined;
    trusted.trust = { Version: '2012-10-17', Statement: [] };
    trusted.inline.set('theirs', { Version: '2012-10-17', Statement: [] });
    await world.pass('production', 'genai', 'Drift');
    expect(said(await settle())).toMatchObject({ status: 'True' });
    expect(statements()).toEqual([theirs, expect.objectContaining({ Sid: 'BedrockMonitorDelivery' })]);
    expect(made.publicAccessBlock).toMatchObject({ BlockPublicPolicy: 'true' });
    expect(role()?.trust).toMatchObject({ Statement: [{ Principal: { Service: 'bedrock.amazonaws.com' } }] });
    expect([...(role()?.inline.keys() ?? [])]).toContain('theirs');
    expect(notes('DriftCorrected').length).toBeGreaterThan(1);
  });

  it('a key that Bedrock may not use is said before a bucket is made with it', async () => {
    const { arn } = account().key(REGION, { id: 'closed' });
    await world.apply('production', spec({}, {}, { kmsKeyARN: arn }));
    const monitor = await settle();
    expect(said(monitor, 'LoggingConfigured')).toMatchObject({ status: 'False', reason: 'KMSKeyNotUsable' });
    expect(said(monitor, 'LoggingConfigured')?.message).toContain('"kms:GenerateDataKey"');
    expect([bucket(), live()]).toEqual([undefined, undefined]);

    account().key(REGION, { id: 'closed', allowsBedrock: true });
    expect(said(await settle())).toMatchObject({ status: 'True' });
    expect(live()).toBeDefined();
  });

  describe('with another log group', () => {
    const NEW = '/aws/bedrock/new';
    const elsewhere = (policies: Partial<BedrockMonitorSpec> = {}): BedrockMonitorSpec => {
      const { invocationLogging: logging } = spec();
      if (logging?.cloudWatchLogs === undefined) throw new Error('the spec logs to CloudWatch');
      const cloudWatchLogs = { ...logging.cloudWatchLogs, logGroup: { name: NEW } };
      return { ...spec(policies), invocationLogging: { ...logging, cloudWatchLogs } };
    };
    const writes = () => JSON.stringify([...(role()?.inline.values() ?? [])]).match(/log-group:[^:]+/g);
    const records = (group: string) =>
      [...(account().region(REGION).logGroups.get(group)?.streams.values() ?? [])].flatMap(({ events }) =>
        events.filter(({ message }) => message.startsWith('{')),
      ).length;
    const call = () =>
      account().invoke(REGION, {
        modelId: 'amazon.nova-pro-v1:0',
        prompt: 'hi',
        completion: 'hi',
        inputTokenCount: 1,
        outputTokenCount: 1,
        identity: `arn:aws:iam::${ACCOUNT}:user/somebody`,
      });

    it('the role may write to both as long as the move is waited for or refused: no record is lost', async () => {
      world.aws.iamPropagation(30_000);
      await world.apply('production', spec());
      await settle();
      const allow = world.aws.deny(ACCOUNT, 'logs:CreateLogGroup');
      await world.apply('production', elsewhere());
      expect(said(await settle())).toMatchObject({ status: 'False', reason: 'AccessDenied' });
      expect(writes()).toEqual([`log-group:${NEW}`, `log-group:${GROUP}`]);
      world.aws.forgetCalls();
      await liveOn(world, 'production', 60_000);
      expect(world.aws.writes().filter(({ operation }) => operation !== 'CreateLogGroup')).toEqual([]);
      call();
      expect(records(GROUP)).toBe(1);

      allow();
      let passes = 0;
      for (; records(NEW) === 0 && passes < 50; passes += 1) {
        const before = records(GROUP) + records(NEW);
        call();
        expect(records(GROUP) + records(NEW)).toBe(before + 1);
        await world.pass('production');
        await world.clock.advance(5_000);
      }
      expect(passes).toBeLessThan(50);
      expect(said(await settle())).toMatchObject({ status: 'True' });
      expect(writes()).toEqual([`log-group:${NEW}`]);
    });

    it('an approved plan leaves nothing to be approved once more', async () => {
      await world.apply('production', spec());
      await settle();
      await world.apply('production', elsewhere({ mode: 'Plan' }));
      const hash = (await settle())?.status?.plan?.hash ?? '';
      await world.annotate('production', { 'bedrockmonitor.io/approve-plan': hash });
      const monitor = await settle();
      expect(monitor?.status?.plan).toMatchObject({ create: 0, update: 0, delete: 0, lastApplied: hash });
      expect(said(monitor)).toMatchObject({ status: 'True' });
      expect(writes()).toEqual([`log-group:${NEW}`]);
    });
  });

  it('the shorter retention of the log group does not shorten what the bucket keeps; what is written does, and is called so', async () => {
    const keeping = (days: number, bucketToo = {}) => {
      const { invocationLogging: logging, ...rest } = spec({}, {}, bucketToo);
      if (logging?.cloudWatchLogs === undefined) throw new Error('the spec logs to CloudWatch');
      const cloudWatchLogs = { ...logging.cloudWatchLogs, logGroup: { name: GROUP, retentionInDays: days as 7 } };
      return { ...rest, invocationLogging: { ...logging, cloudWatchLogs } };
    };
    const kept = () => JSON.stringify(bucket()?.lifecycle).match(/"Days":"([0-9]+)"/)?.[1];
    await world.apply('production', keeping(90));
    await settle();
    await world.apply('production', keeping(7));
    expect(said(await settle())).toMatchObject({ status: 'True' });
    expect(kept()).toBe('90');
    expect(notes('DataLoss')).toEqual([expect.stringMatching(/^LogGroup\/.*retentionInDays from 90 to 7$/)]);
    await world.apply('production', keeping(7, { expirationInDays: 14 }));
    expect(said(await settle())).toMatchObject({ status: 'True' });
    expect(kept()).toBe('14');
    expect(notes('DataLoss')[1]).toMatch(/^LoggingBucket\/.*expirationInDays from 90 to 14$/);
  });

  it('a monitor that was deleted without a status takes a role of a written name along', async () => {
    await world.apply('production', spec());
    const monitor = await settle();
    if (monitor === undefined) throw new Error('no monitor');
    await world.client.replaceStatus(monitors, { ...monitor, status: { observedGeneration: 1 } });
    await world.remove('production');
    expect(await settle()).toBeUndefined();
    expect(role()).toBeUndefined();
    expect(bucket()).toBeDefined();
  });

  it('in mode Plan they are planned, and nothing is written', async () => {
    await world.apply('production', spec({ mode: 'Plan' }));
    const monitor = await settle();
    expect(monitor?.status?.plan?.changes?.map(({ action, kind }) => `${action} ${kind}`)).toEqual(
      expect.arrayContaining(['Create LoggingRole', 'Create LoggingBucket']),
    );
    expect(world.aws.writes()).toEqual([]);
  });

  it('a monitor whose status was lost finds the role again by its derived name', async () => {
    await world.apply('production', withRole({ create: {} }));
    await settle();
    expect(account().state.roles.size).toBe(1);
    const monitor = await world.get('production');
    if (monitor === undefined) throw new Error('no monitor');
    const { inventory: _, ...rest } = monitor.status ?? {};
    await world.client.raw({
      method: 'PUT',
      path: '/apis/bedrockmonitor.io/v1alpha1/namespaces/genai/bedrockmonitors/production/status',
      body: { ...monitor, status: rest },
    });
    await world.remove('production');
    await settle();
    expect(account().state.roles.size).toBe(0);
  });
});

describe('every action that making them needs', () => {
  const optional = Object.entries(operations)
    .filter(([, operation]) => 'optional' in operation)
    .map(([action]) => action);
  /** When each is first needed: most when all is made; these when something is edited or goes. */
  const later: Partial<Record<OperationName, 'edit' | 'prune'>> = {
    'iam:DeleteRole': 'prune',
    'iam:DeleteRolePolicy': 'prune',
    'iam:ListAttachedRolePolicies': 'prune',
    'iam:ListRolePolicies': 'prune',
    'iam:PutRolePermissionsBoundary': 'edit',
    'iam:UpdateAssumeRolePolicy': 'edit',
    's3:PutBucketOwnershipControls': 'edit',
    's3:PutBucketPublicAccessBlock': 'edit',
    's3:PutBucketTagging': 'edit',
  };

  it.each(optional)('%s: is named where it is refused, costs only logging, and heals', async (action) => {
    const world = await createWorld({ settings: { features: new Set<Feature>(['LoggingRole', 'LoggingBucket']) } });
    try {
      const account = world.aws.account(ACCOUNT);
      const key = account.key(REGION, { id: 'key', allowsBedrock: true }).arn;
      const whole = (more: Partial<BedrockMonitorSpec> = {}, role = {}): BedrockMonitorSpec => ({
        ...spec(more, role, { kmsKeyARN: key }),
        alarms: [{ name: 'throttling', preset: 'Throttling' }],
      });
      const phase = Object.entries(later).find(([name]) => name === action)?.[1] ?? 'create';
      if (phase !== 'create') {
        await world.apply('production', whole());
        await world.settle('production');
      }
      const allow = world.aws.deny(ACCOUNT, action);
      if (phase === 'edit') {
        const bucket = world.aws.world.buckets.get(BUCKET);
        const role = account.state.roles.get(ROLE.toLowerCase());
        if (bucket === undefined || role === undefined) throw new Error('nothing was made');
        bucket.objectOwnership = 'ObjectWriter';
        bucket.publicAccessBlock = undefined;
        role.trust = { Version: '2012-10-17', Statement: [] };
      }
      const bound = { permissionsBoundaryARN: `arn:aws:iam::${ACCOUNT}:policy/bound` };
      if (phase === 'prune') {
        const { invocationLogging: _, ...rest } = whole();
        await world.apply('production', rest);
      } else await world.apply('production', phase === 'edit' ? whole({ tags: { team: 'search' } }, bound) : whole());
      await liveOn(world, 'production', 300_000);
      const monitor = await world.get('production');
      expect(said(monitor)).toMatchObject({ status: 'False', message: expect.stringContaining(action) });
      expect(said(monitor, 'Stalled')).toMatchObject({ status: 'True' });
      expect(said(monitor, 'AlarmsConfigured')).toMatchObject({ status: 'True' });
      allow();
      expect(said(await world.settle('production'))).toMatchObject({ status: 'True' });
    } finally {
      await world.close();
    }
  });
});
