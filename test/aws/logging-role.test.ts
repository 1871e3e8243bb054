import { describe, expect, test } from 'vitest';
import { bedrockTrust, deliveryPermission } from '#src/domain/bedrock-access.ts';
import type { JsonObject } from '#src/domain/json.ts';
import { roleName } from '#src/domain/names.ts';
import { ownerMark } from '#src/domain/owner.ts';
import type { LoggingRole } from '#src/domain/resource.ts';
import type { Role } from '#src/playground/aws/state.ts';
import { keepsItsPromises } from './promises.ts';
import type { Stage } from './stage.ts';
import { accountID, owner, place, signal, stage, tags, written } from './stage.ts';

const name = roleName(owner, place);
const path = '/bedrockmonitor/';
const arn = `arn:aws:iam::${accountID}:role${path}${name}`;
const boundary = (which: string) => `arn:aws:iam::${accountID}:policy/${which}`;
const policy = (statement: JsonObject): JsonObject => ({ Version: '2012-10-17', Statement: [statement] });
const ref = { kind: 'LoggingRole', name } as const;
const plain: LoggingRole = {
  ...ref,
  path,
  trust: policy(bedrockTrust(place)),
  permissions: policy(deliveryPermission(place, '/aws/bedrock')),
  tags,
};
const allowAll = policy({ Effect: 'Allow', Action: '*', Resource: '*' });

keepsItsPromises({
  kind: 'LoggingRole',
  desired: () => plain,
  edited: () => ({
    ...plain,
    permissionsBoundaryARN: boundary('narrow'),
    permissions: policy(deliveryPermission(place, '/aws/bedrock/renamed')),
    tags: { ...tags, team: 'ads' },
  }),
  edit: ['permissionsBoundaryARN', 'permissions.Statement.0.Resource', 'tags.team'],
  foreign: (on) => void on.account.role({ name, path, trust: allowAll, tags: { owner: 'somebody' } }),
  mark: ownerMark(owner),
  undeclared(on) {
    const role = roleIn(on);
    role.tags['cost'] = '7';
    return () => roleIn(on).tags['cost'];
  },
});

