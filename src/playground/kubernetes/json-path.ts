import type { Json } from '#src/domain/json.ts';
import { isList, isObject, own } from './json-value.ts';

type Step =
  | { readonly kind: 'member'; readonly name: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'all' }
  | { readonly kind: 'filter'; readonly path: readonly Step[]; readonly operator: string; readonly value: Json };

const parsed = new Map<string, readonly Step[]>();

/** The values that a JSONPath of kubectl's dialect finds; a missing member finds nothing. */
export function readJsonPath(value: Json, path: string): readonly Json[] {
  return follow(value, stepsOf(path));
}

/** Why a path cannot be read, or undefined if it can. */
export function jsonPathProblem(path: string): string | undefined {
  try {
    stepsOf(path);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function stepsOf(path: string): readonly Step[] {
  const known = parsed.get(path);
  if (known !== undefined) return known;
  const steps = parse(path);
  parsed.set(path, steps);
  return steps;
}

function parse(path: string): readonly Step[] {
  const steps: Step[] = [];
  let rest = path.replace(/^\{(.*)\}$/, '$1').replace(/^\$/, '');
  while (rest !== '') {
    const [token, step] = nextStep(rest, path);
    steps.push(step);
    rest = rest.slice(token.length);
  }
  return steps;
}

function nextStep(rest: string, path: string): [string, Step] {
  const all = /^(?:\[\*\]|\.\*)/.exec(rest);
  if (all) return [all[0], { kind: 'all' }];
  const filter = /^\[\?\(@((?:\.[\w-]+|\['[^']+'\])+)\s*(?:(==|!=|<=|>=|<|>)\s*("[^"]*"|'[^']*'|[^)\s]+)\s*)?\)\]/.exec(
    rest,
  );
  if (filter) {
    const [token, inner = '', operator = 'exists', literal] = filter;
    return [token, { kind: 'filter', path: parse(inner), operator, value: literalOf(literal) }];
  }
  const index = /^\[(-?\d+)\]/.exec(rest);
  if (index) return [index[0], { kind: 'index', index: Number(index[1]) }];
  const quoted = /^\[(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\]/.exec(rest);
  if (quoted) return [quoted[0], { kind: 'member', name: (quoted[1] ?? quoted[2] ?? '').replace(/\\(.)/g, '$1') }];
  const member = /^\.((?:[^.[\]\\]|\\.)+)/.exec(rest);
  if (member) return [member[0], { kind: 'member', name: (member[1] ?? '').replace(/\\(.)/g, '$1') }];
  throw new Error(`cannot read "${rest}" in JSONPath "${path}"`);
}

function literalOf(text: string | undefined): Json {
  if (text === undefined) return null;
  if (/^["']/.test(text)) return text.slice(1, -1);
  if (text === 'true' || text === 'false') return text === 'true';
  const number = Number(text);
  return Number.isNaN(number) ? text : number;
}

function follow(value: Json, steps: readonly Step[]): readonly Json[] {
  let values: readonly Json[] = [value];
  for (const step of steps) values = values.flatMap((one) => take(one, step));
  return values;
}

function take(value: Json, step: Step): readonly Json[] {
  switch (step.kind) {
    case 'member': {
      const member = isObject(value) ? own(value, step.name) : undefined;
      return member === undefined ? [] : [member];
    }
    case 'index': {
      const item = isList(value) ? value.at(step.index) : undefined;
      return item === undefined ? [] : [item];
    }
    case 'all':
      if (isList(value)) return value;
      return isObject(value) ? Object.values(value) : [];
    case 'filter':
      return isList(value) ? value.filter((item) => passes(item, step)) : [];
  }
}

function passes(item: Json, step: Extract<Step, { kind: 'filter' }>): boolean {
  const [found] = follow(item, step.path);
  if (found === undefined) return false;
  switch (step.operator) {
    case 'exists':
      return true;
    case '==':
      return found === step.value;
    case '!=':
      return found !== step.value;
    default:
      return ordered(found, step.operator, step.value);
  }
}

function ordered(left: Json, operator: string, right: Json): boolean {
  if (typeof left !== typeof right || left === null || right === null) return false;
  if (operator === '<') return left < right;
  if (operator === '<=') return left <= right;
  return operator === '>' ? left > right : left >= right;
}
