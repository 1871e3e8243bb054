import type { Verdict } from './verdict.ts';

/**
 * Whether a pattern of IAM (`*` any characters, `?` one) covers a value. A value that ends in `*` stands for many: the
 * verdict is true if the pattern covers them all, and undefined if it may cover some. A policy variable (`${…}`) is
 * whatever AWS puts there, so it cannot be told either.
 */
export function covers(pattern: string, value: string): Verdict {
  if (pattern.includes('${')) return undefined;
  const { whole } = consume(pattern, value);
  if (whole) return true;
  return value.endsWith('*') && consume(pattern, value.slice(0, -1)).begun ? undefined : false;
}

/** As {@link covers}, for operators without wildcards. */
export function equals(expected: string, value: string): Verdict {
  if (expected.includes('${')) return undefined;
  if (value.endsWith('*')) return expected.startsWith(value.slice(0, -1)) ? undefined : false;
  return expected === value;
}

/**
 * All places of the pattern at once, one character of the text after the other: never more steps than pattern times
 * text. Policies are written by others, and a regular expression made of one could run for ever.
 */
function consume(pattern: string, text: string): { readonly whole: boolean; readonly begun: boolean } {
  let places = beyondStars(pattern, [0]);
  for (const character of text) {
    const next: number[] = [];
    for (const place of places) {
      const wanted = pattern[place];
      if (wanted === '*') next.push(place);
      else if (wanted === '?' || wanted === character) next.push(place + 1);
    }
    places = beyondStars(pattern, next);
  }
  return { whole: places.has(pattern.length), begun: places.size > 0 };
}

/** A star may stand for nothing. */
function beyondStars(pattern: string, places: readonly number[]): ReadonlySet<number> {
  const reached = new Set<number>();
  for (let place of places) {
    while (!reached.has(place)) {
      reached.add(place);
      if (pattern[place] === '*') place += 1;
    }
  }
  return reached;
}