describe('LoggingRole', () => {
  test('is made in its path, with exact documents, a bound and our tags', async () => {
    const on = stage();
    const desired = { ...plain, permissionsBoundaryARN: boundary('narrow') };
    await on.run(on.handlers().LoggingRole.apply(desired, undefined, signal));
    expect(roleIn(on)).toMatchObject({ arn, trust: plain.trust, permissionsBoundary: boundary('narrow'), tags });
    expect([...roleIn(on).inline.values()]).toEqual([plain.permissions]);
  });

  test('Bedrock can write with it, once IAM has spread', async () => {
    const on = stage();
    on.account.logGroup(place.region, { name: '/aws/bedrock' });
    const { LoggingRole, InvocationLogging } = on.handlers();
    await on.run(LoggingRole.apply(plain, undefined, signal));
    const configuration = { cloudWatchConfig: { logGroupName: '/aws/bedrock', roleArn: arn } };
    const put = () =>
      InvocationLogging.apply(
        { kind: 'InvocationLogging', name: 'invocation-logging', configuration },
        undefined,
        signal,
      );
    expect(await on.failure(put())).toMatchObject({
      name: 'Waiting',
      reason: 'Propagating',
      message: expect.stringContaining(arn),
    });
    await on.clock.advance(10_000);
    await on.run(put());
    expect(on.region.invocationLogging.configuration).toMatchObject(configuration);
  });

  test('a refusal two minutes after our change is RoleNotUsable', async () => {
    const on = stage();
    const { LoggingRole, InvocationLogging } = on.handlers();
    await on.run(LoggingRole.apply(plain, undefined, signal));
    const configuration = { cloudWatchConfig: { logGroupName: '/none', roleArn: arn } };
    const desired = { kind: 'InvocationLogging', name: 'invocation-logging', configuration } as const;
    await on.clock.advance(120_000);
    const error = await on.failure(InvocationLogging.apply(desired, undefined, signal));
    expect(error).toMatchObject({ name: 'Waiting', reason: 'RoleNotUsable' });
  });

  test('what others change is put back, and equal by meaning is equal', async () => {
    const on = stage();
    const { LoggingRole } = on.handlers();
    await on.run(LoggingRole.apply(plain, undefined, signal));
    await on.settle();
    roleIn(on).trust = { ...plain.trust, Statement: bedrockTrust(place) };
    const same = await on.run(LoggingRole.observe(ref, 'Always', signal));
    if (same === undefined) throw new Error('absent');
    expect(LoggingRole.diff(plain, same)).toEqual([]);

    roleIn(on).trust = allowAll;
    roleIn(on).inline.clear();
    const other = await on.run(LoggingRole.observe(ref, 'Always', signal));
    if (other === undefined) throw new Error('absent');
    expect(new Set(LoggingRole.diff(plain, other).map((change) => change.path.split('.')[0]))).toEqual(
      new Set(['trust', 'permissions']),
    );
    await on.run(LoggingRole.apply(plain, other, signal));
    expect(roleIn(on)).toMatchObject({ trust: plain.trust });
    expect([...roleIn(on).inline.values()]).toEqual([plain.permissions]);
  });

  test('a role under another path is not moved: Stalled, and nothing is written', async () => {
    const on = stage();
    on.account.role({ name, path: '/elsewhere/', trust: allowAll, tags });
    const { LoggingRole } = on.handlers();
    const found = await on.run(LoggingRole.observe(ref, 'Always', signal));
    const error = await on.failure(LoggingRole.apply(plain, found, signal));
    expect(error).toMatchObject({ name: 'Stalled', reason: 'RoleNotUsable' });
    expect(written(on.aws)).toEqual([]);
  });

  test('a bound that does not exist is said to be so', async () => {
    const on = stage();
    const message = `Scope ARN: ${boundary('none')} does not exist or is not attachable.`;
    on.aws.fault({ operation: 'CreateRole' }, { kind: 'Error', code: 'NoSuchEntity', message, status: 404 });
    const desired = { ...plain, permissionsBoundaryARN: boundary('none') };
    expect(await on.failure(on.handlers().LoggingRole.apply(desired, undefined, signal))).toMatchObject({
      name: 'Stalled',
      reason: 'RoleNotUsable',
      message: expect.stringContaining(boundary('none')),
    });
  });

  test.each(['an inline policy', 'an attached policy'])('a role to which others gave %s stays whole', async (what) => {
    const on = stage();
    const { LoggingRole } = on.handlers();
    await on.run(LoggingRole.apply(plain, undefined, signal));
    await on.settle();
    if (what === 'an inline policy') roleIn(on).inline.set('theirs', allowAll);
    else roleIn(on).attached.add('arn:aws:iam::aws:policy/theirs');
    const before = on.aws.snapshot();
    const found = await on.run(LoggingRole.observe(ref, 'Always', signal));
    if (found === undefined) throw new Error('absent');
    expect(await on.run(LoggingRole.delete(ref, found, signal))).toBe('left');
    expect(on.aws.snapshot()).toEqual(before);
  });

  test('a name that is taken by a role which IAM does not show: patience, then Stalled', async () => {
    const on = stage();
    const { LoggingRole } = on.handlers();
    on.aws.fault(
      { operation: 'CreateRole' },
      { kind: 'Error', code: 'EntityAlreadyExists', message: 'Role with that name already exists.', status: 409 },
      2,
    );
    expect(await on.failure(LoggingRole.apply(plain, undefined, signal))).toMatchObject({ reason: 'ConcurrentChange' });
    await on.clock.advance(121_000);
    expect(await on.failure(LoggingRole.apply(plain, undefined, signal))).toMatchObject({
      name: 'Stalled',
      reason: 'NotOwned',
      message: expect.stringContaining('upper or lower case'),
    });
  });

  test('is found by the name that is derived', async () => {
    const on = stage();
    const { LoggingRole } = on.handlers();
    expect(await on.run(LoggingRole.find?.(owner, signal) ?? Promise.resolve([]))).toEqual([]);
    on.account.role({ name, path, trust: allowAll });
    expect(await on.run(LoggingRole.find?.(owner, signal) ?? Promise.resolve([]))).toEqual([ref]);
  });
});

function roleIn(on: Stage): Role {
  const role = on.account.state.roles.get(name.toLowerCase());
  if (role === undefined) throw new Error(`there is no role ${name}`);
  return role;
}
