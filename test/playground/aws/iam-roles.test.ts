import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
  ListRoleTagsCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  TagRoleCommand,
  UntagRoleCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { describe, expect, test } from 'vitest';
import { accountID, failure, region, simulated } from './clients.ts';

const RoleName = 'Writer';
const arn = `arn:aws:iam::${accountID}:role/bedrockmonitor/${RoleName}`;
const trustOf = (Service: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' }],
  });
const allowing = (Action: string) => JSON.stringify({ Statement: [{ Effect: 'Allow', Action, Resource: '*' }] });
const boundary = `arn:aws:iam::${accountID}:policy/boundary`;

function prepared(options: Parameters<typeof simulated>[0] = {}) {
  const { aws, clock } = simulated(options);
  const account = aws.account(accountID);
  const iam = new IAMClient({
    region,
    credentials: account.credentials(),
    maxAttempts: 1,
    requestHandler: aws.requestHandler,
  });
  const create = (more: Partial<CreateRoleCommand['input']> = {}) =>
    iam.send(
      new CreateRoleCommand({
        RoleName,
        Path: '/bedrockmonitor/',
        AssumeRolePolicyDocument: trustOf('bedrock.amazonaws.com'),
        Tags: [
          { Key: 'a', Value: '1' },
          { Key: 'b', Value: '2' },
        ],
        ...more,
      }),
    );
  const get = async () => (await iam.send(new GetRoleCommand({ RoleName }))).Role;
  return { aws, clock, account, iam, create, get };
}

describe('IAM roles', () => {
  test('a role has a path, tags and a boundary, and its documents come URL-encoded', async () => {
    const { create, get, iam } = prepared();
    await create({ PermissionsBoundary: boundary });
    const role = await get();
    expect(role).toMatchObject({
      Arn: arn,
      Path: '/bedrockmonitor/',
      Tags: [
        { Key: 'a', Value: '1' },
        { Key: 'b', Value: '2' },
      ],
      PermissionsBoundary: { PermissionsBoundaryArn: boundary },
    });
    expect(role?.AssumeRolePolicyDocument).toMatch(/^%7B/);
    await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: trustOf('lambda.amazonaws.com') }));
    await iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName }));
    const again = await get();
    expect(decodeURIComponent(again?.AssumeRolePolicyDocument ?? '')).toBe(trustOf('lambda.amazonaws.com'));
    expect(again?.PermissionsBoundary).toBeUndefined();
    await iam.send(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary: boundary }));
    expect((await get())?.PermissionsBoundary?.PermissionsBoundaryArn).toBe(boundary);
  });

  test('names are unique, whatever their case and path', async () => {
    const { create } = prepared();
    await create();
    expect(await failure(create({ RoleName: 'writer', Path: '/other/' }))).toMatchObject({
      name: 'EntityAlreadyExistsException',
      status: 409,
    });
  });

  test('a policy is put whole, read URL-encoded, and listed by name', async () => {
    const { create, iam } = prepared();
    await create();
    const put = (Action: string) =>
      iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'p', PolicyDocument: allowing(Action) }));
    await put('logs:PutLogEvents');
    await put('logs:CreateLogStream');
    const { PolicyDocument = '' } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: 'p' }));
    expect(decodeURIComponent(PolicyDocument)).toBe(allowing('logs:CreateLogStream'));
    expect((await iam.send(new ListRolePoliciesCommand({ RoleName }))).PolicyNames).toEqual(['p']);
    expect(await failure(iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: 'q' })))).toMatchObject({
      name: 'NoSuchEntityException',
      status: 404,
    });
    expect(await failure(put('x'.repeat(11_000)))).toMatchObject({ name: 'LimitExceededException', status: 409 });
    const nonsense = new PutRolePolicyCommand({ RoleName, PolicyName: 'p', PolicyDocument: '{' });
    expect(await failure(iam.send(nonsense))).toMatchObject({ name: 'MalformedPolicyDocumentException' });
  });

  test('a role goes only after its policies', async () => {
    const { account, create, iam } = prepared();
    await create();
    const remove = () => iam.send(new DeleteRoleCommand({ RoleName }));
    const attached = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'p', PolicyDocument: allowing('s3:*') }));
    account.state.roles.get('writer')?.attached.add(attached);
    expect(await failure(remove())).toMatchObject({ name: 'DeleteConflictException', status: 409 });
    expect((await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }))).AttachedPolicies).toEqual([
      { PolicyName: 'ReadOnlyAccess', PolicyArn: attached },
    ]);
    await iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn: attached }));
    expect(await failure(remove())).toMatchObject({ name: 'DeleteConflictException' });
    await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'p' }));
    await remove();
    expect(await failure(remove())).toMatchObject({ name: 'NoSuchEntityException', status: 404 });
  });

  test('tags merge, and lists of roles leave them out', async () => {
    const { create, iam } = prepared();
    await create();
    await create({ RoleName: 'elsewhere', Path: '/' });
    await iam.send(new TagRoleCommand({ RoleName, Tags: [{ Key: 'b', Value: '3' }] }));
    await iam.send(new UntagRoleCommand({ RoleName, TagKeys: ['a'] }));
    expect((await iam.send(new ListRoleTagsCommand({ RoleName }))).Tags).toEqual([{ Key: 'b', Value: '3' }]);
    const { Roles } = await iam.send(new ListRolesCommand({ PathPrefix: '/bedrockmonitor/' }));
    expect(Roles?.map((one) => [one.RoleName, one.Tags])).toEqual([[RoleName, undefined]]);
  });

  test('reads lag behind writes', async () => {
    const { clock, create, get } = prepared({ consistency: { windowMs: 1000 } });
    await create();
    expect(await failure(get())).toMatchObject({ name: 'NoSuchEntityException' });
    await clock.advance(1000);
    expect(await get()).toMatchObject({ Arn: arn });
  });

  test('a policy may demand a permissions boundary', async () => {
    const { account, create } = prepared();
    account.state.policies = [
      {
        Statement: [
          { Effect: 'Allow', Action: 'iam:TagRole', Resource: '*' },
          {
            Effect: 'Allow',
            Action: 'iam:CreateRole',
            Resource: `arn:aws:iam::*:role/bedrockmonitor/*`,
            Condition: { StringEquals: { 'iam:PermissionsBoundary': boundary } },
          },
        ],
      },
    ];
    expect(await failure(create())).toMatchObject({ name: 'AccessDenied', status: 403 });
    await create({ PermissionsBoundary: boundary });
    const outside = create({ RoleName: 'outside', Path: '/', PermissionsBoundary: boundary });
    expect(await failure(outside)).toMatchObject({ name: 'AccessDenied' });
  });
});
