import type { Cursor } from './cursor.ts';
import { fieldName } from './expressions.ts';
import type { Command, Expression, Extraction } from './syntax.ts';

/** `parse [field] "a glob with *" as names` or `parse [field] /a regex with (?<names>…)/` ("parse", user guide). */
export function parseExtraction(cursor: Cursor): Command {
  const source: Expression = { kind: 'Field', name: cursor.peek().kind === 'Word' ? cursor.next().value : '@message' };
  const token = cursor.peek();
  if (token.kind === 'Word' && ['logfmt', 'csv'].includes(token.text.toLowerCase())) {
    throw cursor.refusal(`the simulator does not implement parse ${token.text}`, token);
  }
  if (token.kind !== 'Text') return { kind: 'Parse', source, ...byRegex(cursor) };
  const literals = cursor.next().value.split('*');
  cursor.expect('as');
  const names = aliases(cursor);
  if (names.length !== literals.length - 1) {
    throw cursor.refusal(
      `the number of * (${literals.length - 1}) is not that of the aliases (${names.length})`,
      token,
    );
  }
  return { kind: 'Parse', source, names, extract: byPattern(globPattern(literals), names) };
}

function byRegex(cursor: Cursor): { readonly names: readonly string[]; readonly extract: Extraction } {
  const token = cursor.peek();
  const pattern = cursor.regex();
  const named = [...pattern.source.matchAll(/\(\?<([A-Za-z_]\w*)>/g)].map(([, name = '']) => name);
  const groups = (new RegExp(`${pattern.source}|`, pattern.flags).exec('')?.length ?? 1) - 1;
  const names = cursor.take('as') ? aliases(cursor) : named;
  if (cursor.take('multi')) throw cursor.refusal('the simulator does not implement parse … multi', token);
  if (names.length === 0 || groups !== names.length) {
    throw cursor.refusal('parse needs a name for each group of the regular expression', token);
  }
  return { names, extract: byPattern(pattern, names) };
}

function aliases(cursor: Cursor): readonly string[] {
  const names: string[] = [];
  do names.push(fieldName(cursor));
  while (cursor.take(','));
  return names;
}

/** Each * takes as little as it can, the last one at the end of the glob what is left. */
function globPattern(literals: readonly string[]): RegExp {
  const last = literals.length - 1;
  const source = literals
    .map(
      (literal, index) =>
        (index === 0 ? '' : index === last && literal === '' ? '([\\s\\S]*)' : '([\\s\\S]*?)') + escaped(literal),
    )
    .join('');
  return new RegExp(source);
}

function escaped(literal: string): string {
  return literal.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
}

function byPattern(pattern: RegExp, names: readonly string[]): Extraction {
  return (text) => {
    const found = pattern.exec(text);
    if (!found) return undefined;
    return new Map(
      names.flatMap((name, index): [string, string][] => {
        const value = found[index + 1];
        return value === undefined ? [] : [[name, value]];
      }),
    );
  };
}
