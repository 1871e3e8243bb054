import type { Role } from '@aws-sdk/client-iam';
import { Stalled, Waiting } from '#src/domain/failure.ts';
import type { JsonObject } from '#src/domain/json.ts';
import { roleName } from '#src/domain/names.ts';
import { canonicalPolicy } from '#src/domain/policy-statements.ts';
import type { Change, LoggingRole, Observed } from '#src/domain/resource.ts';
import type { ResourceHandler } from '#src/reconcile/ports.ts';
import { awsName, isAbsent } from './errors.ts';
import { PROPAGATION_MS } from './first-refusal.ts';
import { deleteRole, POLICY_NAME } from './logging-role-deletion.ts';
import { isMarkOf, markOfTags } from './marks.ts';
import { parseDocument } from './policy-document.ts';
import type { Session } from './session.ts';
import { tagList } from './session.ts';
import { declaredDifferences, differences, tagDifferences } from './structural-diff.ts';

/**
 * The IAM role that Bedrock writes records with. Roles have one name space for all Regions of an account. IAM is
 * eventually consistent, for its own reads and for Bedrock: what was changed is noted, so that Bedrock's refusal is
 * patience for a while.
 */
export function loggingRoles(session: Session): ResourceHandler<'LoggingRole'> {
  const observe = async (name: string, signal: AbortSignal): Promise<Observed<'LoggingRole'> | undefined> => {
    const role = await readRole(session, name, signal);
    if (role === undefined) return session.absent({ kind: 'LoggingRole', name });
    return observed(session, name, role, await readPermissions(session, name, role, signal));
  };
  return {
    observe: ({ name }, _marks, signal) => observe(name, signal),
    diff,
    async apply(desired, now, signal) {
      const ref = { kind: 'LoggingRole', name: desired.name } as const;
      const is =
        now ?? (await create(session, desired, signal)) ?? (await ours(session, desired.name, observe, signal));
      await update(session, desired, is, signal);
      return ref;
    },
    delete: ({ name }, now, signal) => deleteRole(session, name, now.arn ?? arnOf(session, '/', name), signal),
    async find(owner, signal) {
      const name = roleName(owner, session.place);
      return (await readRole(session, name, signal)) === undefined ? [] : [{ kind: 'LoggingRole', name }];
    },
  };
}

/** Creates the role, without permissions yet, and answers it as it then is; undefined if one of that name exists after all. */
async function create(
  session: Session,
  { name, path, trust, permissionsBoundaryARN, tags }: LoggingRole,
  signal: AbortSignal,
): Promise<Observed<'LoggingRole'> | undefined> {
  const arn = arnOf(session, path, name);
  const input = {
    RoleName: name,
    Path: path,
    Description: 'Amazon Bedrock writes model invocation logs with it. Kept by BedrockMonitor.',
    AssumeRolePolicyDocument: JSON.stringify(trust),
    ...(permissionsBoundaryARN !== undefined && { PermissionsBoundary: permissionsBoundaryARN }),
    Tags: tagList(tags),
  };
  try {
    await session.call('iam:CreateRole', arn, input, signal);
  } catch (error) {
    // Ours, if the answer to an earlier attempt was lost.
    if (awsName(error).startsWith('EntityAlreadyExists')) return undefined;
    throw boundaryFailure(error, name, permissionsBoundaryARN) ?? error;
  }
  session.created({ kind: 'LoggingRole', name });
  session.changes.changed(arn);
  const boundary = permissionsBoundaryARN === undefined ? {} : { permissionsBoundaryARN };
  const resource = { kind: 'LoggingRole', name, path, trust, permissions: {}, tags, ...boundary } as const;
  return { resource, arn, mark: markOfTags(tags) };
}

async function ours(
  session: Session,
  name: string,
  observe: (name: string, signal: AbortSignal) => Promise<Observed<'LoggingRole'> | undefined>,
  signal: AbortSignal,
): Promise<Observed<'LoggingRole'>> {
  const found = await observe(name, signal);
  if (found !== undefined && isMarkOf(found.mark, session.owner)) return found;
  const { place, refusals } = session;
  const taken = `${place.accountID}/RoleTaken/${name}`;
  if (found !== undefined) refusals.allowed(taken);
  // IAM shows what was just made a little later; what it does not show at all has the name in other letters.
  if (found === undefined && refusals.refused(taken) >= PROPAGATION_MS) {
    throw new Stalled(
      'NotOwned',
      `a role of that name exists already, perhaps in other upper or lower case letters than ${name}, which IAM does not tell apart: give role.create.name another value, or name that role by role.arn`,
    );
  }
  const message = `role ${name} came into being while it was being created; it is looked at again`;
  throw new Waiting('ConcurrentChange', message, { retryAfterMs: 2_000 });
}

