import type { JsonObject } from '#src/domain/json.ts';
import { AwsError } from './errors.ts';
import { allowsAction } from './iam.ts';
import { text, texts } from './members.ts';
import type { Operation, Scope } from './operation.ts';
import type { Role } from './state.ts';

const getRole: Operation = {
  service: 'iam',
  name: 'GetRole',
  mutates: false,
  permissions: (input, scope) => {
    const name = text(input, 'RoleName') ?? '';
    const arn = roleNamed(name, scope)?.arn ?? `arn:${scope.account.partition}:iam::${scope.account.id}:role/${name}`;
    return [{ action: 'iam:GetRole', resource: arn }];
  },
  run(input, scope) {
    const name = text(input, 'RoleName') ?? '';
    const role = roleNamed(name, scope);
    if (!role) throw noSuchEntity(`The role with name ${name} cannot be found.`);
    // Documents come URL-encoded.
    const AssumeRolePolicyDocument = encodeURIComponent(JSON.stringify(role.trust));
    return { Role: { RoleName: role.name, Arn: role.arn, AssumeRolePolicyDocument } };
  },
};

/** Asks what the policies of a user or role allow. */
const simulatePrincipalPolicy: Operation = {
  service: 'iam',
  name: 'SimulatePrincipalPolicy',
  mutates: false,
  permissions: (input) => [{ action: 'iam:SimulatePrincipalPolicy', resource: text(input, 'PolicySourceArn') ?? '*' }],
  run(input, scope) {
    const source = text(input, 'PolicySourceArn') ?? '';
    const allows = judgeOf(source, scope);
    const EvaluationResults = texts(input, 'ActionNames').flatMap((action) =>
      texts(input, 'ResourceArns').map((resource) => ({
        EvalActionName: action,
        EvalResourceName: resource,
        EvalDecision: allows(action, resource) ? 'allowed' : 'implicitDeny',
      })),
    );
    return { IsTruncated: false, EvaluationResults } satisfies JsonObject;
  },
};

export const iamOperations: readonly Operation[] = [getRole, simulatePrincipalPolicy];

/** What a role's policies say; of the caller itself, what it may. */
function judgeOf(source: string, scope: Scope): (action: string, resource: string) => boolean {
  // A caller is held to what a test lets its account do, not to policies that a test gave its role.
  if (source === scope.caller.principal) return (action, resource) => scope.allows({ action, resource });
  const role = [...scope.account.roles.values()].find(({ arn }) => arn === source);
  if (role) return (action, resource) => allowsAction(role.policies, action, resource);
  throw noSuchEntity(`The principal ${source} cannot be found.`);
}

function roleNamed(name: string, { account }: Scope): Role | undefined {
  return account.roles.get(name.toLowerCase());
}

function noSuchEntity(message: string): AwsError {
  return new AwsError('NoSuchEntity', message, { status: 404 });
}
