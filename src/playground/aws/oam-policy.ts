import type { Json, JsonObject } from '#src/domain/json.ts';
import { allowsAction } from './iam.ts';
import { isObject, list, object, text, texts } from './members.ts';
import { invalid } from './oam-errors.ts';
import type { Account } from './state.ts';

/** What a sink's policy may be about. */
const actions: ReadonlySet<string> = new Set(['oam:CreateLink', 'oam:UpdateLink', 'oam:*', '*']);

/** Throws unless the text is a policy as PutSinkPolicy takes it: one line of JSON with statements about links. */
export function checkSinkPolicy(policy: string): void {
  const statements = statementsOf(policy);
  if (policy.includes('\n') || statements === undefined || statements.length === 0)
    throw invalid('The policy must be a JSON policy document without newlines.');
  for (const statement of statements) {
    const wrong = strings(statement, 'Action').find((action) => !actions.has(action));
    if (wrong !== undefined) throw invalid(`The action ${wrong} is not valid in a sink policy.`);
    if (statement['Effect'] !== 'Allow' && statement['Effect'] !== 'Deny') throw invalid('The policy has no Effect.');
    if (statement['Principal'] === undefined) throw invalid('The policy has no Principal.');
  }
}

/** Whether the policy of a sink lets a source account link to it and share all of these types. */
export function admits(
  policy: string | undefined,
  action: 'oam:CreateLink' | 'oam:UpdateLink',
  source: Account,
  sinkARN: string,
  resourceTypes: readonly string[],
): boolean {
  const concerned = (statementsOf(policy ?? '') ?? [])
    .filter((statement) => names(statement, source))
    .filter((statement) => sharing(statement, resourceTypes))
    .map(withoutSetOperators);
  const context = source.organization === undefined ? {} : { 'aws:PrincipalOrgID': source.organization };
  return allowsAction([{ Statement: concerned }], action, sinkARN, context);
}

/** Whether the statement's principal is everybody, the account, or its root. */
function names({ Principal: principal }: JsonObject, { id, partition }: Account): boolean {
  const named = typeof principal === 'string' ? [principal] : isObject(principal) ? strings(principal, 'AWS') : [];
  return named.some((one) => one === '*' || one === id || one === `arn:${partition}:iam::${id}:root`);
}

/** `ForAllValues:StringEquals` over the types: none may be beyond the list. */
function sharing(statement: JsonObject, resourceTypes: readonly string[]): boolean {
  const condition = object(object(statement, 'Condition'), 'ForAllValues:StringEquals');
  if (condition?.['oam:ResourceTypes'] === undefined) return true;
  const allowed = strings(condition, 'oam:ResourceTypes');
  return resourceTypes.every((type) => allowed.includes(type));
}

/** Looked at already; IAM's plain operators know no sets. */
function withoutSetOperators(statement: JsonObject): JsonObject {
  const rest = Object.entries(object(statement, 'Condition') ?? {}).filter(
    ([operator]) => operator !== 'ForAllValues:StringEquals',
  );
  return {
    ...statement,
    Condition: Object.fromEntries(rest.map(([operator, keys]) => [operator.replace(/^ForAnyValue:/, ''), keys])),
  };
}

function statementsOf(policy: string): readonly JsonObject[] | undefined {
  try {
    const document: Json = JSON.parse(policy);
    if (!isObject(document)) return undefined;
    const single = object(document, 'Statement');
    return single === undefined ? list(document, 'Statement')?.filter(isObject) : [single];
  } catch {
    return undefined;
  }
}

function strings(owner: JsonObject, member: string): readonly string[] {
  const single = text(owner, member);
  return single === undefined ? texts(owner, member) : [single];
}
