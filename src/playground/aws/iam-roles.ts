import type { JsonObject } from '#src/domain/json.ts';
import { array, required, string } from './constraints.ts';
import { AwsError } from './errors.ts';
import {
  boundaryContext,
  described,
  documentIn,
  invalidInput,
  permission,
  roleChanging,
  roleIn,
  roleName,
  roleSeen,
  tagList,
  tagsIn,
  write,
} from './iam-role.ts';
import { objects, text, texts } from './members.ts';
import type { Operation } from './operation.ts';
import type { Role } from './state.ts';
import { tag, tagLimit } from './tag-constraints.ts';
import { newTags } from './tags.ts';

/** "CreateRole" and what else there is to a role, IAM API reference. */
const document = required(string(1, 131_072));
const boundary = string(20, 2048);
/** Of a trust policy; blanks do not count. */
const TRUST_LIMIT = 2048;

const createRole: Operation = write('CreateRole', {
  permissions: (input, scope) => {
    const resource = `arn:${scope.account.partition}:iam::${scope.account.id}:role${text(input, 'Path') ?? '/'}${text(input, 'RoleName') ?? ''}`;
    const context = boundaryContext(input);
    return [
      { action: 'iam:CreateRole', resource, ...context },
      ...(objects(input, 'Tags').length > 0 ? [{ action: 'iam:TagRole', resource }] : []),
    ];
  },
  shape: {
    RoleName: roleName,
    AssumeRolePolicyDocument: document,
    Path: string(1, 512, /^(\/|\/[\x21-\x7e]+\/)$/),
    PermissionsBoundary: boundary,
    Tags: array(0, tagLimit, tag),
    Description: string(0, 1000),
  },
  run(input, scope) {
    const name = text(input, 'RoleName') ?? '';
    const key = name.toLowerCase();
    if (scope.account.roles.has(key)) {
      throw new AwsError('EntityAlreadyExists', `Role with name ${name} already exists.`, { status: 409 });
    }
    const path = text(input, 'Path') ?? '/';
    const role: Role = {
      name,
      path,
      arn: `arn:${scope.account.partition}:iam::${scope.account.id}:role${path}${name}`,
      createdAt: scope.now,
      trust: trustIn(input, 'AssumeRolePolicyDocument'),
      policies: [],
      inline: new Map(),
      attached: new Set(),
      permissionsBoundary: text(input, 'PermissionsBoundary'),
      tags: newTags(tagsIn(input), invalidInput),
      changedAt: scope.now,
      maxSessionSeconds: 3600,
    };
    scope.changing(scope.account.roles, key);
    scope.account.roles.set(key, role);
    return { Role: described(role) };
  },
});

const getRole: Operation = {
  service: 'iam',
  name: 'GetRole',
  mutates: false,
  permissions: permission('iam:GetRole'),
  run: (input, scope) => ({ Role: described(roleSeen(input, scope)) }),
};

const listRoles: Operation = {
  service: 'iam',
  name: 'ListRoles',
  mutates: false,
  permissions: () => [{ action: 'iam:ListRoles', resource: '*' }],
  run(input, scope) {
    const prefix = text(input, 'PathPrefix') ?? '/';
    // Tags and boundaries are left out of lists.
    const roles = [...scope.seen(scope.account.roles).values()].filter(({ path }) => path.startsWith(prefix));
    return {
      IsTruncated: false,
      Roles: roles.map((role) => {
        const { Tags: _, PermissionsBoundary: __, ...rest } = described(role);
        return rest;
      }),
    };
  },
};

const updateTrust: Operation = write('UpdateAssumeRolePolicy', {
  permissions: permission('iam:UpdateAssumeRolePolicy'),
  shape: { RoleName: roleName, PolicyDocument: document },
  run(input, scope) {
    const trust = trustIn(input, 'PolicyDocument');
    roleChanging(input, scope).trust = trust;
    return {};
  },
});

/** Not before its policies are gone. */
const deleteRole: Operation = write('DeleteRole', {
  permissions: permission('iam:DeleteRole'),
  shape: { RoleName: roleName },
  run(input, scope) {
    const { name, inline, attached } = roleIn(input, scope);
    const conflict = (what: string) =>
      new AwsError('DeleteConflict', `Cannot delete entity, must ${what} first.`, { status: 409 });
    if (attached.size > 0) throw conflict('detach all policies');
    if (inline.size > 0) throw conflict('delete policies');
    scope.changing(scope.account.roles, name.toLowerCase());
    scope.account.roles.delete(name.toLowerCase());
    return {};
  },
});

const tagRole: Operation = write('TagRole', {
  permissions: permission('iam:TagRole'),
  shape: { RoleName: roleName, Tags: required(array(0, tagLimit, tag)) },
  run(input, scope) {
    const role = roleChanging(input, scope);
    role.tags = newTags([...Object.entries(role.tags), ...tagsIn(input)], invalidInput);
    return {};
  },
});

const untagRole: Operation = write('UntagRole', {
  permissions: permission('iam:UntagRole'),
  shape: { RoleName: roleName, TagKeys: required(array(0, tagLimit, string(1, 128))) },
  run(input, scope) {
    const { tags } = roleChanging(input, scope);
    for (const key of texts(input, 'TagKeys')) delete tags[key];
    return {};
  },
});

const listTags: Operation = {
  service: 'iam',
  name: 'ListRoleTags',
  mutates: false,
  permissions: permission('iam:ListRoleTags'),
  run: (input, scope) => ({ IsTruncated: false, Tags: tagList(roleSeen(input, scope)) }),
};

const putBoundary: Operation = write('PutRolePermissionsBoundary', {
  permissions: (input, scope) =>
    permission('iam:PutRolePermissionsBoundary')(input, scope).map((one) => ({ ...one, ...boundaryContext(input) })),
  shape: { RoleName: roleName, PermissionsBoundary: required(boundary) },
  run(input, scope) {
    roleChanging(input, scope).permissionsBoundary = text(input, 'PermissionsBoundary');
    return {};
  },
});

const deleteBoundary: Operation = write('DeleteRolePermissionsBoundary', {
  permissions: permission('iam:DeleteRolePermissionsBoundary'),
  shape: { RoleName: roleName },
  run(input, scope) {
    roleChanging(input, scope).permissionsBoundary = undefined;
    return {};
  },
});

export const iamRoleOperations: readonly Operation[] = [
  createRole,
  getRole,
  listRoles,
  updateTrust,
  deleteRole,
  tagRole,
  untagRole,
  listTags,
  putBoundary,
  deleteBoundary,
];

function trustIn(input: JsonObject, member: string): JsonObject {
  const trust = documentIn(input, member);
  if (JSON.stringify(trust).length > TRUST_LIMIT) {
    throw new AwsError('LimitExceeded', `Cannot exceed quota for ACLSizePerRole: ${TRUST_LIMIT}`, { status: 409 });
  }
  return trust;
}
