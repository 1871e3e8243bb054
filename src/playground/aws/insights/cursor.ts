import type { AwsError } from '../errors.ts';
import { malformed } from './malformed.ts';
import { regularExpression } from './regular-expression.ts';

export interface Token {
  readonly kind: 'Word' | 'Number' | 'Period' | 'Text' | 'Symbol' | 'End';
  /** As written. */
  readonly text: string;
  /** A word without its backticks, a text without its quotes. */
  readonly value: string;
  readonly from: number;
  readonly to: number;
}

/** Reads a query token by token. A slash is a division or begins a regular expression: the grammar decides. */
export interface Cursor {
  peek(): Token;
  next(): Token;
  /** Takes the keyword, in any case, or the symbol, if it is next. */
  take(text: string): boolean;
  /** Throws unless it is next. */
  expect(text: string): void;
  /** A regular expression, which begins at the slash that is next. */
  regex(): RegExp;
  /** The text of the query between two offsets. */
  text(from: number, to: number): string;
  /** The offset after the last token taken. */
  at(): number;
  unexpected(token?: Token): AwsError;
  refusal(message: string, token: Token): AwsError;
}

const name = String.raw`(?:[A-Za-z_@][\w@]*|\`[^\`]+\`)(?:\.(?:[\w@]+|\`[^\`]+\`))*`;
const kinds: readonly (readonly [Token['kind'], RegExp])[] = [
  ['Word', new RegExp(name, 'y')],
  ['Period', /\d+[A-Za-z]+/y],
  ['Number', /\d+(?:\.\d+)?/y],
  ['Text', /"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*'/y],
  ['Symbol', /=~|!=|<=|>=|[=<>()[\],|*/+\-^%.]/y],
];
const blank = /(?:\s|#[^\n]*)*/y;

export function createCursor(query: string): Cursor {
  let offset = 0;
  let ahead: Token | undefined;

  const scan = (): Token => {
    blank.lastIndex = offset;
    const from = offset + (blank.exec(query)?.[0].length ?? 0);
    if (from >= query.length) return { kind: 'End', text: '<EOF>', value: '', from, to: from };
    for (const [kind, pattern] of kinds) {
      pattern.lastIndex = from;
      const text = pattern.exec(query)?.[0];
      if (text !== undefined) return { kind, text, value: plain(kind, text), from, to: from + text.length };
    }
    throw malformed(query, `token recognition error at: '${query[from] ?? ''}'`, from);
  };
  const peek = () => {
    ahead ??= scan();
    return ahead;
  };
  const next = () => {
    const token = peek();
    offset = token.to;
    ahead = undefined;
    return token;
  };
  const is = (token: Token, text: string) =>
    token.kind === 'Symbol' ? token.text === text : token.kind === 'Word' && token.text.toLowerCase() === text;
  const unexpected = (token = peek()) =>
    malformed(query, `unexpected symbol found ${token.text}`, token.from, token.to);

  return {
    peek,
    next,
    take(text) {
      if (!is(peek(), text)) return false;
      next();
      return true;
    },
    expect(text) {
      if (!is(peek(), text)) throw unexpected();
      next();
    },
    regex() {
      const { from } = peek();
      const pattern = /\/((?:[^/\\\n]|\\.)+)\//y;
      pattern.lastIndex = from;
      const found = pattern.exec(query);
      if (found?.[1] === undefined) throw unexpected();
      offset = from + found[0].length;
      ahead = undefined;
      return regularExpression(found[1], (message) => malformed(query, message, from, offset));
    },
    text: (from, to) => query.slice(from, to),
    at: () => offset,
    unexpected,
    refusal: (message, token) => malformed(query, message, token.from, token.to),
  };
}

function plain(kind: Token['kind'], text: string): string {
  if (kind === 'Word') return text.replaceAll('`', '');
  return kind === 'Text' ? text.slice(1, -1).replaceAll(/\\(["'\\])/g, '$1') : text;
}