/** One call per document: AWS replaces each as a whole. */
async function update(
  session: Session,
  desired: LoggingRole,
  now: Observed<'LoggingRole'>,
  signal: AbortSignal,
): Promise<void> {
  const { name, path, permissionsBoundaryARN } = desired;
  const arn = now.arn ?? arnOf(session, path, name);
  const changed = new Set(diff(desired, now).map((change) => change.path.split('.')[0]));
  // Before anything else: a role with another ARN is not the one that logging names.
  if (changed.has('path')) throw pathDiffers(desired, now.resource);
  // First, so that a crash leaves a role that the next pass knows for ours.
  if (changed.has('tags')) {
    await session.call('iam:TagRole', arn, { RoleName: name, Tags: tagList(desired.tags) }, signal);
  }
  // A narrower bound before wider permissions.
  if (changed.has('permissionsBoundaryARN') && permissionsBoundaryARN !== undefined) {
    const input = { RoleName: name, PermissionsBoundary: permissionsBoundaryARN };
    try {
      await session.call('iam:PutRolePermissionsBoundary', arn, input, signal);
    } catch (error) {
      throw boundaryFailure(error, name, permissionsBoundaryARN) ?? error;
    }
  }
  if (changed.has('trust')) {
    const input = { RoleName: name, PolicyDocument: JSON.stringify(desired.trust) };
    await session.call('iam:UpdateAssumeRolePolicy', arn, input, signal);
  }
  if (changed.has('permissions')) {
    const input = { RoleName: name, PolicyName: POLICY_NAME, PolicyDocument: JSON.stringify(desired.permissions) };
    await session.call('iam:PutRolePolicy', arn, input, signal);
  }
  if (changed.size > 0) session.changes.changed(arn);
}

function diff(desired: LoggingRole, { resource }: Observed<'LoggingRole'>): readonly Change[] {
  return [
    ...declaredDifferences(
      { path: resource.path, permissionsBoundaryARN: resource.permissionsBoundaryARN },
      { path: desired.path, permissionsBoundaryARN: desired.permissionsBoundaryARN },
    ),
    ...policyDifferences('trust', resource.trust, desired.trust),
    ...policyDifferences('permissions', resource.permissions, desired.permissions),
    ...tagDifferences(resource.tags, desired.tags),
  ];
}

/** A policy that is not there differs as a whole. */
function policyDifferences(path: string, observed: JsonObject, desired: JsonObject): readonly Change[] {
  const isAbsent = Object.keys(observed).length === 0;
  return differences(path, isAbsent ? undefined : canonicalPolicy(observed), canonicalPolicy(desired));
}

async function readRole(session: Session, name: string, signal: AbortSignal): Promise<Role | undefined> {
  try {
    return (await session.call('iam:GetRole', arnOf(session, '/', name), { RoleName: name }, signal)).Role;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

async function readPermissions(
  session: Session,
  name: string,
  { Arn = name }: Role,
  signal: AbortSignal,
): Promise<JsonObject> {
  try {
    const input = { RoleName: name, PolicyName: POLICY_NAME };
    return decoded((await session.call('iam:GetRolePolicy', Arn, input, signal)).PolicyDocument);
  } catch (error) {
    if (isAbsent(error)) return {};
    throw error;
  }
}

/** GetRole gives the tags along, so that the mark is always known. */
function observed(session: Session, name: string, role: Role, permissions: JsonObject): Observed<'LoggingRole'> {
  const tags = Object.fromEntries((role.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
  const { Path: path = '/', Arn: arn = arnOf(session, path, name), PermissionsBoundary } = role;
  const boundary = PermissionsBoundary?.PermissionsBoundaryArn;
  return {
    resource: {
      kind: 'LoggingRole',
      name,
      path,
      ...(boundary !== undefined && { permissionsBoundaryARN: boundary }),
      trust: decoded(role.AssumeRolePolicyDocument),
      permissions,
      tags,
    },
    arn,
    mark: markOfTags(tags),
  };
}

/** IAM gives documents URL-encoded (GetRole, IAM API reference). Empty, which differs from all, where it is not. */
function decoded(document = ''): JsonObject {
  try {
    return parseDocument(decodeURIComponent(document)) ?? {};
  } catch {
    return {};
  }
}

function pathDiffers({ name, path }: LoggingRole, now: LoggingRole): Stalled {
  return new Stalled(
    'RoleNotUsable',
    `role ${name} exists under path ${now.path}, and AWS cannot move it to ${path}: set role.create.path as it is, or give role.create.name another value`,
  );
}

/** A bound that is not there is what AWS does not find; a role of that name is not looked for by these calls. */
function boundaryFailure(error: unknown, name: string, boundary: string | undefined): Stalled | undefined {
  if (boundary === undefined || !isAbsent(error)) return undefined;
  return new Stalled(
    'RoleNotUsable',
    `role ${name}: its permissions boundary ${boundary} does not exist. Correct role.create.permissionsBoundaryARN, or create that policy`,
    { cause: error },
  );
}

function arnOf({ place }: Session, path: string, name: string): string {
  return `arn:${place.partition}:iam::${place.accountID}:role${path}${name}`;
}
