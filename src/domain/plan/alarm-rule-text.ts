import type { AlarmReference, AlarmRule, RuleState } from './alarm-rule.ts';
import { FALSE, joined, printAlarmRule, TRUE } from './alarm-rule.ts';

const states: readonly RuleState[] = ['ALARM', 'OK', 'INSUFFICIENT_DATA'];

/**
 * Reads a rule in AWS's grammar ("Combining alarms", CloudWatch user guide): the functions ALARM, OK and
 * INSUFFICIENT_DATA, AT_LEAST(M or M%, [NOT] STATE, (alarms)), TRUE and FALSE; parentheses; and, as usual, NOT before AND before OR.
 * Bare names hold no blanks, parentheses, commas or quotes; in quotes a backslash escapes.
 */
export function parseAlarmRule(text: string): AlarmRule | { readonly wrong: string } {
  try {
    return read(tokensOf(text));
  } catch (error) {
    if (error instanceof WrongRule) return { wrong: error.message };
    throw error;
  }
}

/** Whether two texts are one rule. A text that is no rule is equal to itself alone. */
export function sameAlarmRule(one: string, other: string): boolean {
  const [a, b] = [parseAlarmRule(one), parseAlarmRule(other)];
  return 'wrong' in a || 'wrong' in b ? one === other : printAlarmRule(a) === printAlarmRule(b);
}

class WrongRule extends Error {}

interface Token {
  readonly kind: 'quoted' | 'sign' | 'word';
  readonly text: string;
}

/** Recursive descent; throws WrongRule. */
function read(tokens: readonly Token[]): AlarmRule {
  let at = 0;
  const is = (kind: Token['kind'], text: string) => tokens[at]?.kind === kind && tokens[at]?.text === text;
  const unexpected = (expected: string) => {
    const here = tokens[at];
    return new WrongRule(`${expected} is expected ${here === undefined ? 'at the end' : `instead of ${here.text}`}`);
  };
  const skip = (kind: Token['kind'], text: string): boolean => {
    const found = is(kind, text);
    if (found) at += 1;
    return found;
  };
  const sign = (text: string): void => {
    if (!skip('sign', text)) throw unexpected(text);
  };

  const state = (expected: string): RuleState => {
    const found = states.find((one) => skip('word', one));
    if (found === undefined) throw unexpected(expected);
    return found;
  };
  const alarm = (): AlarmReference => {
    const here = tokens[at];
    if (here === undefined || here.kind === 'sign' || here.text === '') throw unexpected('the name of an alarm');
    at += 1;
    return { text: here.text, quoted: here.kind === 'quoted' };
  };

  const atLeast = (): AlarmRule => {
    sign('(');
    const [, count, percent] = /^([1-9][0-9]{0,2})(%?)$/.exec(tokens[at]?.text ?? '') ?? [];
    if (count === undefined || (percent !== '' && Number(count) > 100))
      throw unexpected('a number, or a percentage such as 50%,');
    at += 1;
    sign(',');
    const not = skip('word', 'NOT');
    const wanted = state('ALARM, OK or INSUFFICIENT_DATA');
    sign(',');
    sign('(');
    const alarms = [alarm()];
    while (skip('sign', ',')) alarms.push(alarm());
    sign(')');
    sign(')');
    return { is: 'atLeast', count: Number(count), percent: percent === '%', not, state: wanted, alarms };
  };

  const operand = (): AlarmRule => {
    if (skip('word', 'NOT')) return { is: 'not', rule: operand() };
    if (skip('sign', '(')) {
      const rule = either();
      sign(')');
      return rule;
    }
    if (skip('word', 'TRUE')) return TRUE;
    if (skip('word', 'FALSE')) return FALSE;
    if (skip('word', 'AT_LEAST')) return atLeast();
    const wanted = state('ALARM, OK, INSUFFICIENT_DATA, AT_LEAST, TRUE, FALSE, NOT or (');
    sign('(');
    const named = alarm();
    sign(')');
    return { is: 'state', state: wanted, alarm: named };
  };
  const join = (kind: 'and' | 'or', inner: () => AlarmRule) => (): AlarmRule => {
    const rules = [inner()];
    while (skip('word', kind.toUpperCase())) rules.push(inner());
    return joined(kind, rules);
  };
  const both = join('and', operand);
  const either: () => AlarmRule = join('or', both);

  const rule = either();
  if (at < tokens.length) throw unexpected('AND, OR or the end');
  return rule;
}

const token = /\s*(?:"((?:[^"\\]|\\.)*)"|([(),])|([^\s(),"]+))/y;

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  token.lastIndex = 0;
  while (token.lastIndex < end) {
    const from = token.lastIndex;
    const match = token.exec(text);
    if (match === null) throw new WrongRule(`a closing quotation mark is missing after ${text.slice(from).trim()}`);
    const [, inQuotes, sign, word = ''] = match;
    if (inQuotes !== undefined) tokens.push({ kind: 'quoted', text: inQuotes.replaceAll(/\\(.)/g, '$1') });
    else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign });
    else tokens.push({ kind: 'word', text: word });
  }
  return tokens;
}
