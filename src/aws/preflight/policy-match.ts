import type { Json, JsonObject } from '#src/domain/json.ts';
import { isJsonObject, listOf, objectOf, textOf } from '#src/domain/json.ts';

/** What a caller brings, for the conditions of a policy: `aws:SourceAccount` and the like. */
export type Context = Readonly<Record<string, string>>;

/**
 * Whether a resource policy or a trust policy lets a service do something: an Allow and no Deny. `undefined`: it cannot
 * be told, for a statement has conditions that are not understood here.
 */
export function admits(
  policy: JsonObject,
  wanted: { readonly service: string; readonly action: string; readonly resource?: string },
  context: Context,
): boolean | undefined {
  const statements = isJsonObject(policy['Statement'])
    ? [policy['Statement']]
    : listOf(policy['Statement']).map(objectOf);
  const concerned = statements.filter(
    (statement) =>
      isFor(statement['Principal'], wanted.service) &&
      texts(statement['Action']).some((action) => like(action.toLowerCase(), wanted.action.toLowerCase())) &&
      (wanted.resource === undefined ||
        texts(statement['Resource']).some((resource) => like(resource, wanted.resource ?? ''))),
  );
  const held = concerned.map((statement) => ({
    effect: textOf(statement['Effect']),
    holds: holds(statement, context),
  }));
  if (held.some(({ effect, holds: sure }) => effect === 'Deny' && sure !== false)) {
    return held.some(({ effect, holds: sure }) => effect === 'Deny' && sure === true) ? false : undefined;
  }
  const allows = held.filter(({ effect }) => effect === 'Allow');
  if (allows.some(({ holds: sure }) => sure === true)) return true;
  return allows.some(({ holds: sure }) => sure === undefined) ? undefined : false;
}

function isFor(principal: Json | undefined, service: string): boolean {
  if (principal === '*') return true;
  const services = texts(objectOf(principal)['Service']);
  return services.includes(service) || texts(objectOf(principal)['AWS']).includes('*');
}

/** Undefined where an operator or a key is not understood. */
function holds(statement: JsonObject, context: Context): boolean | undefined {
  const answers = Object.entries(objectOf(statement['Condition'])).flatMap(([operator, keys]) =>
    Object.entries(objectOf(keys)).map(([key, expected]) => compare(operator, context[key], texts(expected))),
  );
  if (answers.includes(false)) return false;
  return answers.includes(undefined) ? undefined : true;
}

function compare(operator: string, actual: string | undefined, expected: readonly string[]): boolean | undefined {
  if (actual === undefined) return undefined;
  switch (operator) {
    case 'StringEquals':
      return expected.includes(actual);
    case 'StringLike':
    case 'ArnLike':
    case 'ArnEquals':
      // What the service brings ends in anything, so either side may hold the wildcard.
      return expected.some((pattern) => like(pattern, actual) || like(actual, pattern));
    default:
      return undefined;
  }
}

/** IAM's wildcards: `*` any characters, `?` one. */
function like(pattern: string, value: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(value);
}

function texts(value: Json | undefined): readonly string[] {
  return (Array.isArray(value) ? value : [value]).filter((one) => typeof one === 'string');
}
