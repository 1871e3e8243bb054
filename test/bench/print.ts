/** One line of a table: what, then one value per column. */
export type Row = Readonly<Record<string, string | number>>;

export function print(title: string, rows: readonly Row[]): void {
  const columns = Object.keys(rows[0] ?? {});
  const widths = columns.map((column) => Math.max(column.length, ...rows.map((row) => String(row[column]).length)));
  const line = (cells: readonly string[]) =>
    cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('  ');
  const body = rows.map((row) => line(columns.map((column) => String(row[column]))));
  console.log([`\n${title}`, line(columns), ...body].join('\n'));
}

/** Two digits are all that a ratio of measured things is good for. */
export function ratio(a: number, b: number): string {
  return Number((a / b).toPrecision(2)).toString();
}
