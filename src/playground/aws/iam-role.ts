import type { JsonObject } from '#src/domain/json.ts';
import { type Constraint, check, required, string } from './constraints.ts';
import { AwsError } from './errors.ts';
import { object, objects, text } from './members.ts';
import type { Operation, Scope } from './operation.ts';
import type { Role } from './state.ts';

/** Names ignore case (IAM API reference, "CreateRole"). */
export const roleName: Constraint = required(string(1, 64, /^[\w+=,.@-]+$/));

export function noSuchEntity(message: string): AwsError {
  return new AwsError('NoSuchEntity', message, { status: 404 });
}

type Checked = Pick<Operation, 'permissions' | 'run'> & { readonly shape: Readonly<Record<string, Constraint>> };

export function write(name: string, { permissions, shape, run }: Checked): Operation {
  return {
    service: 'iam',
    name,
    mutates: true,
    permissions,
    run(input, scope) {
      check(input, shape, (message) => new AwsError('ValidationError', message));
      return run(input, scope);
    },
  };
}

/** On the role's ARN, path included, which IAM looks up by the name. */
export function permission(action: string): Operation['permissions'] {
  return (input, { account }) => {
    const name = text(input, 'RoleName') ?? '';
    const role = account.roles.get(name.toLowerCase());
    const resource = role?.arn ?? `arn:${account.partition}:iam::${account.id}:role/${name}`;
    const context = role?.permissionsBoundary;
    return [{ action, resource, ...(context !== undefined && { context: { 'iam:PermissionsBoundary': context } }) }];
  };
}

export function boundaryContext(input: JsonObject): { readonly context?: Readonly<Record<string, string>> } {
  const arn = text(input, 'PermissionsBoundary');
  return arn === undefined ? {} : { context: { 'iam:PermissionsBoundary': arn } };
}

export function roleIn(input: JsonObject, { account }: Scope, roles: ReadonlyMap<string, Role> = account.roles): Role {
  const name = text(input, 'RoleName') ?? '';
  const role = roles.get(name.toLowerCase());
  if (!role) throw noSuchEntity(`The role with name ${name} cannot be found.`);
  return role;
}

/** IAM's own reads lag behind its writes, too. */
export function roleSeen(input: JsonObject, scope: Scope): Role {
  return roleIn(input, scope, scope.seen(scope.account.roles));
}

/** Itself, which is about to change: those who use it see that later. */
export function roleChanging(input: JsonObject, scope: Scope): Role {
  const role = roleIn(input, scope);
  scope.changing(scope.account.roles, role.name.toLowerCase());
  role.changedAt = scope.now;
  return role;
}

export function described(role: Role): JsonObject {
  return {
    RoleName: role.name,
    Path: role.path,
    Arn: role.arn,
    CreateDate: new Date(role.createdAt).toISOString(),
    AssumeRolePolicyDocument: encoded(role.trust),
    ...(role.permissionsBoundary !== undefined && {
      PermissionsBoundary: {
        PermissionsBoundaryType: 'Policy',
        PermissionsBoundaryArn: role.permissionsBoundary,
      },
    }),
    ...(Object.keys(role.tags).length > 0 && { Tags: tagList(role) }),
  };
}

export function encoded(policy: JsonObject): string {
  return encodeURIComponent(JSON.stringify(policy));
}

export function tagList({ tags }: Role): JsonObject[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

export function tagsIn(input: JsonObject): readonly [string, string][] {
  return objects(input, 'Tags').map((one) => [text(one, 'Key') ?? '', text(one, 'Value') ?? '']);
}

export function documentIn(input: JsonObject, member: string): JsonObject {
  try {
    const parsed: JsonObject = JSON.parse(text(input, member) ?? '');
    if (object({ parsed }, 'parsed') !== undefined && 'Statement' in parsed) return parsed;
  } catch {
    // The same answer as for JSON that is no policy.
  }
  throw new AwsError('MalformedPolicyDocument', 'Syntax errors in policy.');
}

export function invalidInput(message: string): AwsError {
  return new AwsError('InvalidInput', message);
}
