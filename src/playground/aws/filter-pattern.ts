import type { Json } from '#src/domain/json.ts';
import type { Condition, Selector } from './json-pattern.ts';
import { holds, parseJsonPattern, selected } from './json-pattern.ts';

/**
 * A filter pattern of CloudWatch Logs, as metric filters, subscription filters and anomaly detectors take it ("Filter
 * and pattern syntax", CloudWatch Logs user guide). Space-delimited patterns are taken, and match nothing here: no
 * record of Bedrock is space-delimited.
 */
export interface FilterPattern {
  readonly form: 'Everything' | 'Terms' | 'Json' | 'SpaceDelimited';
  /** How many regular expressions are in it: AWS allows two in a pattern and five in a log group. */
  readonly regexes: number;
  matches(message: string): boolean;
}

/** AWS's limits on one pattern. */
const PATTERN_LIMIT = 1024;
const REGEX_LIMIT = 2;

/** Throws an Error that says what AWS would refuse. */
export function parseFilterPattern(pattern: string): FilterPattern {
  if (pattern.length > PATTERN_LIMIT) throw new Error(`the pattern has more than ${PATTERN_LIMIT} characters`);
  const text = pattern.trim();
  const parsed =
    text === '' ? everything : text.startsWith('{') ? json(text) : text.startsWith('[') ? columns(text) : terms(text);
  if (parsed.regexes > REGEX_LIMIT) throw new Error(`the pattern has more than ${REGEX_LIMIT} regular expressions`);
  return parsed;
}

/** The value that a selector such as `$.input.inputTokenCount` finds in a log event; undefined: none, or no JSON. */
export function valueIn(message: string, selector: Selector): Json | undefined {
  const record = parsedJson(message);
  return record === undefined ? undefined : selected(record, selector)[0];
}

const everything: FilterPattern = { form: 'Everything', regexes: 0, matches: () => true };

function json(text: string): FilterPattern {
  const { condition, regexes } = parseJsonPattern(text);
  return { form: 'Json', regexes, matches: (message) => matchesJson(condition, message) };
}

/** A line that is not a JSON object has no fields: the line by which Bedrock tries its permissions, for instance. */
function matchesJson(condition: Condition, message: string): boolean {
  const record = parsedJson(message);
  return typeof record === 'object' && record !== null && holds(condition, record);
}

function columns(text: string): FilterPattern {
  if (!text.endsWith(']')) throw new Error('a space-delimited pattern must end with ]');
  return { form: 'SpaceDelimited', regexes: (text.match(/%[^%]*%/g) ?? []).length, matches: () => false };
}

const term = /(?<sign>[?-]?)\s*(?:"(?<quoted>(?:[^"\\]|\\.)*)"|%(?<regex>[^%]+)%|(?<bare>\w+))(?:\s+|$)/y;

/** Terms are looked for anywhere in the text, in their case: ERROR is in ERRORCODE. */
function terms(text: string): FilterPattern {
  const found: { readonly sign: string; readonly isIn: (message: string) => boolean }[] = [];
  let regexes = 0;
  term.lastIndex = 0;
  while (term.lastIndex < text.length) {
    const groups = term.exec(text)?.groups;
    if (groups === undefined)
      throw new Error('a term with characters other than letters, digits and _ must be in double quotes');
    const { sign = '', quoted, regex, bare } = groups;
    if (regex === undefined) {
      const wanted = bare ?? (quoted ?? '').replace(/\\(.)/g, '$1');
      found.push({ sign, isIn: (message) => message.includes(wanted) });
    } else {
      const compiled = new RegExp(regex);
      regexes += 1;
      found.push({ sign, isIn: (message) => compiled.test(message) });
    }
  }
  const of = (sign: string) => found.filter((one) => one.sign === sign);
  const [wanted, unwanted, optional] = [of(''), of('-'), of('?')];
  return {
    form: 'Terms',
    regexes,
    // Beside other terms those with a question mark are ignored.
    matches: (message) =>
      wanted.length + unwanted.length === 0
        ? optional.some(({ isIn }) => isIn(message))
        : wanted.every(({ isIn }) => isIn(message)) && !unwanted.some(({ isIn }) => isIn(message)),
  };
}

function parsedJson(message: string): Json | undefined {
  try {
    const value: Json = JSON.parse(message);
    return value;
  } catch {
    return undefined;
  }
}
