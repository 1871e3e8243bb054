import type { Json } from '#src/domain/json.ts';
import { isObject } from './members.ts';

/** A path into a JSON log event: names, indexes, and `*` for any element. */
export type Selector = readonly (string | number)[];

type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=';

/** What a JSON pattern asks of a log event. */
export type Condition =
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly selector: Selector; readonly operator: Operator; readonly value: Value }
  | { readonly selector: Selector; readonly is: 'NULL' | 'TRUE' | 'FALSE' | 'MISSING' };

type Value = { readonly number: number } | { readonly text: string } | { readonly regex: RegExp };

/** AWS allows one wildcard in a selector and three in all selectors of a pattern. */
const WILDCARD_LIMIT = 3;

/** `{ $.a.b = "x" && ($.n > 5 || $.c IS NULL) }`. Throws an Error that says what is wrong with it. */
export function parseJsonPattern(text: string): { readonly condition: Condition; readonly regexes: number } {
  const tokens = tokenize(text);
  let at = 0;
  let regexes = 0;
  let wildcards = 0;
  const peek = (ahead = 0): string => tokens[at + ahead] ?? '';
  const next = (): string => tokens[at++] ?? '';
  const expect = (token: string): void => {
    const found = next();
    if (found !== token) throw new Error(`expected ${token}, found ${found === '' ? 'the end' : found}`);
  };

  const joined = (operator: '&&' | '||', part: () => Condition): Condition => {
    const first = part();
    const parts = [first];
    while (peek() === operator) {
      next();
      parts.push(part());
    }
    if (parts.length === 1) return first;
    return operator === '&&' ? { all: parts } : { any: parts };
  };
  const either = (): Condition => joined('||', both);
  const both = (): Condition => joined('&&', single);
  const single = (): Condition => {
    if (peek() !== '(') return comparison();
    next();
    const inner = either();
    expect(')');
    return inner;
  };
  const comparison = (): Condition => {
    const selector = parseSelector(next());
    wildcards += selector.filter((one) => one === '*').length;
    if (wildcards > WILDCARD_LIMIT) throw new Error(`the selectors have more than ${WILDCARD_LIMIT} wildcards`);
    const word = next();
    if (word === 'NOT') {
      expect('EXISTS');
      return { selector, is: 'MISSING' };
    }
    if (word === 'IS') {
      const is = (['NULL', 'TRUE', 'FALSE'] as const).find((one) => one === peek());
      if (is === undefined) throw new Error(`IS must be followed by NULL, TRUE or FALSE, not ${peek()}`);
      next();
      return { selector, is };
    }
    const operator = operators.find((one) => one === word);
    if (operator === undefined) throw new Error(`${word} is no operator: use =, !=, <, <=, >, >=, IS or NOT EXISTS`);
    const value = parseValue(next());
    if ('regex' in value) regexes += 1;
    if (!['=', '!='].includes(operator) && !('number' in value)) throw new Error(`${operator} compares numbers only`);
    return { selector, operator, value };
  };

  expect('{');
  const condition = either();
  expect('}');
  if (at < tokens.length) throw new Error(`${peek()} after the closing brace`);
  return { condition, regexes };
}

const operators: readonly Operator[] = ['=', '!=', '<', '<=', '>', '>='];
const token =
  /\s*(?:(?<token>[{}()]|&&|\|\||!=|<=|>=|[<>=]|"(?:[^"\\]|\\.)*"|%[^%]+%|\$[\w.[\]*-]*|[\w.*+:-]+)|(?<odd>\S))/y;

function tokenize(text: string): readonly string[] {
  const found: string[] = [];
  const source = text.trim();
  token.lastIndex = 0;
  while (token.lastIndex < source.length) {
    const groups = token.exec(source)?.groups;
    const one = groups?.['token'];
    if (one === undefined) throw new Error(`${groups?.['odd'] ?? 'a character'} must be in double quotes`);
    found.push(one);
  }
  return found;
}

/** Names of letters, digits, `-` and `_`, and indexes in brackets. Throws where it is none. */
export function parseSelector(text: string): Selector {
  if (!/^\$(?:\.[\w-]+|\[(?:\d+|\*)\])+$/.test(text)) throw new Error(`${text} is no property selector such as $.a.b`);
  const steps = [...text.matchAll(/\.(?<name>[\w-]+)|\[(?<index>\d+|\*)\]/g)].map(({ groups = {} }) => {
    const { name, index = '' } = groups;
    return name ?? (index === '*' ? '*' : Number(index));
  });
  if (steps.filter((one) => one === '*').length > 1) throw new Error(`${text} has more than one wildcard`);
  return steps;
}

function parseValue(text: string): Value {
  if (text.startsWith('"')) return { text: text.slice(1, -1).replace(/\\(.)/g, '$1') };
  if (text.startsWith('%')) return { regex: new RegExp(text.slice(1, -1)) };
  if (/^[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text)) return { number: Number(text) };
  if (/^[\w.*+:-]+$/.test(text)) return { text };
  throw new Error(`${text === '' ? 'the end' : text} is no value`);
}

/** Whether a log event is as the condition asks. */
export function holds(condition: Condition, record: Json): boolean {
  if ('all' in condition) return condition.all.every((one) => holds(one, record));
  if ('any' in condition) return condition.any.some((one) => holds(one, record));
  const found = selected(record, condition.selector);
  if ('operator' in condition) return found.some((value) => compares(value, condition.operator, condition.value));
  switch (condition.is) {
    case 'MISSING':
      return found.length === 0;
    case 'NULL':
      return found.includes(null);
    case 'TRUE':
      return found.includes(true);
    case 'FALSE':
      return found.includes(false);
  }
}

/** What the selector finds: nothing, one value, or several by a wildcard. */
export function selected(record: Json, selector: Selector): readonly Json[] {
  return selector.reduce<readonly Json[]>((values, step) => values.flatMap((value) => stepInto(value, step)), [record]);
}

function stepInto(value: Json, step: string | number): readonly Json[] {
  if (Array.isArray(value)) {
    if (step === '*') return value;
    const item = typeof step === 'number' ? value[step] : undefined;
    return item === undefined ? [] : [item];
  }
  if (!isObject(value) || typeof step !== 'string' || !Object.hasOwn(value, step)) return [];
  const member = value[step];
  return member === undefined ? [] : [member];
}

/** A selector that points to an object, an array or null is compared with nothing, be it by `!=`. */
function compares(found: Json, operator: Operator, value: Value): boolean {
  if (typeof found === 'object') return false;
  if ('number' in value) {
    if (typeof found !== 'number') return operator === '!=' ? true : operator === '=' && found === String(value.number);
    return byNumber[operator](found, value.number);
  }
  const same = 'regex' in value ? value.regex.test(String(found)) : resembles(String(found), value.text);
  return operator === '=' ? same : !same;
}

const byNumber: Record<Operator, (a: number, b: number) => boolean> = {
  '=': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

/** A `*` stands for any text at the beginning and at the end of a string; inside it is itself. */
function resembles(found: string, wanted: string): boolean {
  if (wanted === '*') return true;
  const [before, after] = [wanted.startsWith('*'), wanted.length > 1 && wanted.endsWith('*')];
  const core = wanted.slice(before ? 1 : 0, after ? -1 : undefined);
  if (before && after) return found.includes(core);
  if (before) return found.endsWith(core);
  return after ? found.startsWith(core) : found === core;
}
