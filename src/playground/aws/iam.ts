import type { JsonObject } from '#src/domain/json.ts';
import { isObject, list, object, objects, text, texts } from './members.ts';
import type { Role } from './state.ts';

/** What conditions of a policy may look at, such as `sts:ExternalId`. */
export type ConditionContext = Readonly<Record<string, string>>;

/** Whether the documents allow an action on a resource: an Allow, and no Deny. */
export function allowsAction(
  documents: readonly JsonObject[],
  action: string,
  resource: string,
  context: ConditionContext = {},
): boolean {
  return decide(documents, action, resource, context).decision === 'allowed';
}

/** What IAM's policy simulator answers: the decision, and the condition keys that it was not given. */
export function decide(
  documents: readonly JsonObject[],
  action: string,
  resource: string,
  context: ConditionContext = {},
): { readonly decision: 'allowed' | 'explicitDeny' | 'implicitDeny'; readonly missing: readonly string[] } {
  const concerned = documents
    .flatMap(statements)
    .filter((statement) =>
      strings(statement, 'Action').some((pattern) => wild(pattern.toLowerCase(), action.toLowerCase())),
    )
    .filter((statement) => strings(statement, 'Resource').some((pattern) => wild(pattern, resource)));
  const given = new Set(Object.keys(context).map((key) => key.toLowerCase()));
  const keys = concerned.flatMap((statement) =>
    Object.values(object(statement, 'Condition') ?? {}).flatMap((under) => Object.keys(isObject(under) ? under : {})),
  );
  const missing = [...new Set(keys)].filter((key) => !given.has(key.toLowerCase()));
  const effects = concerned
    .filter((statement) => conditionsHold(statement, context))
    .map((statement) => statement['Effect']);
  if (effects.includes('Deny')) return { decision: 'explicitDeny', missing };
  return { decision: effects.includes('Allow') ? 'allowed' : 'implicitDeny', missing };
}

/**
 * Whether a role may be assumed by a principal: an ARN, or a service such as `bedrock.amazonaws.com`. The root of an
 * account stands for all of it.
 */
export function trusts(role: Role, principal: string, context: ConditionContext): boolean {
  const effects = statements(role.trust)
    .filter((statement) => strings(statement, 'Action').some((pattern) => wild(pattern, 'sts:AssumeRole')))
    .filter((statement) => conditionsHold(statement, context))
    .filter((statement) => principals(statement).some((one) => admits(one, principal)))
    .map((statement) => statement['Effect']);
  return effects.includes('Allow') && !effects.includes('Deny');
}

/** All documents that say what a role may do. */
export function documentsOf({ policies, inline }: Role): readonly JsonObject[] {
  return [...policies, ...inline.values()];
}

/** A pattern of IAM: `*` any characters, `?` one. */
export function wild(pattern: string, value: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(value);
}

function statements(document: JsonObject): readonly JsonObject[] {
  const single = object(document, 'Statement');
  return single ? [single] : objects(document, 'Statement');
}

function principals(statement: JsonObject): readonly string[] {
  const principal = statement['Principal'];
  if (typeof principal === 'string') return [principal];
  if (!isObject(principal)) return [];
  return ['AWS', 'Service', 'Federated'].flatMap((kind) => strings(principal, kind));
}

function admits(admitted: string, principal: string): boolean {
  if (admitted === '*' || admitted === principal) return true;
  const account = /^arn:[^:]+:(?:iam|sts)::(?<id>[0-9]{12}):/.exec(principal)?.groups?.['id'];
  if (account === undefined) return false;
  return admitted === account || new RegExp(`^arn:[^:]+:iam::${account}:root$`).test(admitted);
}

function conditionsHold(statement: JsonObject, context: ConditionContext): boolean {
  return Object.entries(object(statement, 'Condition') ?? {}).every(([operator, keys]) =>
    Object.keys(isObject(keys) ? keys : {}).every((key) => {
      const expected = strings(isObject(keys) ? keys : {}, key);
      const actual = Object.entries(context).find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1];
      return holds(operator, expected, actual);
    }),
  );
}

function holds(operator: string, expected: readonly string[], actual: string | undefined): boolean {
  if (operator.endsWith('IfExists') && actual === undefined) return true;
  if (actual === undefined) return operator.startsWith('StringNot');
  switch (operator.replace(/IfExists$/, '')) {
    case 'StringEquals':
      return expected.includes(actual);
    case 'StringNotEquals':
      return !expected.includes(actual);
    case 'StringLike':
    // The same, both with wildcards.
    case 'ArnEquals':
    case 'ArnLike':
      return expected.some((pattern) => wild(pattern, actual));
    case 'StringNotLike':
      return !expected.some((pattern) => wild(pattern, actual));
    // An operator that is not modelled does not hold: refusing is what a test notices.
    default:
      return false;
  }
}

/** A member that may be one string or a list of them. */
function strings(owner: JsonObject, member: string): readonly string[] {
  const single = text(owner, member);
  return single === undefined ? (list(owner, member) ? texts(owner, member) : []) : [single];
}
