import { aggregates } from './aggregates.ts';
import { evaluate, type Row, read } from './evaluate.ts';
import type { Moment } from './functions.ts';
import type { LogRecord } from './log-record.ts';
import { clusters } from './pattern-clusters.ts';
import type { Column, Command, Query } from './syntax.ts';
import { shown, sortOrder, textOf, truth, type Value } from './value.ts';

/** A row of results: values by column, in order; absent where a row has none. */
type ResultRow = ReadonlyMap<string, string>;

export interface Results {
  readonly rows: readonly ResultRow[];
  /** How many events passed all filters. */
  readonly matched: number;
}

/** The rows on their way through the commands, and the columns that will be shown. */
interface Stage {
  readonly rows: readonly Row[];
  readonly columns: readonly string[];
  /** Whether a command chose the columns; else the time and the message are shown. */
  readonly chosen: boolean;
  readonly matched: number;
}

/** Runs a query over events, the latest first. `limit` is that of the request, after the query's own. */
export function run(query: Query, records: readonly LogRecord[], moment: Moment, limit: number): Results {
  const latestFirst = records.toSorted((a, b) => b.timestamp - a.timestamp);
  const begin: Stage = {
    rows: latestFirst.map((record) => ({ made: new Map(), record })),
    columns: [],
    chosen: false,
    matched: records.length,
  };
  const end = query.commands.reduce((stage, command) => step(command, stage, moment), begin);
  const columns = end.chosen ? end.columns : ['@timestamp', '@message', ...end.columns];
  return { rows: end.rows.slice(0, limit).map((row) => resultRow(row, columns)), matched: end.matched };
}

function step(command: Command, stage: Stage, moment: Moment): Stage {
  const { rows, columns } = stage;
  switch (command.kind) {
    case 'Fields': {
      const names = command.columns.map(({ name }) => name);
      return {
        ...stage,
        rows: rows.map((row) => made(row, command.columns, moment)),
        columns: union(columns, names),
        chosen: true,
      };
    }
    case 'Display': {
      const names = command.columns.map(({ name }) => name);
      return { ...stage, rows: rows.map((row) => made(row, command.columns, moment)), columns: names, chosen: true };
    }
    case 'Filter': {
      const kept = rows.filter((row) => truth(evaluate(command.condition, row, moment)));
      return { ...stage, rows: kept, matched: kept.every((row) => row.record) ? kept.length : stage.matched };
    }
    case 'Parse':
      return {
        ...stage,
        rows: rows.map((row) => extracted(row, command, moment)),
        columns: union(columns, command.names),
      };
    case 'Stats':
      return { ...stage, ...aggregate(command, rows, moment), chosen: true };
    case 'Sort':
      return { ...stage, rows: rows.toSorted((a, b) => order(command.keys, a, b)) };
    case 'Limit':
      return { ...stage, rows: rows.slice(0, command.count) };
    case 'Dedup':
      return { ...stage, rows: deduplicated(rows, command.names) };
    case 'Pattern':
      return { ...stage, ...patterns(command, rows, moment), chosen: true };
  }
}

function union(columns: readonly string[], more: readonly string[]): readonly string[] {
  return [...new Set([...columns, ...more])];
}

/** With what the columns compute; a plain field under its own name stays what it is. */
function made(row: Row, columns: readonly Column[], moment: Moment): Row {
  const more = new Map(row.made);
  for (const { name, expression } of columns) {
    if (expression.kind === 'Field' && expression.name === name) continue;
    more.set(name, evaluate(expression, { ...row, made: more }, moment));
  }
  return { ...row, made: more };
}

function extracted(row: Row, command: Command & { readonly kind: 'Parse' }, moment: Moment): Row {
  const text = textOf(evaluate(command.source, row, moment));
  const found = text === undefined ? undefined : command.extract(text);
  return found ? { ...row, made: new Map([...row.made, ...found]) } : row;
}

function aggregate(command: Command & { readonly kind: 'Stats' }, rows: readonly Row[], moment: Moment) {
  const groups = new Map<string, { readonly key: readonly Value[]; readonly rows: Row[] }>();
  for (const row of rows) {
    const key = command.by.map(({ expression }) => evaluate(expression, row, moment));
    const group = groups.get(JSON.stringify(key.map(shown))) ?? { key, rows: [] };
    group.rows.push(row);
    groups.set(JSON.stringify(key.map(shown)), group);
  }
  const over = (name: string, members: readonly Row[]) => {
    const inOrder = members.toSorted((a, b) => (a.record?.timestamp ?? 0) - (b.record?.timestamp ?? 0));
    return { aggregate: aggregates.get(name), inOrder };
  };
  const result = [...groups.values()].map(({ key, rows: members }): Row => {
    const cells = new Map<string, Value>(command.by.map(({ name }, index) => [name, key[index]]));
    for (const { name, expression } of command.columns) {
      const [first] = members;
      const value = evaluate(expression, first ?? { made: new Map() }, moment, (call) => {
        const { aggregate: known, inOrder } = over(call.name, members);
        const [of, parameter] = call.inputs;
        const values = inOrder.map((row): Value => (of ? evaluate(of, row, moment) : 1));
        return known?.apply(values, parameter && evaluate(parameter, { made: new Map() }, moment));
      });
      cells.set(name, value);
    }
    return { made: cells };
  });
  return { rows: result, columns: [...command.by, ...command.columns].map(({ name }) => name) };
}

function order(keys: (Command & { readonly kind: 'Sort' })['keys'], a: Row, b: Row): number {
  for (const { name, descending } of keys) {
    const found = sortOrder(read(a, name), read(b, name));
    if (found !== 0) return descending ? -found : found;
  }
  return 0;
}

/** The first row of each combination of values; a row without one of them stays. */
function deduplicated(rows: readonly Row[], names: readonly string[]): readonly Row[] {
  const seen = new Set<string>();
  return rows.filter((row) => {
    const key = names.map((name) => shown(read(row, name)));
    if (key.includes(undefined)) return true;
    const known = seen.has(JSON.stringify(key));
    seen.add(JSON.stringify(key));
    return !known;
  });
}

function patterns(command: Command & { readonly kind: 'Pattern' }, rows: readonly Row[], moment: Moment) {
  const texts = rows.map((row) => textOf(evaluate(command.source, row, moment))).filter((text) => text !== undefined);
  const found = clusters(texts).map(({ pattern, count, severity }): Row => {
    const cells: [string, Value][] = [
      ['@pattern', pattern],
      ['@ratio', count / texts.length],
      ['@sampleCount', count],
      ['@severityLabel', severity],
    ];
    return { made: new Map(cells) };
  });
  return { rows: found, columns: ['@pattern', '@ratio', '@sampleCount', '@severityLabel'] };
}

/** A row that is still one event ends with the pointer to it. */
function resultRow(row: Row, columns: readonly string[]): ResultRow {
  const names = row.record ? union(columns, ['@ptr']) : columns;
  return new Map(
    names.flatMap((name): [string, string][] => {
      const value = shown(read(row, name));
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
