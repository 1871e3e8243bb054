import type { Json, JsonObject } from '#src/domain/json.ts';
import { isJsonObject, listOf, objectOf, textOf } from '#src/domain/json.ts';
import type { Verdict } from './verdict.ts';
import { all, any, not } from './verdict.ts';
import { covers, equals } from './wildcard.ts';

/** What a caller brings, for the conditions of a policy: `aws:SourceAccount` and the like. */
export type Context = Readonly<Record<string, string>>;

/** Who does what, and to which resource; a value that ends in `*` stands for many. */
export interface Wanted {
  readonly service: string;
  readonly action: string;
  /** Absent: the policy is one of the resource itself, and its `Resource` is not looked at. */
  readonly resource?: string;
}

/**
 * Whether a resource policy or a trust policy lets a service do something: an Allow and no Deny ("Policy evaluation
 * logic", IAM user guide). Undefined where that hangs on something that is not understood here. So false is sure: no
 * statement can allow it, or one forbids it.
 */
export function admits(policy: JsonObject, wanted: Wanted, context: Context): Verdict {
  const statements = isJsonObject(policy['Statement'])
    ? [policy['Statement']]
    : listOf(policy['Statement']).map(objectOf);
  const one = (effect: string) =>
    any(
      statements.filter((statement) => textOf(statement['Effect']) === effect).map((it) => fits(it, wanted, context)),
    );
  return all([one('Allow'), not(one('Deny'))]);
}

function fits(statement: JsonObject, { service, action, resource }: Wanted, context: Context): Verdict {
  return all([
    isFor(statement, service),
    among(statement, 'Action', (pattern) => covers(pattern.toLowerCase(), action.toLowerCase())),
    resource === undefined ? true : among(statement, 'Resource', (pattern) => covers(pattern, resource)),
    holds(statement, context),
  ]);
}

function isFor(statement: JsonObject, service: string): Verdict {
  if ('NotPrincipal' in statement) return undefined;
  const principal = statement['Principal'];
  if (principal === '*') return true;
  const { Service, AWS } = objectOf(principal);
  return texts(Service).includes(service) || texts(AWS).includes('*');
}

/** `Action` or `NotAction`, `Resource` or `NotResource`. */
function among(statement: JsonObject, member: string, matches: (pattern: string) => Verdict): Verdict {
  const negated = statement[`Not${member}`];
  return negated === undefined ? any(texts(statement[member]).map(matches)) : not(any(texts(negated).map(matches)));
}

function holds(statement: JsonObject, context: Context): Verdict {
  return all(
    Object.entries(objectOf(statement['Condition'])).flatMap(([operator, keys]) =>
      Object.entries(objectOf(keys)).map(([key, expected]) =>
        compare(operator, valueOf(context, key), texts(expected)),
      ),
    ),
  );
}

/** AWS does not mind the case of condition keys. */
function valueOf(context: Context, key: string): string | undefined {
  return Object.entries(context).find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1];
}

/** What is not in the context may be in what AWS compares with. */
function compare(operator: string, actual: string | undefined, expected: readonly string[]): Verdict {
  if (actual === undefined) return undefined;
  const like = () => any(expected.map((pattern) => covers(pattern, actual)));
  const same = () => any(expected.map((value) => equals(value, actual)));
  switch (operator.replace(/IfExists$/, '')) {
    case 'StringEquals':
      return same();
    case 'StringNotEquals':
      return not(same());
    // ArnEquals is the same as ArnLike ("IAM JSON policy elements: Condition operators", IAM user guide).
    case 'StringLike':
    case 'ArnLike':
    case 'ArnEquals':
      return like();
    case 'StringNotLike':
    case 'ArnNotLike':
    case 'ArnNotEquals':
      return not(like());
    default:
      return undefined;
  }
}

/** One value or a list of them. */
function texts(value: Json | undefined): readonly string[] {
  return (Array.isArray(value) ? value : [value]).filter((one) => typeof one === 'string');
}
