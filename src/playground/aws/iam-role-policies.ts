import { required, string } from './constraints.ts';
import { AwsError } from './errors.ts';
import { documentIn, encoded, noSuchEntity, permission, roleChanging, roleName, roleSeen, write } from './iam-role.ts';
import { text } from './members.ts';
import type { Operation } from './operation.ts';

const policyName = required(string(1, 128, /^[\w+=,.@-]+$/));
const document = required(string(1, 131_072));
/** Of all inline policies of a role together ("IAM and AWS STS quotas", IAM user guide). */
const INLINE_LIMIT = 10_240;

const putPolicy: Operation = write('PutRolePolicy', {
  permissions: permission('iam:PutRolePolicy'),
  shape: { RoleName: roleName, PolicyName: policyName, PolicyDocument: document },
  run(input, scope) {
    const name = text(input, 'PolicyName') ?? '';
    const policy = documentIn(input, 'PolicyDocument');
    const role = roleChanging(input, scope);
    const others = [...role.inline].filter(([other]) => other !== name).map(([, one]) => one);
    const size = [...others, policy].reduce((sum, one) => sum + JSON.stringify(one).length, 0);
    if (size > INLINE_LIMIT) {
      throw new AwsError(
        'LimitExceeded',
        `Maximum policy size of ${INLINE_LIMIT} bytes exceeded for role ${role.name}`,
        { status: 409 },
      );
    }
    role.inline.set(name, policy);
    return {};
  },
});

const getPolicy: Operation = {
  service: 'iam',
  name: 'GetRolePolicy',
  mutates: false,
  permissions: permission('iam:GetRolePolicy'),
  run(input, scope) {
    const role = roleSeen(input, scope);
    const name = text(input, 'PolicyName') ?? '';
    const policy = role.inline.get(name);
    if (!policy) throw noSuchEntity(`The role policy with name ${name} cannot be found.`);
    return { RoleName: role.name, PolicyName: name, PolicyDocument: encoded(policy) };
  },
};

const listPolicies: Operation = {
  service: 'iam',
  name: 'ListRolePolicies',
  mutates: false,
  permissions: permission('iam:ListRolePolicies'),
  run: (input, scope) => ({ IsTruncated: false, PolicyNames: [...roleSeen(input, scope).inline.keys()].sort() }),
};

const listAttached: Operation = {
  service: 'iam',
  name: 'ListAttachedRolePolicies',
  mutates: false,
  permissions: permission('iam:ListAttachedRolePolicies'),
  run: (input, scope) => ({
    IsTruncated: false,
    AttachedPolicies: [...roleSeen(input, scope).attached].map((PolicyArn) => ({
      PolicyName: PolicyArn.split('/').at(-1) ?? '',
      PolicyArn,
    })),
  }),
};

const deletePolicy: Operation = write('DeleteRolePolicy', {
  permissions: permission('iam:DeleteRolePolicy'),
  shape: { RoleName: roleName, PolicyName: policyName },
  run(input, scope) {
    const name = text(input, 'PolicyName') ?? '';
    const role = roleChanging(input, scope);
    if (!role.inline.delete(name)) throw noSuchEntity(`The role policy with name ${name} cannot be found.`);
    return {};
  },
});

const detachPolicy: Operation = write('DetachRolePolicy', {
  permissions: permission('iam:DetachRolePolicy'),
  shape: { RoleName: roleName, PolicyArn: required(string(20, 2048)) },
  run(input, scope) {
    const arn = text(input, 'PolicyArn') ?? '';
    if (!roleChanging(input, scope).attached.delete(arn)) throw noSuchEntity(`Policy ${arn} was not found.`);
    return {};
  },
});

/** Inline policies, and the managed ones that are attached. Documents come URL-encoded. */
export const iamRolePolicyOperations: readonly Operation[] = [
  putPolicy,
  getPolicy,
  listPolicies,
  listAttached,
  deletePolicy,
  detachPolicy,
];
