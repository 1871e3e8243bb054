import { validationError } from './errors.ts';
import type { Alarm } from './state.ts';

/** A rule as CloudWatch reads it. */
export interface AlarmRule {
  /** The alarms that it names, each once: names, or ARNs as they were written. */
  readonly children: readonly string[];
  /** Child alarms, TRUE, FALSE and parentheses, of which AWS takes 500. */
  readonly elements: number;
  holds(stateOf: (child: string) => Alarm['state']): boolean;
}

type Evaluate = (stateOf: (child: string) => Alarm['state']) => boolean;

const states = ['OK', 'ALARM', 'INSUFFICIENT_DATA'] as const;
type State = (typeof states)[number];

const token = /\s*(?:("(?:[^"\\]|\\.)*")|([(),])|([^\s(),"]+))/y;

/**
 * Reads a rule in AWS's grammar ("Combining alarms", CloudWatch user guide): functions ALARM, OK, INSUFFICIENT_DATA,
 * AT_LEAST(M or M%, [NOT] STATE, (names)), TRUE, FALSE, operators NOT before AND before OR, parentheses. Names in quotes
 * may hold anything, with `"` escaped; others no blanks, parentheses or commas. Throws ValidationError.
 */
export function readAlarmRule(text: string): AlarmRule {
  const tokens = tokensOf(text);
  let at = 0;
  const children = new Set<string>();
  let elements = 0;

  const wrong = () => {
    const found = tokens[at];
    return validationError(
      `AlarmRule must not contain leading or trailing whitespace or be null; its grammar is wrong at ${found === undefined ? 'the end' : `'${found}'`}`,
    );
  };
  const take = (expected?: string): string => {
    const found = tokens[at];
    if (found === undefined || (expected !== undefined && found !== expected)) throw wrong();
    at += 1;
    if (found === '(' || found === ')') elements += 1;
    return found;
  };
  const state = (): State => {
    const found = states.find((one) => one === tokens[at]);
    if (found === undefined) throw wrong();
    take();
    return found;
  };
  const child = (): string => {
    const found = tokens[at];
    if (found === undefined || '(),'.includes(found) || found === '""') throw wrong();
    at += 1;
    elements += 1;
    const name = found.startsWith('"') ? found.slice(1, -1).replaceAll(/\\(.)/g, '$1') : found;
    children.add(name);
    return name;
  };

  const atLeast = (): Evaluate => {
    take('(');
    const count = /^([1-9][0-9]{0,2})(%?)$/.exec(take());
    if (count === null) throw wrong();
    take(',');
    const not = tokens[at] === 'NOT' && take() === 'NOT';
    const wanted = state();
    take(',');
    take('(');
    const names = [child()];
    while (tokens[at] === ',') {
      take(',');
      names.push(child());
    }
    take(')');
    take(')');
    const number = Number(count[1]);
    const enough = count[2] === '%' ? (number / 100) * names.length : number;
    if ((count[2] === '%' && number > 100) || enough > names.length) throw wrong();
    return (stateOf) => names.filter((name) => (stateOf(name) === wanted) !== not).length >= enough;
  };

  const operand = (): Evaluate => {
    const next = tokens[at];
    if (next === 'NOT') {
      take();
      const inner = operand();
      return (stateOf) => !inner(stateOf);
    }
    if (next === '(') {
      take('(');
      const inner = either();
      take(')');
      return inner;
    }
    if (next === 'TRUE' || next === 'FALSE') {
      take();
      elements += 1;
      return () => next === 'TRUE';
    }
    if (next === 'AT_LEAST') {
      take();
      return atLeast();
    }
    const wanted = state();
    take('(');
    const name = child();
    take(')');
    return (stateOf) => stateOf(name) === wanted;
  };

  const joined = (operator: string, inner: () => Evaluate, all: boolean) => (): Evaluate => {
    const parts = [inner()];
    while (tokens[at] === operator) {
      take();
      parts.push(inner());
    }
    return (stateOf) => (all ? parts.every((one) => one(stateOf)) : parts.some((one) => one(stateOf)));
  };
  const both = joined('AND', operand, true);
  const either: () => Evaluate = joined('OR', both, false);

  const holds = either();
  if (at < tokens.length) throw wrong();
  return { children: [...children], elements, holds };
}

function tokensOf(text: string): readonly string[] {
  const found: string[] = [];
  token.lastIndex = 0;
  const end = text.trimEnd().length;
  while (token.lastIndex < end) {
    const from = token.lastIndex;
    const match = token.exec(text);
    if (match === null)
      throw validationError(`AlarmRule has an unclosed quotation mark after '${text.slice(0, from)}'`);
    found.push(match[1] ?? match[2] ?? match[3] ?? '');
  }
  return found;
}
