import type { JsonObject } from '#src/domain/json.ts';
import { AwsError } from './errors.ts';
import { decide } from './iam.ts';
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
    const judge = judgeOf(source, scope);
    const EvaluationResults = texts(input, 'ActionNames').flatMap((action) =>
      texts(input, 'ResourceArns').map((resource) => {
        const { decision, missing } = judge(action, resource);
        return {
          EvalActionName: action,
          EvalResourceName: resource,
          EvalDecision: decision,
          MissingContextValues: [...missing],
        };
      }),
    );
    return { IsTruncated: false, EvaluationResults } satisfies JsonObject;
  },
};

export const iamOperations: readonly Operation[] = [getRole, simulatePrincipalPolicy];

/** What a role's policies say; of the caller itself, what it may. */
function judgeOf(source: string, scope: Scope): (action: string, resource: string) => ReturnType<typeof decide> {
  const role = [...scope.account.roles.values()].find(({ arn }) => arn === source);
  if (role) return (action, resource) => decide(role.policies, action, resource);
  if (source !== scope.caller.principal) throw noSuchEntity(`The principal ${source} cannot be found.`);
  return (action, resource) => ({
    decision: scope.allows({ action, resource }) ? 'allowed' : 'implicitDeny',
    missing: [],
  });
}

function roleNamed(name: string, { account }: Scope): Role | undefined {
  return account.roles.get(name.toLowerCase());
}

function noSuchEntity(message: string): AwsError {
  return new AwsError('NoSuchEntity', message, { status: 404 });
}
