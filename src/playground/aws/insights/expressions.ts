import { aggregates } from './aggregates.ts';
import type { Cursor, Token } from './cursor.ts';
import { functions, unimplementedFunctions } from './functions.ts';
import { periodMs } from './period.ts';
import type { BinaryOperator, Column, Expression } from './syntax.ts';

/** Where an expression stands: functions over many rows belong to the columns of `stats`. */
export type Place = 'Row' | 'Aggregate';

const levels: readonly (readonly BinaryOperator[])[] = [['+', '-'], ['*', '/', '%'], ['^']];
const comparisons: readonly BinaryOperator[] = ['=', '!=', '<=', '>=', '<', '>'];
const unitPattern = /^(\d+)([A-Za-z]+)$/;

/** A condition or a value, with `or` binding weakest. */
export function parseExpression(cursor: Cursor, place: Place = 'Row'): Expression {
  return infix(cursor, ['or'], () => infix(cursor, ['and'], () => negation(cursor, place)));
}

/** `expression [as alias]`, separated by commas. */
export function parseColumns(cursor: Cursor, place: Place = 'Row'): readonly Column[] {
  const columns: Column[] = [];
  do columns.push(column(cursor, place));
  while (cursor.take(','));
  return columns;
}

/** A word that names a field. */
export function fieldName(cursor: Cursor): string {
  if (cursor.peek().kind !== 'Word') throw cursor.unexpected();
  return cursor.next().value;
}

function column(cursor: Cursor, place: Place): Column {
  const { from } = cursor.peek();
  const expression = parseExpression(cursor, place);
  const text = cursor.text(from, cursor.at()).replaceAll('`', '').trim();
  return { expression, name: cursor.take('as') ? fieldName(cursor) : text };
}

function infix(cursor: Cursor, operators: readonly BinaryOperator[], operand: () => Expression): Expression {
  let left = operand();
  for (;;) {
    const operator = operators.find((one) => cursor.take(one));
    if (operator === undefined) return left;
    left = { kind: 'Binary', operator, left, right: operand() };
  }
}

function negation(cursor: Cursor, place: Place): Expression {
  return cursor.take('not') ? { kind: 'Not', of: negation(cursor, place) } : comparison(cursor, place);
}

function comparison(cursor: Cursor, place: Place): Expression {
  const left = arithmetic(cursor, place, 0);
  const operator = comparisons.find((one) => cursor.take(one));
  if (operator !== undefined) return { kind: 'Binary', operator, left, right: arithmetic(cursor, place, 0) };
  if (cursor.take('=~')) return { kind: 'Like', of: left, pattern: pattern(cursor) };
  const negated = cursor.take('not');
  const found = cursor.take('like')
    ? ({ kind: 'Like', of: left, pattern: pattern(cursor) } as const)
    : cursor.take('in')
      ? ({ kind: 'In', of: left, options: list(cursor, place) } as const)
      : undefined;
  if (found !== undefined) return negated ? { kind: 'Not', of: found } : found;
  if (negated) throw cursor.unexpected();
  return left;
}

function pattern(cursor: Cursor): string | RegExp {
  if (cursor.peek().text === '/') return cursor.regex();
  if (cursor.peek().kind !== 'Text') throw cursor.unexpected();
  return cursor.next().value;
}

function list(cursor: Cursor, place: Place): readonly Expression[] {
  cursor.expect('[');
  const options: Expression[] = [];
  do options.push(arithmetic(cursor, place, 0));
  while (cursor.take(','));
  cursor.expect(']');
  return options;
}

function arithmetic(cursor: Cursor, place: Place, level: number): Expression {
  const operators = levels[level];
  if (operators === undefined) return signed(cursor, place);
  return infix(cursor, operators, () => arithmetic(cursor, place, level + 1));
}

function signed(cursor: Cursor, place: Place): Expression {
  if (!cursor.take('-')) return members(cursor, place);
  return { kind: 'Binary', operator: '-', left: { kind: 'Literal', value: 0 }, right: signed(cursor, place) };
}

function members(cursor: Cursor, place: Place): Expression {
  let of = primary(cursor, place);
  for (;;) {
    if (cursor.take('[')) {
      const index = cursor.next();
      if (index.kind !== 'Number') throw cursor.unexpected(index);
      cursor.expect(']');
      of = { kind: 'Member', of, key: Number(index.text) };
    } else if (cursor.take('.')) {
      for (const key of fieldName(cursor).split('.')) of = { kind: 'Member', of, key };
    } else {
      return of;
    }
  }
}

function primary(cursor: Cursor, place: Place): Expression {
  const token = cursor.peek();
  if (token.kind === 'Word') {
    cursor.next();
    return cursor.take('(') ? call(cursor, token, place) : { kind: 'Field', name: token.value };
  }
  if (token.kind === 'Number') return { kind: 'Literal', value: Number(cursor.next().text) };
  if (token.kind === 'Text') return { kind: 'Literal', value: cursor.next().value };
  if (token.kind === 'Period') return period(cursor, cursor.next());
  if (!cursor.take('(')) throw cursor.unexpected();
  const inner = parseExpression(cursor, place);
  cursor.expect(')');
  return inner;
}

function call(cursor: Cursor, token: Token, place: Place): Expression {
  const name = token.value.toLowerCase();
  const known = functions.get(name) ?? (place === 'Aggregate' ? aggregates.get(name) : undefined);
  if (known === undefined) {
    if (unimplementedFunctions.has(name)) {
      throw cursor.refusal(`the simulator does not implement the function ${token.text}`, token);
    }
    throw cursor.unexpected(token);
  }
  // What is aggregated is computed for each row.
  const inside: Place = aggregates.has(name) && !functions.has(name) ? 'Row' : place;
  const inputs: Expression[] = [];
  if (cursor.take('*')) inputs.push({ kind: 'All' });
  else if (cursor.peek().text !== ')') {
    do inputs.push(parseExpression(cursor, inside));
    while (cursor.take(','));
  }
  cursor.expect(')');
  const [least, most] = known.inputs;
  if (inputs.length < least || inputs.length > most || (inputs[0]?.kind === 'All' && name !== 'count')) {
    throw cursor.refusal(`the number of arguments does not fit the function ${token.text}`, token);
  }
  return { kind: 'Call', name, inputs };
}

function period(cursor: Cursor, token: Token): Expression {
  const [, amount = '', unit = ''] = unitPattern.exec(token.text) ?? [];
  if (periodMs(Number(amount), unit) === undefined) throw cursor.unexpected(token);
  return { kind: 'Period', amount: Number(amount), unit };
}
