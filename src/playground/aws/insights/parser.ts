import { type Cursor, createCursor } from './cursor.ts';
import { fieldName, parseColumns, parseExpression } from './expressions.ts';
import { parseExtraction } from './extraction.ts';
import { functions } from './functions.ts';
import type { Column, Command, Expression, Query } from './syntax.ts';

/** Commands that AWS documents and the simulator refuses. */
const unimplementedCommands: ReadonlySet<string> = new Set([
  'addtotals',
  'anomaly',
  'autoregress',
  'cidrlookup',
  'diff',
  'estimate',
  'expand',
  'filldown',
  'fillmissing',
  'filterindex',
  'join',
  'json',
  'logcompare',
  'lookup',
  'relevantfields',
  'source',
  'unnest',
]);

/** "limit" (CloudWatch Logs user guide). */
const MOST_ROWS = 100_000;
/** "You can use as many as two stats commands in a single query" ("stats", the same guide). */
const MOST_STATS = 2;

/** Compiles a query of the Logs Insights language. Throws MalformedQueryException with the place of what is wrong. */
export function parseQuery(text: string): Query {
  const cursor = createCursor(text);
  const commands: Command[] = [];
  do {
    const token = cursor.peek();
    const command = parseCommand(cursor, commands);
    commands.push(command);
    if (command.kind === 'Stats' && commands.filter(({ kind }) => kind === 'Stats').length > MOST_STATS) {
      throw cursor.refusal('a query holds at most two stats commands', token);
    }
  } while (cursor.take('|'));
  if (cursor.peek().kind !== 'End') throw cursor.unexpected();
  return { commands, unmasks: commands.some((command) => expressionsOf(command).some(unmasks)) };
}

function parseCommand(cursor: Cursor, before: readonly Command[]): Command {
  const token = cursor.next();
  if (token.kind !== 'Word') throw cursor.unexpected(token);
  switch (token.text.toLowerCase()) {
    case 'fields':
      return { kind: 'Fields', columns: parseColumns(cursor) };
    case 'display':
      return { kind: 'Display', columns: parseColumns(cursor) };
    case 'filter':
      return { kind: 'Filter', condition: parseExpression(cursor) };
    case 'parse':
      return parseExtraction(cursor);
    case 'stats':
      return {
        kind: 'Stats',
        columns: parseColumns(cursor, 'Aggregate'),
        by: cursor.take('by') ? parseColumns(cursor) : [],
      };
    case 'sort':
      return { kind: 'Sort', keys: sortKeys(cursor) };
    case 'limit':
      return { kind: 'Limit', count: rows(cursor) };
    case 'dedup':
      return { kind: 'Dedup', names: names(cursor) };
    case 'pattern':
      return { kind: 'Pattern', source: patternSource(cursor, before) };
    default:
      if (!unimplementedCommands.has(token.text.toLowerCase())) throw cursor.unexpected(token);
      throw cursor.refusal(`the simulator does not implement the command ${token.text}`, token);
  }
}

function sortKeys(cursor: Cursor) {
  const keys: { readonly name: string; readonly descending: boolean }[] = [];
  do {
    const name = fieldName(cursor);
    const descending = cursor.take('desc');
    if (!descending) cursor.take('asc');
    keys.push({ name, descending });
  } while (cursor.take(','));
  return keys;
}

function names(cursor: Cursor): readonly string[] {
  const found: string[] = [];
  do found.push(fieldName(cursor));
  while (cursor.take(','));
  return found;
}

function rows(cursor: Cursor): number {
  const token = cursor.next();
  const count = Number(token.text);
  if (token.kind !== 'Number' || !Number.isInteger(count)) throw cursor.unexpected(token);
  if (count < 1 || count > MOST_ROWS) throw cursor.refusal(`limit must be from 1 to ${MOST_ROWS}`, token);
  return count;
}

/** @message, a field made by `parse`, or what a string function makes ("pattern", CloudWatch Logs user guide). */
function patternSource(cursor: Cursor, before: readonly Command[]): Expression {
  const token = cursor.peek();
  const source = parseExpression(cursor);
  if (!takenByPattern(source, before)) {
    throw cursor.refusal('pattern takes @message, a parsed field or the result of a string function, not', token);
  }
  return source;
}

/** What does not make text. */
const notTextual = new Set(['coalesce', 'if', 'case', 'jsonparse', 'strlen', 'bin', 'now']);

function takenByPattern(source: Expression, before: readonly Command[]): boolean {
  if (source.kind === 'Call') return functions.has(source.name) && !notTextual.has(source.name);
  if (source.kind !== 'Field') return false;
  if (source.name === '@message') return true;
  return before.some((command) => {
    if (command.kind === 'Parse') return command.names.includes(source.name);
    if (command.kind !== 'Fields' && command.kind !== 'Display') return false;
    const made = command.columns.find(({ name }) => name === source.name)?.expression;
    return made?.kind === 'Call' && takenByPattern(made, []);
  });
}

function expressionsOf(command: Command): readonly Expression[] {
  const of = (columns: readonly Column[]) => columns.map(({ expression }) => expression);
  switch (command.kind) {
    case 'Fields':
    case 'Display':
      return of(command.columns);
    case 'Stats':
      return of([...command.columns, ...command.by]);
    case 'Filter':
      return [command.condition];
    case 'Parse':
    case 'Pattern':
      return [command.source];
    case 'Sort':
    case 'Limit':
    case 'Dedup':
      return [];
  }
}

function unmasks(expression: Expression): boolean {
  switch (expression.kind) {
    case 'Call':
      return expression.name === 'unmask' || expression.inputs.some(unmasks);
    case 'Binary':
      return unmasks(expression.left) || unmasks(expression.right);
    case 'In':
      return unmasks(expression.of) || expression.options.some(unmasks);
    case 'Member':
    case 'Not':
    case 'Like':
      return unmasks(expression.of);
    case 'Literal':
    case 'Field':
    case 'All':
    case 'Period':
      return false;
  }
}
