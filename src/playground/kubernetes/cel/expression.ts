import type { Environment } from '@marcbachmann/cel-js';
import { rewrite } from './rewriting.ts';

/** A checked expression. */
export interface Expression {
  /** The type it gives, such as `bool` or `string`. */
  readonly type: string;
  readonly usesOldSelf: boolean;
  /** Throws an error whose message is in cel-go's words: `no such key: a`, `index out of bounds: 3`. */
  readonly evaluate: (variables: Readonly<Record<string, unknown>>) => unknown;
}

/** Why an expression does not compile, in cel-go's form, with the place marked. */
export class CompileError extends Error {
  override readonly name = 'CompileError';
}

/** Parses and type-checks. Throws CompileError. */
export function compileExpression(environment: Environment, text: string): Expression {
  let parsed: ReturnType<Environment['parse']>;
  try {
    parsed = environment.parse(text);
  } catch (error) {
    throw compileError(text, error, (summary) => `Syntax error: ${lowerFirst(summary)}`);
  }
  const [bad] = rewrite(parsed.ast);
  if (bad !== undefined) throw located(text, bad.start, `invalid ${bad.function} argument`);
  const check = parsed.check();
  if (!check.valid) throw compileError(text, check.error, checkMessage);
  return {
    type: check.type ?? 'dyn',
    usesOldSelf: /\boldSelf\b/.test(text.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, '')),
    evaluate(variables) {
      try {
        const result: unknown = parsed(variables);
        return result;
      } catch (error) {
        throw new Error(runtimeMessage(error), { cause: error });
      }
    },
  };
}

interface LibraryError {
  readonly summary?: string;
  readonly message: string;
  readonly range?: { readonly start: number };
}

function summaryOf(error: unknown): LibraryError {
  return error instanceof Error ? error : { message: String(error) };
}

function compileError(text: string, error: unknown, say: (summary: string) => string): CompileError {
  const { summary, message, range } = summaryOf(error);
  const start = range?.start ?? 0;
  // cel-go points at the dot before a field, not at the field.
  const isField = (summary ?? message).startsWith('No such key') && text[start - 1] === '.';
  return located(text, isField ? start - 1 : start, say(summary ?? message));
}

function located(text: string, offset: number, problem: string): CompileError {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  const column = offset - (before.lastIndexOf('\n') + 1);
  const shown = text.split('\n')[line - 1] ?? '';
  const place = `ERROR: <input>:${line}:${column + 1}: ${problem}`;
  return new CompileError(`compilation failed: ${place}\n | ${shown}\n | ${'.'.repeat(column)}^`);
}

/** The library's words → cel-go's; the first pattern that fits. */
const translations: readonly [pattern: RegExp, say: (...parts: string[]) => string][] = [
  [/^No such key: (.*)$/, (field = '') => `undefined field '${field}'`],
  [/^Cannot index type '(.*)'$/, (type = '') => `type '${type}' does not support field selection`],
  [/^Unknown variable: (.*)$/, (name = '') => `undeclared reference to '${name}' (in container '')`],
  [
    /^no such overload: ([!-])(\S+)$/,
    (sign = '', type = '') => `found no matching overload for '${sign}_' applied to '(${type})'`,
  ],
  [
    /^no such overload: (.+) (==|!=|in|<=|>=|[-+*/%<>]) (.+)$/,
    (left = '', symbol = '', right = '') =>
      `found no matching overload for '${symbol === 'in' ? '@in' : `_${symbol}_`}' applied to '(${left}, ${right})'`,
  ],
  [
    /^found no matching overload for '([^(]*)\.(\w+)\((.*)\)'$/,
    (type = '', name = '', types = '') =>
      `found no matching overload for '${original(name)}' applied to '${type}.(${types})'`,
  ],
  [
    /^found no matching overload for '(\w+)\((.*)\)'$/,
    (name = '', types = '') => `found no matching overload for '${original(name)}' applied to '(${types})'`,
  ],
  [/^List elements must have the same type, (.*)$/, (rest = '') => rest],
  [/^Logical operator requires bool operands, got '(.*)'$/, (type = '') => `expected type 'bool' but found '${type}'`],
];

function checkMessage(summary: string): string {
  for (const [pattern, say] of translations) {
    const match = pattern.exec(summary);
    if (match) return parenthesised(say(...match.slice(1)));
  }
  return summary;
}

/** `list<string>` is `list(string)` in cel-go. */
function parenthesised(text: string): string {
  return text.replace(/\b(list|map|optional)<([^<>]*)>/g, '$1($2)');
}

function original(name = ''): string {
  return { matchesRE2: 'matches', goDuration: 'duration', substringOfRunes: 'substring' }[name] ?? name;
}

function runtimeMessage(error: unknown): string {
  const { summary, message } = summaryOf(error);
  const text = summary ?? message;
  const index = /index out of bounds, index (-?\d+)/.exec(text);
  if (index) return `index out of bounds: ${index[1]}`;
  return text.startsWith('No such key') ? lowerFirst(text) : text;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
