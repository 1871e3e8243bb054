/** A terminal, or a file that is written to as if it were one. */
export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

/** Lines that stay and, on a terminal, some at the bottom that are replaced in place. */
export interface Screen {
  /** Whether `show` shows anything. */
  readonly live: boolean;
  /** A line, or several, that stay. */
  print(text: string): void;
  /** Replaces what was last shown; nothing clears it. Where there is no terminal nothing is shown. */
  show(lines: readonly string[]): void;
}

export function createScreen(output: Output): Screen {
  const live = output.isTTY === true;
  let shown: readonly string[] = [];

  const draw = (above: string, lines: readonly string[]) => {
    const up = shown.length > 0 ? `\u001B[${shown.length}A\u001B[0J` : '';
    shown = fitting(lines, output);
    output.write(`${up}${above}${shown.map((line) => `${line}\n`).join('')}`);
  };

  let wanted: readonly string[] = [];
  return {
    live,
    print: (text) => draw(`${text}\n`, wanted),
    show(lines) {
      if (!live || same(lines, wanted)) return;
      wanted = lines;
      draw('', lines);
    },
  };
}

/** What is drawn over must not wrap or scroll away: the cursor could not find back to its beginning. */
function fitting(lines: readonly string[], { columns = 80, rows = 24 }: Output): readonly string[] {
  return lines
    .slice(0, Math.max(rows - 1, 1))
    .map((line) => (line.length < columns ? line : `${line.slice(0, Math.max(columns - 2, 0))}…`));
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((line, index) => line === b[index]);
}
