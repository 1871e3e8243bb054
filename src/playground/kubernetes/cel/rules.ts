import type { Environment } from '@marcbachmann/cel-js';
import { Optional } from '@marcbachmann/cel-js';
import type { Json } from '#src/domain/json.ts';
import type { FieldError } from '../field-error.ts';
import { child, duplicate, forbidden, invalid, required } from '../field-error.ts';
import { equal, isList, isObject, own } from '../json-value.ts';
import type { Schema, ValidationRule } from '../schema/structural-schema.ts';
import { valueSchema } from '../schema/structural-schema.ts';
import { correlated } from '../schema/validation.ts';
import type { Expression } from './expression.ts';
import { CompileError, compileExpression } from './expression.ts';
import { normalizeFieldPath } from './field-paths.ts';
import { kubernetesEnvironment } from './functions.ts';
import type { CelType } from './types.ts';
import { declareType } from './types.ts';
import { celValue } from './values.ts';

/** All rules of a schema, compiled. */
export interface CompiledRules {
  /** What is wrong with the rules themselves; paths begin at the schema. */
  readonly errors: readonly FieldError[];
  /** The errors of an object. Rules over `oldSelf` run only where there is an old value to compare with. */
  readonly validate: (object: Json, old: Json | undefined) => FieldError[];
}

interface Rule {
  readonly source: ValidationRule;
  readonly expression: Expression;
  readonly message: Expression | undefined;
  readonly fieldPath: string;
}

/** The rules at one place of the schema and below. */
interface Node {
  readonly schema: Schema;
  readonly type: CelType;
  readonly rules: readonly Rule[];
  readonly members: ReadonlyMap<string, Node>;
  readonly values: Node | undefined;
  readonly items: Node | undefined;
}

/** By path and text of the schema: a process that serves the same definition again need not compile it anew. */
const compiled = new Map<string, CompiledRules>();
const COMPILED_LIMIT = 20;

/** Compiles every `x-kubernetes-validations` of a schema; `path` is where the schema is, for errors. Undefined: it has none. */
export function compileRules(schema: Schema, path: string): CompiledRules | undefined {
  if (!hasRules(schema)) return undefined;
  const key = `${path}\n${JSON.stringify(schema)}`;
  const known = compiled.get(key) ?? compileSchema(schema, path);
  compiled.delete(key);
  compiled.set(key, known);
  const [oldest = key] = compiled.keys();
  if (compiled.size > COMPILED_LIMIT) compiled.delete(oldest);
  return known;
}

function compileSchema(schema: Schema, path: string): CompiledRules {
  const environment = kubernetesEnvironment();
  const type = declareType(environment, schema, 'object', true);
  const errors: FieldError[] = [];
  const root = type && compileNode(environment, schema, type, path, errors);
  return {
    errors,
    validate: (object, old) => (root === undefined ? [] : validateNode(root, object, old, '', false)),
  };
}

function hasRules(schema: Schema): boolean {
  const below = [...Object.values(schema.properties ?? {}), schema.items, valueSchema(schema)];
  return (
    (schema['x-kubernetes-validations'] ?? []).length > 0 || below.some((part) => part !== undefined && hasRules(part))
  );
}

function compileNode(
  environment: Environment,
  schema: Schema,
  type: CelType,
  path: string,
  errors: FieldError[],
): Node | undefined {
  const rules = (schema['x-kubernetes-validations'] ?? []).flatMap((source, index) => {
    const rule = compileRule(environment, source, schema, type, `${path}.x-kubernetes-validations[${index}]`, errors);
    return rule === undefined ? [] : [rule];
  });
  const below = (part: Schema | undefined, partType: CelType | undefined, name: string): Node | undefined =>
    part && partType && compileNode(environment, part, partType, `${path}.${name}`, errors);
  const members = new Map<string, Node>();
  if (type.kind === 'object') {
    for (const [key, { type: memberType }] of type.members) {
      const node = below(schema.properties?.[key], memberType, `properties[${key}]`);
      if (node !== undefined) members.set(key, node);
    }
  }
  const values = type.kind === 'map' ? below(valueSchema(schema), type.values, 'additionalProperties') : undefined;
  const items = type.kind === 'list' ? below(schema.items, type.items, 'items') : undefined;
  const empty = rules.length === 0 && members.size === 0 && values === undefined && items === undefined;
  return empty ? undefined : { schema, type, rules, members, values, items };
}

function compileRule(
  environment: Environment,
  source: ValidationRule,
  schema: Schema,
  type: CelType,
  path: string,
  errors: FieldError[],
): Rule | undefined {
  if (source.rule.trim() === '') {
    errors.push(required(`${path}.rule`, 'rule is not specified'));
    return undefined;
  }
  if (source.rule.trim().includes('\n') && (source.message ?? '').trim() === '') {
    errors.push(required(`${path}.message`, 'message must be specified if rule contains line breaks'));
  }
  const fieldPath = normalizeFieldPath(source.fieldPath ?? '', schema);
  if (fieldPath === undefined)
    errors.push(invalid(`${path}.fieldPath`, source.fieldPath ?? '', 'must be a valid path'));
  const scope = environment
    .clone()
    .registerVariable('self', type.name)
    .registerVariable('oldSelf', source.optionalOldSelf === true ? `optional<${type.name}>` : type.name);
  const expression = compile(scope, source.rule, 'bool', `${path}.rule`, source, errors);
  const message =
    source.messageExpression === undefined
      ? undefined
      : compile(scope, source.messageExpression, 'string', `${path}.messageExpression`, source, errors);
  if (expression === undefined || fieldPath === undefined) return undefined;
  if (source.optionalOldSelf !== undefined && !expression.usesOldSelf) {
    errors.push(
      invalid(`${path}.optionalOldSelf`, source.optionalOldSelf, 'may not be set if oldSelf is not used in rule'),
    );
  }
  return { source, expression, message, fieldPath };
}

