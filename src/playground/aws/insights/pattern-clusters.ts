/** One shape that texts have, with `<*>` where they differ. */
export interface Cluster {
  readonly pattern: string;
  readonly count: number;
  readonly severity: string;
}

interface Growing {
  readonly tokens: string[];
  count: number;
}

const ANY = '<*>';
/** The share of tokens that a text must have in common with a shape to belong to it. */
const ALIKE = 0.5;

/**
 * Groups texts by shape, roughly as Insights does: words are compared one by one, numbers and identifiers count as
 * anything. The real one learns; this is enough to see like texts in one line. In order of first appearance.
 */
export function clusters(texts: readonly string[]): readonly Cluster[] {
  const found: Growing[] = [];
  for (const text of texts) {
    const tokens = tokensOf(text);
    const known = found.find((one) => alike(one.tokens, tokens));
    if (known) {
      tokens.forEach((token, index) => {
        if (known.tokens[index] !== token) known.tokens[index] = ANY;
      });
      known.count += 1;
    } else {
      found.push({ tokens: [...tokens], count: 1 });
    }
  }
  return found.map(({ tokens, count }) => {
    const pattern = tokens.join('');
    return { pattern, count, severity: severityOf(pattern) };
  });
}

/** Words and what is between them; a word with a digit is anything. */
function tokensOf(text: string): readonly string[] {
  return (text.match(/[\p{L}\p{N}_]+|\s+|[^\p{L}\p{N}_\s]/gu) ?? []).map((token) =>
    /\p{N}/u.test(token) ? ANY : token,
  );
}

function alike(shape: readonly string[], tokens: readonly string[]): boolean {
  if (shape.length !== tokens.length) return false;
  const words = tokens.flatMap((token, index) => (/[\p{L}<]/u.test(token) ? [index] : []));
  const same = words.filter((index) => shape[index] === tokens[index]).length;
  return words.length === 0 ? shape.join('') === tokens.join('') : same / words.length >= ALIKE;
}

function severityOf(pattern: string): string {
  const word = /\b(fatal|critical|error|exception|warn(?:ing)?|debug|info)\b/i.exec(pattern)?.[1]?.toLowerCase() ?? '';
  if (['fatal', 'critical', 'error', 'exception'].includes(word)) return 'ERROR';
  if (word.startsWith('warn')) return 'WARN';
  return word === 'debug' ? 'DEBUG' : 'INFO';
}
