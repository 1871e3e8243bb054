import { beforeEach, describe, expect, it } from 'vitest';
import { annotations } from '#src/api/annotations.ts';
import type { BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import type { JsonObject } from '#src/domain/json.ts';
import { logGroupOf, modalityFlags } from '#src/domain/logging-configuration.ts';
import type { Lease } from '#src/kubernetes/lease.ts';
import { leaseResource } from '#src/kubernetes/lease.ts';
import { monitors } from '#src/operator/monitors.ts';
import { said } from '#test/support/said.ts';
import { basicSpec, GROUP, loggingRole, rivalSpec } from '#test/support/specs.ts';
import type { World } from '#test/support/world.ts';
import { ACCOUNT, createWorld, REGION } from '#test/support/world.ts';

const MINUTE = 60_000;
const flagsOff: JsonObject = Object.fromEntries(modalityFlags.map((flag) => [flag, false]));
const theirs: JsonObject = {
  s3Config: { bucketName: 'somebody-elses', keyPrefix: 'records', futureEncryption: 'DSSE' },
  futureConfig: { level: 'High', sinks: [{ a: 1 }, null, 'b'] },
  documentDataDeliveryEnabled: true,
  textDataDeliveryEnabled: true,
};

describe('taking over the logging configuration', () => {
  let world: World;
  let role: string;
  let logging: BedrockMonitorSpec;
  let taking: BedrockMonitorSpec;
  beforeEach(async () => {
    world = await createWorld();
    begin();
    return () => world.close();
  });
  function begin(): void {
    role = loggingRole(world.aws);
    // AWS shows what was put and nothing else.
    region().invocationLogging.defaults = {};
    world.aws.account(ACCOUNT).bucket(REGION, 'somebody-elses');
    world.aws.account(ACCOUNT).bucket(REGION, 'another');
    const { invocationLogging } = basicSpec(role);
    logging = { region: REGION, ...(invocationLogging && { invocationLogging }) };
    taking = { ...logging, adoptionPolicy: { invocationLogging: 'Always' } };
  }

  const region = () => world.aws.account(ACCOUNT).region(REGION);
  const live = () => region().invocationLogging.configuration;
  const put = (configuration: JsonObject | undefined) => {
    region().invocationLogging.configuration = configuration;
  };
  const lease = async (): Promise<Lease | undefined> => (await world.client.list(leaseResource)).items[0];
  const inLease = async (member: string) => (await lease())?.metadata.annotations?.[`bedrockmonitor.io/${member}`];
  const editLease = async (edit: (lease: Lease) => Lease) => {
    const found = await lease();
    if (found === undefined) throw new Error('no lease');
    await world.client.replace(leaseResource, edit(found));
  };
  const annotateLease = (change: Record<string, string>) =>
    editLease(({ metadata, ...rest }) => ({
      ...rest,
      metadata: {
        ...metadata,
        annotations: {
          ...metadata.annotations,
          ...Object.fromEntries(Object.entries(change).map(([member, text]) => [`bedrockmonitor.io/${member}`, text])),
        },
      },
    }));
  const loseLease = async () => {
    const { name, namespace } = (await lease())?.metadata ?? {};
    await world.client.delete(leaseResource, { name: name ?? '', namespace: namespace ?? '' });
  };
  const editStatus = (invocationLogging: JsonObject) =>
    world.client.patch(
      monitors,
      { namespace: 'genai', name: 'm' },
      { type: 'merge', body: { status: { invocationLogging } }, subresource: 'status' },
    );
  const status = async () => (await world.get('m'))?.status?.invocationLogging;
  const notes = (reason: string) => world.news.filter((one) => one.reason === reason).map(({ note }) => note);
  const begun = async (spec: BedrockMonitorSpec) => {
    await world.apply('m', spec);
    return world.settle('m');
  };
  const later = async (ms = 10 * MINUTE) => {
    await world.clock.advance(ms);
    return world.settle('m');
  };
  const ended = async () => {
    await world.remove('m');
    return world.settle('m');
  };
  /** The log group is nobody's any more. */
  const unmark = () => {
    const group = region().logGroups.get(GROUP);
    if (group === undefined) throw new Error('no group');
    group.tags = {};
  };
  const isOurs = () =>
    expect(live()).toMatchObject({ cloudWatchConfig: { logGroupName: GROUP }, videoDataDeliveryEnabled: false });

  describe('saves what is there', () => {
    it('whole and before it writes: in the Lease, then in the status, and puts nothing of it into its own', async () => {
      put(theirs);
      const order: string[] = [];
      world.tap = {
        observe: ({ plural, writes }, when) => {
          if (plural === 'leases' && writes && when === 'after') order.push('Lease');
        },
      };
      world.aws.onCall(({ operation }, phase) => {
        if (phase === 'Before' && operation.startsWith('PutModelInvocation')) order.push('Put');
      });
      expect(said(await begun(taking))).toMatchObject({ status: 'True', reason: 'InSync' });
      expect(order).toEqual(['Lease', 'Put']);
      expect(await inLease('previous')).toBe(JSON.stringify(theirs));
      expect(await status()).toMatchObject({ state: 'Enabled', saved: JSON.stringify(theirs), claimedBy: 'genai/m' });
      expect(live()).toEqual({
        ...flagsOff,
        textDataDeliveryEnabled: true,
        documentDataDeliveryEnabled: false,
        cloudWatchConfig: { logGroupName: GROUP, roleArn: role },
      });
      expect(notes('TakenOver')).toHaveLength(1);
      world.aws.forgetCalls();
      await later();
      expect(world.aws.writes()).toEqual([]);
      expect(notes('TakenOver')).toHaveLength(1);
    });

    it('and puts it back as it was at the deletion', async () => {
      put(theirs);
      await begun(taking);
      expect(await ended()).toBeUndefined();
      expect(live()).toEqual({ ...flagsOff, ...theirs });
      expect(await lease()).toBeUndefined();
      expect(notes('LoggingReleased')).toEqual([expect.stringContaining('put back')]);
    });

    it('and puts it back where logging was switched off in between, because its masking was refused', async () => {
      put(theirs);
      expect(said(await begun({ ...taking, dataProtection: { categories: ['PII'] } }))).toMatchObject({
        status: 'True',
      });
      const group = region().logGroups.get(GROUP);
      if (group === undefined) throw new Error('no group');
      group.dataProtection = undefined;
      group.dataProtectionStatus = 'DELETED';
      world.aws.deny(ACCOUNT, 'logs:PutDataProtectionPolicy');
      await later();
      expect(live()).toBeUndefined();
      expect(await inLease('previous')).toBe(JSON.stringify(theirs));
      expect(await inLease('intended')).toBe('none');
      expect(await ended()).toBeUndefined();
      expect(live()).toEqual({ ...flagsOff, ...theirs });
      expect(await lease()).toBeUndefined();
    });

    it('and puts it back where the spec stops asking', async () => {
      put(theirs);
      await begun(taking);
      expect(said(await begun({ region: REGION }))).toMatchObject({ status: 'True' });
      expect(live()).toEqual({ ...flagsOff, ...theirs });
      expect(await lease()).toBeUndefined();
      expect(await status()).toBeUndefined();
      expect(notes('LoggingReleased')).toHaveLength(1);
    });

    it('also where it differs from ours in nothing but members that this release does not know', async () => {
      await begun(logging);
      const alike: JsonObject = { ...live(), futureConfig: { level: 'High' } };
      await ended();
      put(alike);
      unmark();
      const adopting = { ...taking, adoptionPolicy: { default: 'Always', invocationLogging: 'Always' } } as const;
      expect(said(await begun(adopting))).toMatchObject({ status: 'True' });
      expect(live()).not.toHaveProperty('futureConfig');
      await ended();
      expect(live()).toEqual(alike);
    });

    it('and the newer one where somebody replaced ours in between', async () => {
      put(theirs);
      await begun(taking);
      const newer: JsonObject = { s3Config: { bucketName: 'another' }, textDataDeliveryEnabled: true };
      put(newer);
      expect(said(await later())).toMatchObject({ status: 'True' });
      isOurs();
      expect(await inLease('previous')).toBe(JSON.stringify(newer));
      expect(await status()).toMatchObject({ saved: JSON.stringify(newer) });
      expect(notes('TakenOver')).toHaveLength(2);
      await ended();
      expect(live()).toEqual({ ...flagsOff, ...newer });
    });

    it('and not what changed between the claim and the Put: that is looked at anew', async () => {
      put(theirs);
      let armed = true;
      const newer = { ...theirs, futureConfig: { level: 'Low' } };
      world.tap = {
        observe: ({ plural, writes }, when) => {
          if (!armed || plural !== 'leases' || !writes || when !== 'after') return;
          armed = false;
          put(newer);
        },
      };
      expect(said(await begun(taking))).toMatchObject({ status: 'True' });
      expect(await inLease('previous')).toBe(JSON.stringify(newer));
    });

    it('unless it is too long to be saved: then it stays', async () => {
      const long = { ...theirs, futureConfig: { text: 'x'.repeat(16_384) } };
      put(long);
      expect(said(await begun(taking))).toMatchObject({
        reason: 'ForeignConfiguration',
        message: expect.stringContaining('16384 characters'),
      });
      expect(live()).toEqual(long);
      const { length } = JSON.stringify({ ...theirs, futureConfig: { text: '' } });
      const just = { ...theirs, futureConfig: { text: 'x'.repeat(16_384 - length) } };
      put(just);
      expect(said(await later())).toMatchObject({ status: 'True' });
      expect(await status()).toMatchObject({ saved: JSON.stringify(just) });
    });

    it('also where it logs to the very log group, and the Put is refused at first', async () => {
      world.aws.account(ACCOUNT).logGroup(REGION, { name: GROUP, tags: {} });
      const before: JsonObject = {
        ...flagsOff,
        cloudWatchConfig: { logGroupName: GROUP, roleArn: loggingRole(world.aws, '*', 'their-role') },
        futureConfig: { level: 'High' },
        imageDataDeliveryEnabled: true,
      };
      put(before);
      const adopting: BedrockMonitorSpec = {
        ...taking,
        adoptionPolicy: { logGroup: 'Always', invocationLogging: 'Always' },
        dataProtection: { identifiers: ['EmailAddress'] },
      };
      const refusing = { kind: 'Error', code: 'ValidationException', message: 'Not a good day.' } as const;
      const cease = world.aws.fault({ operation: 'PutModelInvocationLoggingConfiguration' }, refusing, 99);
      expect(said(await begun(adopting), 'LoggingConfigured')).toMatchObject({ reason: 'RejectedByAWS' });
      // Masking is lost and refused: what nobody of ours wrote is not switched off for that.
      const allow = world.aws.deny(ACCOUNT, 'logs:PutDataProtectionPolicy');
      const group = region().logGroups.get(GROUP);
      if (group !== undefined) group.dataProtection = undefined;
      await later();
      expect(live()).toEqual(before);
      allow();
      cease();
      expect(said(await later())).toMatchObject({ status: 'True' });
      isOurs();
      expect(live()).not.toHaveProperty('futureConfig');
      expect(notes('TakenOver')).toHaveLength(1);
      await ended();
      expect(live()).toEqual(before);
    });
  });

  describe('by other policies', () => {
    it.each([
      ['Disable', undefined, 'switched off'],
      ['Retain', 'ours', 'stays in AWS'],
    ] as const)('%s leaves %s', async (policy, end, note) => {
      put(theirs);
      await begun({ ...taking, deletionPolicy: { invocationLogging: policy } });
      expect((await world.get('m'))?.status?.onDelete?.invocationLogging).toBe(policy);
      const ours = live();
      await ended();
      expect(live()).toEqual(end === undefined ? undefined : ours);
      expect(await lease()).toBeUndefined();
      expect(notes('LoggingReleased')).toEqual([expect.stringContaining(note)]);
    });

    it('says beforehand what a deletion would do', async () => {
      put(theirs);
      expect((await begun(taking))?.status?.onDelete?.invocationLogging).toBe('Restore');
    });

    it('never takes what a monitor of another cluster logs to, not even by a bucket that both use', async () => {
      world.aws.account(ACCOUNT).logGroup(REGION, {
        name: '/aws/bedrock/far',
        tags: { 'bedrockmonitor.io/cluster': 'far', 'bedrockmonitor.io/monitor': 'genai/m' },
      });
      const far: JsonObject = {
        ...flagsOff,
        cloudWatchConfig: {
          logGroupName: '/aws/bedrock/far',
          roleArn: role,
          largeDataDeliveryS3Config: { bucketName: 'another' },
        },
      };
      put(far);
      const cloudWatchLogs = taking.invocationLogging?.cloudWatchLogs;
      const sharing: BedrockMonitorSpec = {
        ...taking,
        invocationLogging: {
          dataTypes: ['Text'],
          ...(cloudWatchLogs && {
            cloudWatchLogs: { ...cloudWatchLogs, largeDataDelivery: { bucket: { name: 'another' } } },
          }),
        },
      };
      expect(said(await begun(sharing))).toMatchObject({ reason: 'OwnedByAnotherCluster' });
      put(undefined);
      expect(said(await later())).toMatchObject({ status: 'True' });
      put(far);
      expect(said(await later())).toMatchObject({ reason: 'OwnedByAnotherCluster' });
      await ended();
      expect(live()).toEqual(far);
    });
  });

  describe('where what was there cannot be put back', () => {
    const inLogs = (): JsonObject => {
      world.aws.account(ACCOUNT).logGroup(REGION, { name: '/theirs', tags: {} });
      return {
        ...flagsOff,
        cloudWatchConfig: { logGroupName: '/theirs', roleArn: loggingRole(world.aws, '*', 'their-role') },
      };
    };
    const cases: [string, () => JsonObject, () => void, () => void, string, string][] = [
      [
        'its role is gone',
        inLogs,
        () => void world.aws.account(ACCOUNT).state.roles.delete('their-role'),
        () => void loggingRole(world.aws, '*', 'their-role'),
        'RoleNotUsable',
        'cloudWatchConfig.roleArn',
      ],
      [
        'its bucket is gone',
        () => theirs,
        () => void world.aws.world.buckets.delete('somebody-elses'),
        () => void world.aws.account(ACCOUNT).bucket(REGION, 'somebody-elses'),
        'BucketNotUsable',
        's3Config.bucketName',
      ],
    ];
    it.each(cases)(
      '%s: DeletionBlocked says so past the deadline, and it heals',
      async (_, found, lose, give, reason, member) => {
        const before = found();
        put(before);
        await begun(taking);
        lose();
        await world.remove('m');
        const start = world.clock.now();
        await world.pass('m');
        expect(said(await world.get('m'))?.reason).toBe(reason);
        expect(said(await world.get('m'))?.message).toContain(member);
        isOurs();
        while (said(await world.get('m'))?.reason !== 'DeletionBlocked' && world.clock.now() - start < 30 * MINUTE) {
          const next = await world.pass('m');
          await world.clock.advance('afterMs' in next ? (next.afterMs ?? 30_000) : 30_000);
        }
        expect(said(await world.get('m'))).toMatchObject({
          reason: 'DeletionBlocked',
          message: expect.stringContaining(member),
        });
        expect(world.clock.now() - start).toBeLessThan(15 * MINUTE);
        isOurs();
        give();
        await world.clock.advance(MINUTE);
        expect(await world.settle('m')).toBeUndefined();
        expect(live()).toEqual({ ...flagsOff, ...before });
        expect(await lease()).toBeUndefined();
      },
    );
  });

  it('stays blocked, and says why, where neither the one that waits nor what was there before can take its place', async () => {
    put(theirs);
    await begun(taking);
    await world.apply('other', logging, 'research');
    await world.settle('other', 'research');
    world.aws.world.buckets.delete('somebody-elses');
    await world.remove('m');
    for (let look = 0; look < 30; look += 1) {
      await world.pass('m');
      await world.clock.advance(30_000);
    }
    const versions = new Set<string | undefined>();
    for (let look = 0; look < 3; look += 1) {
      await world.clock.advance(MINUTE);
      await world.pass('m');
      versions.add((await lease())?.metadata.resourceVersion);
      expect(said(await world.get('m'))).toMatchObject({
        reason: 'DeletionBlocked',
        message: expect.stringContaining('s3Config.bucketName'),
      });
    }
    expect(versions.size).toBe(1);
    world.aws.account(ACCOUNT).bucket(REGION, 'somebody-elses');
    expect(await world.settle('m')).toBeUndefined();
    expect(live()).toEqual({ ...flagsOff, ...theirs });
  });

  describe('after the claim or the status was lost or edited', () => {
    beforeEach(async () => {
      put(theirs);
      await begun(taking);
    });
    const restored = { ...flagsOff, ...theirs };

    it('restores from the copy in the status where the Lease is gone', async () => {
      await loseLease();
      await ended();
      expect(live()).toEqual(restored);
    });

    it('and makes the Lease anew from it at the next look', async () => {
      await loseLease();
      world.restart();
      expect(said(await later())).toMatchObject({ status: 'True' });
      expect(await inLease('previous')).toBe(JSON.stringify(theirs));
      await ended();
      expect(live()).toEqual(restored);
    });

    it('restores from the copy where what the Lease saved is garbage, and mends the Lease', async () => {
      await annotateLease({ previous: '{"s3Config":' });
      expect(said(await later())).toMatchObject({ status: 'True' });
      expect(await inLease('previous')).toBe(JSON.stringify(theirs));
      await annotateLease({ previous: 'garbage' });
      await ended();
      expect(live()).toEqual(restored);
    });

    it('restores from the copy where the Lease lost every annotation', async () => {
      await editLease(({ metadata, ...rest }) => ({ ...rest, metadata: { ...metadata, annotations: {} } }));
      await ended();
      expect(live()).toEqual(restored);
    });

    it('goes by the Lease where the copy in the status was edited, and mends the copy', async () => {
      await editStatus({ saved: JSON.stringify({ s3Config: { bucketName: 'another' } }) });
      expect(said(await later())).toMatchObject({ status: 'True' });
      expect(await status()).toMatchObject({ saved: JSON.stringify(theirs) });
      await editStatus({ saved: 'none' });
      await ended();
      expect(live()).toEqual(restored);
    });

    it('leaves ours, and says so, where neither tells any more', async () => {
      await loseLease();
      await editStatus({ saved: 'unknown' });
      const ours = live();
      await ended();
      expect(live()).toEqual(ours);
      expect(notes('LoggingReleased')).toEqual([expect.stringContaining('not known any more')]);
      expect(await lease()).toBeUndefined();
    });

    it('gives way where the Lease names another that asks, which then takes it with what was saved', async () => {
      await world.apply('other', rivalSpec(role), 'research');
      await world.settle('other', 'research');
      await editLease(({ spec, ...rest }) => ({ ...rest, spec: { ...spec, holderIdentity: 'research/other' } }));
      expect(said(await later())).toMatchObject({ reason: 'Conflict' });
      isOurs();
      expect(said(await world.settle('other', 'research'))).toMatchObject({ status: 'True' });
      expect(logGroupOf(live())).toBe('/aws/bedrock/other');
      await world.remove('other', 'research');
      await world.pass('other', 'research');
      expect(said(await world.settle('m'))).toMatchObject({ status: 'True' });
      await world.settle('other', 'research');
      await ended();
      expect(live()).toEqual(restored);
    });
  });

  describe('of records in S3 only', () => {
    const s3Only = (): BedrockMonitorSpec => ({
      region: REGION,
      invocationLogging: { dataTypes: ['Text'], s3: { bucket: { name: 'somebody-elses' }, keyPrefix: 'records' } },
    });
    const alike: JsonObject = {
      ...flagsOff,
      s3Config: { bucketName: 'somebody-elses', keyPrefix: 'records' },
      textDataDeliveryEnabled: true,
    };

    it('is known again by the status where the Lease is gone', async () => {
      expect(said(await begun(s3Only()))).toMatchObject({ status: 'True' });
      await loseLease();
      world.restart();
      world.aws.forgetCalls();
      expect(said(await later())).toMatchObject({ status: 'True' });
      expect(world.aws.writes()).toEqual([]);
      await ended();
      expect(live()).toBeUndefined();
    });

    it('is not ours because it happens to be what the spec says', async () => {
      put(alike);
      for (let look = 0; look < 3; look += 1)
        expect(said(look === 0 ? await begun(s3Only()) : await later())).toMatchObject({
          reason: 'ForeignConfiguration',
        });
      await loseLease();
      await later();
      await ended();
      expect(live()).toEqual(alike);
    });
  });

  it('does not delete what it never wrote, though its log group was adopted and the spec says the same', async () => {
    await begun(logging);
    const alike = live();
    await ended();
    unmark();
    put(alike);
    await begun({ ...logging, adoptionPolicy: { logGroup: 'Always' } });
    await later();
    await later();
    await ended();
    expect(live()).toEqual(alike);
  });

  describe('drift', () => {
    const change = () => put({ ...live(), videoDataDeliveryEnabled: true });

    it('is only reported under Report, and puts back nothing that others replaced', async () => {
      await begun({ ...taking, driftPolicy: { invocationLogging: 'Report' } });
      for (const drifted of [{ ...live(), videoDataDeliveryEnabled: true }, theirs, undefined]) {
        put(drifted);
        const monitor = await later();
        expect(said(monitor)).toMatchObject({ status: 'False', reason: 'NotEnforced' });
        expect(said(monitor, 'Drifted')).toMatchObject({ status: 'True' });
        expect(live()).toEqual(drifted);
      }
    });

    it('is reported too where others put back what we wrote once', async () => {
      await begun({ ...logging, driftPolicy: { invocationLogging: 'Report' } });
      const once = live();
      const { invocationLogging } = logging;
      await begun({
        ...logging,
        ...(invocationLogging && { invocationLogging: { ...invocationLogging, dataTypes: ['Text', 'Image'] } }),
        driftPolicy: { invocationLogging: 'Report' },
      });
      expect(live()).toMatchObject({ imageDataDeliveryEnabled: true });
      put(once);
      expect(said(await later())).toMatchObject({ reason: 'NotEnforced' });
      expect(live()).toEqual(once);
    });

    it('is put right three times an hour, then Contended, over a restart too, until an edit or a request', async () => {
      await begun(logging);
      for (let round = 0; round < 3; round += 1) {
        change();
        expect(said(await later())).toMatchObject({ status: 'True' });
      }
      expect(notes('DriftCorrected')).toHaveLength(3);
      change();
      expect(said(await later())).toMatchObject({ reason: 'Contended' });
      world.restart();
      await later();
      expect(said(await later(2 * 60 * MINUTE))).toMatchObject({ reason: 'Contended' });
      expect(live()).toMatchObject({ videoDataDeliveryEnabled: true });
      await world.annotate('m', { [annotations.reconcileRequestedAt]: 'now' });
      expect(said(await world.settle('m'))).toMatchObject({ status: 'True' });
      isOurs();
      for (let round = 0; round < 4; round += 1) {
        change();
        await later(5 * MINUTE);
      }
      expect(said(await world.get('m'))).toMatchObject({ reason: 'Contended' });
      expect(said(await begun({ ...logging, tags: { team: 'search' } }))).toMatchObject({ status: 'True' });
      isOurs();
    });

    it.each([
      ['Correct', undefined],
      ['Report', GROUP],
    ] as const)('while masking is refused, %s leaves logging to %s', async (policy, end) => {
      await begun({
        ...logging,
        dataProtection: { identifiers: ['EmailAddress'] },
        driftPolicy: { invocationLogging: policy },
      });
      world.aws.deny(ACCOUNT, 'logs:PutDataProtectionPolicy');
      const group = region().logGroups.get(GROUP);
      if (group !== undefined) group.dataProtection = undefined;
      change();
      expect(said(await later(), 'DataProtected')).toMatchObject({ status: 'False' });
      await later();
      expect(logGroupOf(live())).toBe(end);
    });
  });

  it('keeps names of other namespaces out of all it says with --hide-foreign-names', async () => {
    await world.close();
    world = await createWorld({ settings: { hideForeignNames: true } });
    begin();
    const { invocationLogging } = rivalSpec(role);
    const secret = { region: REGION, ...(invocationLogging && { invocationLogging }) };
    const telling = async (...known: string[]) => {
      const all = [JSON.stringify(await world.get('m')), ...world.news.map(({ note }) => note)];
      return all.filter((text) => known.some((name) => text.includes(name)));
    };
    await world.apply('secret-project', secret, 'research');
    await world.settle('secret-project', 'research');
    expect(said(await begun(logging))).toMatchObject({ reason: 'Conflict' });
    expect(await telling('secret-project', 'research')).toEqual([]);
    await world.remove('secret-project', 'research');
    await world.pass('secret-project', 'research');
    expect(said(await world.settle('m'))).toMatchObject({ status: 'True' });
    await world.settle('secret-project', 'research');
    await world.apply('secret-project', secret, 'research');
    await world.settle('secret-project', 'research');
    await world.remove('m');
    await world.pass('m');
    expect(said(await world.get('m'))).toMatchObject({ reason: 'Progressing' });
    expect(await telling('secret-project', 'research')).toEqual([]);
    await world.settle('secret-project', 'research');
    expect(await world.settle('m')).toBeUndefined();
    const told = JSON.stringify([await world.get('secret-project', 'research'), world.news]);
    expect(told).not.toContain('genai/m');
  });

  describe('in a mode that writes nothing', () => {
    it.each([{ mode: 'Plan' }, { mode: 'Observe' }, { suspend: true }] as const)(
      '%o takes no claim, keeps nobody waiting, and a holder that comes to it keeps its claim',
      async (quiet) => {
        put(theirs);
        await begun({ ...taking, ...quiet });
        expect(await lease()).toBeUndefined();
        expect((await world.get('m'))?.metadata.finalizers ?? []).toEqual([]);
        await world.clock.advance(5_000);
        await world.apply('other', { ...rivalSpec(role), adoptionPolicy: { invocationLogging: 'Always' } }, 'research');
        expect(said(await world.settle('other', 'research'))).toMatchObject({ status: 'True' });
        expect((await lease())?.spec?.holderIdentity).toBe('research/other');
        // Nobody waits for the one that would only look: what was there before is put back.
        await world.remove('other', 'research');
        expect(await world.settle('other', 'research')).toBeUndefined();
        expect(live()).toEqual({ ...flagsOff, ...theirs });

        expect(said(await begun(taking))).toMatchObject({ status: 'True' });
        const held = await lease();
        await begun({ ...taking, ...quiet });
        await world.apply('other', rivalSpec(role), 'research');
        expect(said(await world.settle('other', 'research'))).toMatchObject({ reason: 'Conflict' });
        expect(await lease()).toEqual(held);
        expect((await world.get('m'))?.metadata.finalizers).toHaveLength(1);
        expect(await status()).toMatchObject({
          claimedBy: 'genai/m',
          saved: JSON.stringify({ ...flagsOff, ...theirs }),
        });
      },
    );
  });
});
