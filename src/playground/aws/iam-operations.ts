import type { JsonObject } from '#src/domain/json.ts';
import { decide, documentsOf } from './iam.ts';
import { noSuchEntity } from './iam-role.ts';
import { text, texts } from './members.ts';
import type { Operation, Scope } from './operation.ts';

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

export const iamOperations: readonly Operation[] = [simulatePrincipalPolicy];

/** What a role's policies say; of the caller itself, what it may. */
function judgeOf(source: string, scope: Scope): (action: string, resource: string) => ReturnType<typeof decide> {
  const role = [...scope.account.roles.values()].find(({ arn }) => arn === source);
  if (role) return (action, resource) => decide(documentsOf(role), action, resource);
  if (source !== scope.caller.principal) throw noSuchEntity(`The principal ${source} cannot be found.`);
  return (action, resource) => ({
    decision: scope.allows({ action, resource }) ? 'allowed' : 'implicitDeny',
    missing: [],
  });
}
