import { malformed } from './malformed.ts';

/** What a query that begins with `SOURCE logGroups(…)` runs on. */
export interface Source {
  readonly prefixes: readonly string[];
  /** Absent: every class. */
  readonly classes?: readonly string[];
}

/** At most five prefixes of three characters and more ("SOURCE", CloudWatch Logs user guide). */
const MOST_PREFIXES = 5;
const SHORTEST_PREFIX = 3;

const texts = (list: string) => [...list.matchAll(/'([^']*)'|"([^"]*)"/g)].map(([, a, b]) => a ?? b ?? '');

/**
 * The log groups that a query of StartQuery selects by itself, and the query with blanks in their place, so that
 * errors name the right position. Undefined where it selects none.
 */
export function sourceOf(text: string): { readonly source: Source; readonly query: string } | undefined {
  const found = /^(\s*SOURCE\s+)logGroups\s*\((?<options>[^)]*)\)\s*(?<times>[^|]*)\|/i.exec(text);
  if (!found) return undefined;
  const { options = '', times = '' } = found.groups ?? {};
  if (times.trim() !== '') {
    throw malformed(text, `the simulator does not implement ${times.trim()} after SOURCE`, found[0].indexOf(times));
  }
  const member = (name: string) =>
    new RegExp(`${name}\\s*:\\s*(\\[[^\\]]*\\]|'[^']*'|"[^"]*")`, 'i').exec(options)?.[1];
  const unknown = options
    .replaceAll(/(?:namePrefix|class)\s*:\s*(?:\[[^\]]*\]|'[^']*'|"[^"]*")/gi, '')
    .replaceAll(/[\s,]/g, '');
  if (unknown !== '') {
    throw malformed(text, `the simulator does not implement ${unknown} of SOURCE`, found[1]?.length ?? 0);
  }
  const prefixes = texts(member('namePrefix') ?? '');
  if (prefixes.length > MOST_PREFIXES || prefixes.some((prefix) => prefix.length < SHORTEST_PREFIX)) {
    const message = `namePrefix takes at most ${MOST_PREFIXES} prefixes of at least ${SHORTEST_PREFIX} characters`;
    throw malformed(text, message, found[1]?.length ?? 0);
  }
  const classes = member('class');
  return {
    source: { prefixes, ...(classes !== undefined && { classes: texts(classes) }) },
    query: found[0].replaceAll(/\S/g, ' ') + text.slice(found[0].length),
  };
}

/**
 * The query of a dashboard's log widget: `SOURCE 'group' | SOURCE 'group' | query`. Only the console and dashboards
 * name groups so; StartQuery takes them apart.
 */
export function widgetQuery(text: string): { readonly logGroupNames: readonly string[]; readonly queryString: string } {
  const sources = /^(?:\s*SOURCE\s+(?:'[^']*'|"[^"]*")\s*\|?)+/i.exec(text)?.[0] ?? '';
  return { logGroupNames: texts(sources), queryString: text.slice(sources.length).trim() };
}
