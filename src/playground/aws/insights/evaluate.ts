import type { Json } from '#src/domain/json.ts';
import { functions, type Moment } from './functions.ts';
import { fieldOf, type LogRecord } from './log-record.ts';
import { periodMs } from './period.ts';
import type { BinaryOperator, Expression } from './syntax.ts';
import { compare, isStructure, isTimestamp, numberOf, textOf, truth, type Value, valueOf } from './value.ts';

/** A row between two commands: what commands made, over the event that it came from, if it is still of one event. */
export interface Row {
  readonly made: ReadonlyMap<string, Value>;
  readonly record?: LogRecord;
}

/** The value of an aggregating call, where there is one. */
export type Aggregated = (call: Expression & { readonly kind: 'Call' }) => Value;

/** What an expression is for a row. What is missing is nothing, and a comparison with nothing does not hold. */
export function evaluate(expression: Expression, row: Row, moment: Moment, aggregated?: Aggregated): Value {
  const value = (inner: Expression) => evaluate(inner, row, moment, aggregated);
  switch (expression.kind) {
    case 'Literal':
      return expression.value;
    case 'Field':
      return read(row, expression.name);
    case 'All':
      return 1;
    case 'Period':
      return periodMs(expression.amount, expression.unit);
    case 'Member':
      return member(value(expression.of), expression.key);
    case 'Not':
      return !truth(value(expression.of));
    case 'Like':
      return like(textOf(value(expression.of)), expression.pattern);
    case 'In': {
      const one = value(expression.of);
      return expression.options.some((option) => compare(one, value(option)) === 0);
    }
    case 'Binary':
      return binary(
        expression.operator,
        () => value(expression.left),
        () => value(expression.right),
      );
    case 'Call':
      return call(expression, row, moment, aggregated);
  }
}

/** A field by its whole name, else a member of a structure whose name comes before a dot. */
export function read(row: Row, name: string): Value {
  const whole = row.made.get(name) ?? (row.record && fieldOf(row.record, name));
  if (whole !== undefined) return whole;
  for (let dot = name.lastIndexOf('.'); dot > 0; dot = name.lastIndexOf('.', dot - 1)) {
    const outer = row.made.get(name.slice(0, dot));
    if (isStructure(outer))
      return name
        .slice(dot + 1)
        .split('.')
        .reduce(member, outer as Value);
  }
  return undefined;
}

function member(of: Value, key: string | number): Value {
  if (!isStructure(of) || typeof of.json !== 'object' || of.json === null) return undefined;
  const entries = new Map<string, Json>(Object.entries(of.json));
  return valueOf(entries.get(String(key)));
}

function like(text: string | undefined, pattern: string | RegExp): boolean {
  if (text === undefined) return false;
  return typeof pattern === 'string' ? text.includes(pattern) : pattern.test(text);
}

function binary(operator: BinaryOperator, left: () => Value, right: () => Value): Value {
  switch (operator) {
    case 'and':
      return truth(left()) && truth(right());
    case 'or':
      return truth(left()) || truth(right());
    case '=':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=': {
      const order = compare(left(), right());
      return order !== undefined && holds(operator, order);
    }
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
    case '^':
      return arithmetic(operator, numberOf(left()), numberOf(right()));
  }
}

function holds(operator: '=' | '!=' | '<' | '<=' | '>' | '>=', order: number): boolean {
  switch (operator) {
    case '=':
      return order === 0;
    case '!=':
      return order !== 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}

function arithmetic(
  operator: '+' | '-' | '*' | '/' | '%' | '^',
  left: number | undefined,
  right: number | undefined,
): Value {
  if (left === undefined || right === undefined) return undefined;
  const results = {
    '+': left + right,
    '-': left - right,
    '*': left * right,
    '/': left / right,
    '%': left % right,
    '^': left ** right,
  };
  return Number.isFinite(results[operator]) ? results[operator] : undefined;
}

function call(
  expression: Expression & { readonly kind: 'Call' },
  row: Row,
  moment: Moment,
  aggregated: Aggregated | undefined,
): Value {
  const known = functions.get(expression.name);
  if (known === undefined) return aggregated?.(expression);
  const value = (inner: Expression | undefined) => inner && evaluate(inner, row, moment, aggregated);
  const [first, second] = expression.inputs;
  switch (expression.name) {
    case 'unmask': {
      const record = row.record?.unmasked ?? row.record;
      return first && evaluate(first, { made: row.made, ...(record && { record }) }, moment, aggregated);
    }
    case 'bin':
      return floored(read(row, '@timestamp'), numberOf(value(first)), Math.floor);
    case 'datefloor':
      return floored(value(first), numberOf(value(second)), Math.floor);
    case 'dateceil':
      return floored(value(first), numberOf(value(second)), Math.ceil);
    default:
      return known.apply(expression.inputs.map(value), moment);
  }
}

function floored(at: Value, period: number | undefined, round: (quotient: number) => number): Value {
  if (period === undefined || !isTimestamp(at)) return undefined;
  return { millis: round(at.millis / period) * period };
}
