import type { InsightsFunction } from './functions.ts';
import { unsupported } from './malformed.ts';
import { regularExpression } from './regular-expression.ts';
import { numberOf, textOf, truth, type Value } from './value.ts';

/** A function of texts: nothing where one of them is. */
function textual(least: number, most: number, compute: (...texts: string[]) => Value): InsightsFunction {
  return {
    inputs: [least, most],
    apply(inputs) {
      const texts = inputs.map(textOf);
      const known = texts.filter((text) => text !== undefined);
      return known.length === texts.length ? compute(...known) : undefined;
    },
  };
}

/** Without characters, blanks unless told, at one end. */
function trimmed(text: string, characters: string | undefined, end: 'Left' | 'Right'): string {
  const goes = (character: string | undefined) =>
    character !== undefined && (characters === undefined ? /\s/.test(character) : characters.includes(character));
  let [from, to] = [0, text.length];
  if (end === 'Left') while (goes(text[from])) from += 1;
  else while (goes(text[to - 1])) to -= 1;
  return text.slice(from, to);
}

function decoded(text: string): Value {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

const holds = (test: boolean) => (test ? 1 : 0);

export const textFunctions: Readonly<Record<string, InsightsFunction>> = {
  isempty: { inputs: [1, 1], apply: ([value]) => holds((textOf(value) ?? '') === '') },
  isblank: { inputs: [1, 1], apply: ([value]) => holds((textOf(value) ?? '').trim() === '') },
  concat: textual(1, 100, (...texts) => texts.join('')),
  ltrim: textual(1, 2, (text, characters) => trimmed(text, characters, 'Left')),
  rtrim: textual(1, 2, (text, characters) => trimmed(text, characters, 'Right')),
  trim: textual(1, 2, (text, characters) => trimmed(trimmed(text, characters, 'Left'), characters, 'Right')),
  strlen: textual(1, 1, (text) => Array.from(text).length),
  toupper: textual(1, 1, (text) => text.toUpperCase()),
  tolower: textual(1, 1, (text) => text.toLowerCase()),
  substr: {
    inputs: [2, 3],
    apply([value, start, length]) {
      const from = numberOf(start) ?? 0;
      const count = numberOf(length);
      return textOf(value)?.slice(from, count === undefined ? undefined : from + count);
    },
  },
  replace: textual(3, 3, (text, search, replacement) => text.replaceAll(search, () => replacement)),
  regexreplace: textual(3, 3, (text, source, replacement) => {
    const pattern = regularExpression(source, unsupported);
    return text.replaceAll(new RegExp(pattern.source, `${pattern.flags}g`), replacement);
  }),
  strcontains: {
    inputs: [2, 3],
    apply([value, search, ignoringCase]) {
      const [text, wanted] = [textOf(value) ?? '', textOf(search) ?? ''];
      const folded = truth(ignoringCase) || textOf(ignoringCase) === 'true';
      return holds(folded ? text.toLowerCase().includes(wanted.toLowerCase()) : text.includes(wanted));
    },
  },
  startswith: textual(2, 2, (text, search) => holds(text.startsWith(search))),
  endswith: textual(2, 2, (text, search) => holds(text.endsWith(search))),
  urlencode: textual(1, 1, (text) => encodeURIComponent(text)),
  urldecode: textual(1, 1, decoded),
  base64encode: textual(1, 1, (text) => Buffer.from(text).toString('base64')),
  base64decode: textual(1, 1, (text) => Buffer.from(text, 'base64').toString()),
};