function compile(
  environment: Environment,
  text: string,
  wanted: 'bool' | 'string',
  path: string,
  source: ValidationRule,
  errors: FieldError[],
): Expression | undefined {
  try {
    const expression = compileExpression(environment, text);
    if (expression.type === wanted || expression.type === 'dyn') return expression;
    const what = wanted === 'bool' ? 'cel expression' : 'messageExpression';
    errors.push(invalid(path, shownRule(source), `${what} must evaluate to a ${wanted}`));
  } catch (error) {
    if (!(error instanceof CompileError)) throw error;
    errors.push(invalid(path, shownRule(source), error.message));
  }
  return undefined;
}

/** The rule as the API server's internal type prints itself. */
function shownRule(source: ValidationRule): Json {
  return {
    Rule: source.rule,
    Message: source.message ?? '',
    MessageExpression: source.messageExpression ?? '',
    Reason: source.reason ?? null,
    FieldPath: source.fieldPath ?? '',
    OptionalOldSelf: source.optionalOldSelf ?? null,
  };
}

/** `unchanged`: an object around this value is equal to what it was, so its old errors are forgiven. */
function validateNode(node: Node, value: Json, old: Json | undefined, path: string, unchanged: boolean): FieldError[] {
  if (value === null) return [];
  const same = old === undefined ? unchanged : equal(value, old);
  const errors = evaluateRules(node, value, old, path, same);
  if (isObject(value)) {
    for (const [key, member] of Object.entries(value)) {
      const before = isObject(old) ? own(old, key) : undefined;
      const named = node.members.get(key);
      if (named !== undefined) errors.push(...validateNode(named, member, before, child(path, key), same));
      else if (node.values !== undefined)
        errors.push(...validateNode(node.values, member, before, `${path}[${key}]`, same));
    }
  }
  if (isList(value) && node.items !== undefined) {
    for (const [index, item] of value.entries()) {
      errors.push(...validateNode(node.items, item, correlated(item, node.schema, old), `${path}[${index}]`, same));
    }
  }
  return errors;
}

function evaluateRules(node: Node, value: Json, old: Json | undefined, path: string, same: boolean): FieldError[] {
  if (node.rules.length === 0) return [];
  const self = celValue(value, node.type);
  const oldSelf = old === undefined || old === null ? undefined : celValue(old, node.type);
  return node.rules.flatMap((rule) => {
    const optional = rule.source.optionalOldSelf === true;
    if (rule.expression.usesOldSelf && oldSelf === undefined && !optional) return [];
    const before = optional ? (oldSelf === undefined ? Optional.none() : Optional.of(oldSelf)) : oldSelf;
    const variables = { self, ...(before === undefined ? {} : { oldSelf: before }) };
    const error = judge(rule, variables, value, node.schema, path);
    // Ratcheting: what did not change is not refused for a rule that came later, unless the rule is about change.
    return error === undefined || (same && !rule.expression.usesOldSelf && error.forgivable) ? [] : [error.error];
  });
}

interface Judged {
  readonly error: FieldError;
  readonly forgivable: boolean;
}

function judge(
  rule: Rule,
  variables: Record<string, unknown>,
  value: Json,
  schema: Schema,
  path: string,
): Judged | undefined {
  const where = path === '' ? '<nil>' : path;
  try {
    if (rule.expression.evaluate(variables) === true) return undefined;
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    const detail = said.startsWith('no such overload')
      ? `'${said}': call arguments did not match a supported operator, function or macro signature for rule: ${sourceText(rule.source)}`
      : `${said} evaluating rule: ${sourceText(rule.source)}`;
    return { error: invalid(where, schema.type ?? '', detail), forgivable: false };
  }
  const field = rule.fieldPath === '' ? where : child(path, rule.fieldPath);
  return { error: failure(rule, field, value, messageOf(rule, variables)), forgivable: true };
}

function sourceText(source: ValidationRule): string {
  return (source.message ?? '').trim() || source.rule.trim();
}

/** messageExpression if it gives one line of text, else message, else the rule itself. */
function messageOf(rule: Rule, variables: Record<string, unknown>): string {
  try {
    const text = rule.message?.evaluate(variables);
    if (typeof text === 'string' && text.trim() !== '' && !text.trim().includes('\n')) return text.trim();
  } catch {
    // A failing messageExpression never hides the failure of its rule.
  }
  return (rule.source.message ?? '').trim() || `failed rule: ${rule.source.rule.trim()}`;
}

function failure({ source }: Rule, field: string, value: Json, detail: string): FieldError {
  const shown = isObject(value) || isList(value) ? undefined : value;
  switch (source.reason) {
    case 'FieldValueForbidden':
      return forbidden(field, detail);
    case 'FieldValueRequired':
      return required(field, detail);
    case 'FieldValueDuplicate':
      return shown === undefined ? { type: 'FieldValueDuplicate', field, detail: '' } : duplicate(field, shown);
    default:
      return { type: 'FieldValueInvalid', field, detail, ...(shown === undefined ? {} : { value: shown }) };
  }
}
