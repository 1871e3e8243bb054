import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '#src/domain/json.ts';
import { ownerMark } from '#src/domain/owner.ts';
import type { LogGroup } from '#src/domain/resource.ts';
import { keepsItsPromises } from './promises.ts';
import type { Stage } from './stage.ts';
import { accountID, givenAway, owner, region, signal, stage, tags, written } from './stage.ts';

const name = '/aws/bedrock/invocations';
const arn = `arn:aws:logs:${region}:${accountID}:log-group:${name}`;
const ref = { kind: 'LogGroup', name } as const;
const plain: LogGroup = { ...ref, management: 'Managed', deletionProtection: 'Enabled', tags };

keepsItsPromises({
  kind: 'LogGroup',
  desired: (on) => ({ ...plain, retentionInDays: 60, kmsKeyARN: key(on, 'one'), class: 'Standard' }),
  edited: (on) => ({
    ...plain,
    retentionInDays: 30,
    kmsKeyARN: key(on, 'two'),
    deletionProtection: 'Disabled',
    tags: { ...tags, team: 'ads' },
  }),
  edit: ['kmsKeyARN', 'deletionProtection', 'retentionInDays', 'tags.team'],
  foreign: (on) => void on.account.logGroup(region, { name, retentionInDays: 7 }),
  mark: ownerMark(owner),
  undeclared(on) {
    const group = on.region.logGroups.get(name);
    if (group) group.tags['owner'] = 'somebody';
    return () => on.region.logGroups.get(name)?.tags['owner'];
  },
});

keepsItsPromises({
  kind: 'LogGroup',
  form: 'without a retention',
  desired: () => plain,
  edited: () => ({ ...plain, tags: { ...tags, team: 'ads' } }),
  edit: ['tags.team'],
  foreign: (on) => void on.account.logGroup(region, { name }),
  mark: ownerMark(owner),
  undeclared(on) {
    const group = on.region.logGroups.get(name);
    if (group) group.retentionInDays = 7;
    return () => on.region.logGroups.get(name)?.retentionInDays;
  },
});

