/** Lines of a table as kubectl prints it: three blanks between columns, and none at the end. */
export function columns(lines: readonly (readonly string[])[]): readonly string[] {
  const widths: number[] = [];
  for (const line of lines) {
    line.forEach((text, index) => {
      widths[index] = Math.max(widths[index] ?? 0, text.length);
    });
  }
  return lines.map((line) =>
    line
      .map((text, index) => (index === line.length - 1 ? text : text.padEnd((widths[index] ?? 0) + 3)))
      .join('')
      .trimEnd(),
  );
}