describe('LogGroup', () => {
  test('a group whose spec names no retention gets 90 days, even after a crash between the two calls', async () => {
    const on = stage();
    on.aws.fault(
      { operation: 'PutRetentionPolicy' },
      { kind: 'Error', code: 'InvalidParameterException', message: 'no' },
    );
    await on.failure(on.handlers().LogGroup.apply(plain, undefined, signal));
    expect(on.region.logGroups.get(name)).toMatchObject({ retentionInDays: undefined });
    await on.settle();
    const { LogGroup } = on.handlers();
    const found = await on.run(LogGroup.observe(ref, 'Always', signal));
    if (found === undefined) throw new Error('absent');
    expect(LogGroup.diff(plain, found)).toEqual([{ path: 'retentionInDays', from: 'NeverExpire', to: 90 }]);
    await on.run(LogGroup.apply(plain, found, signal));
    expect(on.region.logGroups.get(name)).toMatchObject({ retentionInDays: 90, tags });
  });

  test('a group that a person lets keep logs for ever stays so where the spec names no retention', async () => {
    const on = stage();
    on.account.logGroup(region, { name, tags, deletionProtectionEnabled: true });
    const { LogGroup } = on.handlers();
    const unread = await on.run(LogGroup.observe(ref, 'IfFree', signal));
    const read = await on.run(LogGroup.observe(ref, 'Always', signal));
    if (unread === undefined || read === undefined) throw new Error('absent');
    expect(LogGroup.diff(plain, unread), 'a reason to read the tags').toHaveLength(1);
    expect(LogGroup.diff(plain, read)).toEqual([]);
    await on.run(LogGroup.apply(plain, unread, signal));
    expect(written(on.aws)).toEqual([]);
  });

  test('shortening retention is called data loss, lengthening is not', async () => {
    const on = stage();
    on.account.logGroup(region, { name, tags, retentionInDays: 60, deletionProtectionEnabled: true });
    const { LogGroup } = on.handlers();
    const found = await on.run(LogGroup.observe(ref, 'Always', signal));
    if (found === undefined) throw new Error('absent');
    expect(LogGroup.diff({ ...plain, retentionInDays: 30 }, found)).toMatchObject([{ losesData: true }]);
    expect(LogGroup.diff({ ...plain, retentionInDays: 'NeverExpire' }, found)).toEqual([
      { path: 'retentionInDays', from: 60, to: 'NeverExpire' },
    ]);
  });

  test('NeverExpire removes the retention', async () => {
    const on = stage();
    on.account.logGroup(region, { name, tags, retentionInDays: 60, deletionProtectionEnabled: true });
    const { LogGroup } = on.handlers();
    const found = await on.run(LogGroup.observe(ref, 'Always', signal));
    await on.run(LogGroup.apply({ ...plain, retentionInDays: 'NeverExpire' }, found, signal));
    expect(written(on.aws)).toEqual(['DeleteRetentionPolicy']);
  });

  test('an account retention policy wins: it is noted and never applied against', async () => {
    const on = stage();
    on.account.logGroup(region, { name, tags, retentionInDays: 30, deletionProtectionEnabled: true });
    on.region.retentionPolicies.push({
      name: 'company',
      logGroupNamePrefix: '/aws',
      retentionInDays: 365,
      enforcementMode: 'RETROACTIVE',
      createdAt: 0,
    });
    const { LogGroup } = on.handlers();
    const found = await on.run(LogGroup.observe(ref, 'Always', signal));
    if (found === undefined) throw new Error('absent');
    expect(LogGroup.diff({ ...plain, retentionInDays: 30 }, found)).toEqual([]);
    expect(found.notes).toMatchObject([
      { reason: 'RetentionOverridden', message: expect.stringContaining('365 days') },
    ]);
  });

  test('tags are read by the ARN without :*', async () => {
    const on = stage();
    on.account.logGroup(region, { name, tags });
    const found = await on.run(on.handlers().LogGroup.observe(ref, 'Always', signal));
    expect(found).toMatchObject({ arn, mark: { state: 'Owned' } });
    expect(on.aws.calls.at(-1)?.input).toEqual({ resourceArn: arn });
  });

  test('a sibling whose name begins with ours is not ours', async () => {
    const on = stage();
    for (let i = 0; i < 60; i += 1) on.account.logGroup(region, { name: `${name}-${i}` });
    expect(await on.run(on.handlers().LogGroup.observe(ref, 'IfFree', signal))).toBeUndefined();
  });

  test('groups asked for at one moment are read in one call', async () => {
    const on = stage();
    const names = ['/a', '/b', '/c'];
    for (const one of names) on.account.logGroup(region, { name: one });
    const { LogGroup } = on.handlers();
    const asked = [...names, '/d'].map((one) => LogGroup.observe({ kind: 'LogGroup', name: one }, 'IfFree', signal));
    const found = await on.run(Promise.all(asked));
    expect(found.map((one) => one?.resource.name)).toEqual([...names, undefined]);
    expect(on.aws.calls).toHaveLength(1);
  });

  test('if AWS refuses a list of names, each is read by itself', async () => {
    const on = stage();
    for (const one of ['/a', '/b']) on.account.logGroup(region, { name: one });
    on.aws.fault(
      { operation: 'DescribeLogGroups', input: (input) => 'logGroupIdentifiers' in input },
      { kind: 'Error', code: 'ResourceNotFoundException', message: 'The specified log group does not exist.' },
    );
    const { LogGroup } = on.handlers();
    const asked = ['/a', '/b'].map((one) => LogGroup.observe({ kind: 'LogGroup', name: one }, 'IfFree', signal));
    expect((await on.run(Promise.all(asked))).map((one) => one?.resource.name)).toEqual(['/a', '/b']);
  });

  test('the class of a group cannot change: Stalled, and all else is set', async () => {
    const on = stage();
    on.account.logGroup(region, {
      name,
      tags,
      logGroupClass: 'INFREQUENT_ACCESS',
      retentionInDays: 7,
      deletionProtectionEnabled: true,
    });
    const { LogGroup } = on.handlers();
    const found = await on.run(LogGroup.observe(ref, 'Always', signal));
    const error = await on.failure(LogGroup.apply({ ...plain, class: 'Standard', retentionInDays: 14 }, found, signal));
    expect(error).toMatchObject({ name: 'Stalled', reason: 'LogGroupClassDiffers' });
    expect(on.region.logGroups.get(name)).toMatchObject({ retentionInDays: 14 });
  });

  test('a key that CloudWatch Logs may not use: Stalled with the key policy statement', async () => {
    const on = stage();
    const unusable = on.account.key(region, { id: 'closed', allowsLogs: false }).arn;
    const error = await on.failure(on.handlers().LogGroup.apply({ ...plain, kmsKeyARN: unusable }, undefined, signal));
    expect(error).toMatchObject({
      name: 'Stalled',
      reason: 'KMSKeyNotUsable',
      message: expect.stringContaining(`"Service":"logs.${region}.amazonaws.com"`),
    });
  });

  test('a group of others is used as it is, and must exist', async () => {
    const on = stage();
    const unmanaged: LogGroup = { ...ref, management: 'Unmanaged', tags: {} };
    const { LogGroup } = on.handlers();
    expect(await on.failure(LogGroup.apply(unmanaged, undefined, signal))).toMatchObject({
      name: 'Stalled',
      reason: 'LogGroupNotFound',
    });
    on.account.logGroup(region, { name, retentionInDays: 1 });
    const found = await on.run(LogGroup.observe(ref, 'Always', signal));
    if (found === undefined) throw new Error('absent');
    expect(LogGroup.diff(unmanaged, found)).toEqual([]);
    await on.run(LogGroup.apply(unmanaged, found, signal));
    expect(written(on.aws)).toEqual([]);
  });

  test('a create whose answer is lost is not taken for the work of others', async () => {
    const on = stage();
    on.aws.fault({ operation: 'CreateLogGroup' }, { kind: 'Reset', effect: 'After' });
    const { LogGroup } = on.handlers();
    // The first read after it still lags, so this pass ends with patience and the next one finds the group.
    await on.run(LogGroup.apply({ ...plain, retentionInDays: 30 }, undefined, signal).catch(() => undefined));
    await on.settle();
    await on.run(LogGroup.apply({ ...plain, retentionInDays: 30 }, undefined, signal));
    expect(on.region.logGroups.get(name)).toMatchObject({ retentionInDays: 30 });
  });

  test('a group of others that comes into being during the create is not touched', async () => {
    const on = stage();
    on.account.logGroup(region, { name, retentionInDays: 1, tags: { 'bedrockmonitor.io/cluster': 'other' } });
    const before = on.aws.snapshot();
    const error = await on.failure(on.handlers().LogGroup.apply({ ...plain, retentionInDays: 30 }, undefined, signal));
    expect(error).toMatchObject({ name: 'Waiting', reason: 'ConcurrentChange' });
    expect(on.aws.snapshot()).toEqual(before);
  });

  test('absent within 30 seconds of our own create is patience, later it is absence', async () => {
    const on = stage({ consistency: { windowMs: 60_000 } });
    const { LogGroup } = on.handlers();
    await on.run(LogGroup.apply({ ...plain, retentionInDays: 30 }, undefined, signal));
    expect(await on.failure(LogGroup.observe(ref, 'IfFree', signal))).toMatchObject({
      name: 'Waiting',
      reason: 'Propagating',
    });
    await on.clock.advance(31_000);
    expect(await on.run(LogGroup.observe(ref, 'IfFree', signal))).toBeUndefined();
  });

  test('a group that its owner gives away by a tag says so, is taken over in place, and keeps data, tags and retention', async () => {
    const on = stage();
    const group = on.account.logGroup(region, { name, tags: { ...givenAway, owner: 'somebody' } });
    group.streams.set('aws/bedrock/modelinvocations', {
      name: 'aws/bedrock/modelinvocations',
      creationTime: 0,
      events: [],
    });
    const { LogGroup } = on.handlers();
    const found = await look(on);
    expect(found).toMatchObject({ mark: { state: 'None' }, resource: { tags: givenAway } });
    await on.run(LogGroup.apply(plain, found, signal));
    expect(written(on.aws)).toEqual(['TagResource', 'PutLogGroupDeletionProtection']);
    expect(on.region.logGroups.get(name)).toMatchObject({
      retentionInDays: undefined,
      tags: { ...tags, ...givenAway, owner: 'somebody' },
      streams: new Map([['aws/bedrock/modelinvocations', expect.anything()]]),
    });
    expect(LogGroup.diff(plain, await look(on))).toEqual([]);
  });

  test('the retention of an adopted group is shortened only to a value that the spec has, and that is called data loss', async () => {
    const on = stage();
    on.account.logGroup(region, { name, retentionInDays: 365 });
    const { LogGroup } = on.handlers();
    const found = await look(on);
    expect(LogGroup.diff({ ...plain, retentionInDays: 30 }, found)).toContainEqual({
      path: 'retentionInDays',
      from: 365,
      to: 30,
      losesData: true,
    });
    await on.run(LogGroup.apply(plain, found, signal));
    expect(on.region.logGroups.get(name)).toMatchObject({ retentionInDays: 365 });
    await on.run(LogGroup.apply({ ...plain, retentionInDays: 30 }, await look(on), signal));
    expect(on.region.logGroups.get(name)).toMatchObject({ retentionInDays: 30 });
  });

  test('our default retention is not set on an adopted group, although its tags ask for it', async () => {
    const on = stage();
    on.account.logGroup(region, { name, tags: { 'bedrockmonitor.io/default-retention': 'pending' } });
    const { LogGroup } = on.handlers();
    await on.run(LogGroup.apply(plain, await look(on), signal));
    const adopted = await look(on);
    expect(LogGroup.diff(plain, adopted)).toEqual([]);
    await on.run(LogGroup.apply(plain, adopted, signal));
    expect(on.region.logGroups.get(name)).toMatchObject({ retentionInDays: undefined, tags });
  });

  test('a group of another class is not adopted: nothing of it is changed', async () => {
    const on = stage();
    on.account.logGroup(region, { name, logGroupClass: 'INFREQUENT_ACCESS', retentionInDays: 365 });
    const before = on.aws.snapshot();
    const desired: LogGroup = { ...plain, class: 'Standard', retentionInDays: 30 };
    expect(await on.failure(on.handlers().LogGroup.apply(desired, await look(on), signal))).toMatchObject({
      name: 'Stalled',
      reason: 'LogGroupClassDiffers',
    });
    expect(on.aws.snapshot()).toEqual(before);
  });

  test('a delete lifts the protection first, and goes on after a crash between the two calls', async () => {
    const on = stage();
    on.account.logGroup(region, { name, tags, deletionProtectionEnabled: true });
    on.aws.fault(
      { operation: 'DeleteLogGroup' },
      { kind: 'Error', code: 'InternalFailure', message: 'no', status: 400 },
    );
    await on.failure(on.handlers().LogGroup.delete(ref, await look(on), signal));
    expect(on.region.logGroups.get(name)).toMatchObject({ deletionProtectionEnabled: false });
    await on.run(on.handlers().LogGroup.delete(ref, await look(on), signal));
    expect(on.region.logGroups.has(name)).toBe(false);
    expect(written(on.aws)).toEqual(['PutLogGroupDeletionProtection', 'DeleteLogGroup', 'DeleteLogGroup']);
  });

  test('protection that the read did not show is lifted, and the delete is tried again', async () => {
    const on = stage();
    const group = on.account.logGroup(region, { name, tags });
    const found = await look(on);
    group.deletionProtectionEnabled = true;
    const { LogGroup } = on.handlers();
    expect(await on.failure(LogGroup.delete(ref, found, signal))).toMatchObject({
      name: 'Waiting',
      reason: 'ConcurrentChange',
    });
    await on.run(LogGroup.delete(ref, found, signal));
    expect(on.region.logGroups.has(name)).toBe(false);
  });

  test('AWS busy with another change of the group delays its deletion', async () => {
    const on = stage();
    on.account.logGroup(region, { name, tags });
    on.aws.fault(
      { operation: 'DeleteLogGroup' },
      { kind: 'Error', code: 'OperationAbortedException', message: 'A conflicting operation is in progress.' },
      2,
    );
    await on.run(on.handlers().LogGroup.delete(ref, await look(on), signal));
    expect(on.region.logGroups.has(name)).toBe(false);
  });

  test.each([
    ['without a mark', {}],
    ['of another monitor', { ...tags, 'bedrockmonitor.io/monitor': 'genai/other' }],
    ['of another cluster', { ...tags, 'bedrockmonitor.io/cluster': 'dev' }],
  ])('a group %s is not deleted, nor is its protection lifted', async (_whose, withTags) => {
    const on = stage();
    on.account.logGroup(region, { name, tags: withTags, deletionProtectionEnabled: true });
    const found = await look(on);
    const error = await on.failure(on.handlers().LogGroup.delete(ref, found, signal));
    expect(error).toMatchObject({ message: expect.stringContaining('does not carry the mark') });
    expect(on.aws.writes()).toEqual([]);
  });

  test('a group whose mark was not read is not deleted', async () => {
    const on = stage();
    on.account.logGroup(region, { name, tags });
    const { LogGroup } = on.handlers();
    const unread = await on.run(LogGroup.observe(ref, 'IfFree', signal));
    if (unread === undefined) throw new Error('absent');
    await on.failure(LogGroup.delete(ref, unread, signal));
    expect(on.aws.writes()).toEqual([]);
  });

  test('the IAM policy that is shipped lets go only of groups with our tag', async () => {
    const on = stage();
    const policy: JsonObject = JSON.parse(
      await readFile(new URL('../../manifests/iam-policy.json', import.meta.url), 'utf8'),
    );
    on.account.state.policies = [policy];
    const { LogGroup } = on.handlers();
    const group = on.account.logGroup(region, { name, tags });
    const found = await look(on);
    group.tags = { team: 'search' };
    expect(await on.failure(LogGroup.delete(ref, found, signal))).toMatchObject({ reason: 'AccessDenied' });
    group.tags = { ...tags };
    await on.run(LogGroup.delete(ref, found, signal));
    expect(on.region.logGroups.has(name)).toBe(false);
  });

  test('AWS busy with another change of the group is tried again', async () => {
    const on = stage();
    on.account.logGroup(region, { name, tags, retentionInDays: 7, deletionProtectionEnabled: true });
    const busy = {
      kind: 'Error',
      code: 'OperationAbortedException',
      message: 'A conflicting operation is in progress.',
    } as const;
    on.aws.fault({ operation: 'PutRetentionPolicy' }, busy, 2);
    const { LogGroup } = on.handlers();
    const found = await on.run(LogGroup.observe(ref, 'Always', signal));
    await on.run(LogGroup.apply({ ...plain, retentionInDays: 30 }, found, signal));
    expect(on.region.logGroups.get(name)).toMatchObject({ retentionInDays: 30 });
  });

  test('the mark of another cluster is read as such', async () => {
    const on = stage();
    on.account.logGroup(region, {
      name,
      tags: { 'bedrockmonitor.io/cluster': 'dev', 'bedrockmonitor.io/monitor': 'genai/production' },
    });
    const found = await on.run(on.handlers().LogGroup.observe(ref, 'Always', signal));
    expect(found?.mark).toEqual({ state: 'Owned', by: `dev/${owner.namespace}/${owner.name}` });
  });
});

async function look(on: Stage) {
  await on.settle();
  const found = await on.run(on.handlers().LogGroup.observe(ref, 'Always', signal));
  if (found === undefined) throw new Error('absent');
  return found;
}

function key(on: Stage, id: string): string {
  return on.account.key(region, { id }).arn;
}
