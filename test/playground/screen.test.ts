import { describe, expect, test } from 'vitest';
import { createScreen } from '#src/playground/screen.ts';

/** A terminal that understands what the screen sends: moving up, and clearing from there. */
function terminal(columns = 20, rows = 5) {
  let lines: string[] = [];
  return {
    isTTY: true,
    columns,
    rows,
    write(text: string) {
      const [before = '', after] = text.split('\u001B[0J');
      if (after !== undefined) lines = lines.slice(0, lines.length - Number(/\d+/.exec(before)?.[0]));
      lines.push(...(after ?? before).split('\n').slice(0, -1));
      return true;
    },
    get lines() {
      return lines;
    },
  };
}

describe('on a terminal', () => {
  test('what is shown is replaced in place, below what stays', () => {
    const output = terminal();
    const screen = createScreen(output);
    screen.print('title');
    screen.show(['a 1', 'b 1']);
    screen.show(['a 2', 'b 2', 'c 2']);
    expect(output.lines).toEqual(['title', 'a 2', 'b 2', 'c 2']);
    screen.print('a warning\nof two lines');
    expect(output.lines).toEqual(['title', 'a warning', 'of two lines', 'a 2', 'b 2', 'c 2']);
    screen.show([]);
    expect(output.lines).toEqual(['title', 'a warning', 'of two lines']);
  });

  test('nothing wraps or scrolls, or the cursor would not find back', () => {
    const output = terminal(10, 3);
    const screen = createScreen(output);
    screen.show(['a line that is too long', 'b', 'c', 'd']);
    expect(output.lines).toEqual(['a line t…', 'b']);
    screen.show(['e']);
    expect(output.lines).toEqual(['e']);
  });

  test('what did not change is not drawn again', () => {
    const written: string[] = [];
    const screen = createScreen({ isTTY: true, write: (text) => written.push(text) });
    screen.show(['a']);
    screen.show(['a']);
    expect(written).toEqual(['a\n']);
  });
});

test('elsewhere only what stays is written, without control characters', () => {
  const written: string[] = [];
  const screen = createScreen({ write: (text) => written.push(text) });
  expect(screen.live).toBe(false);
  screen.show(['progress']);
  screen.print('result');
  screen.show([]);
  expect(written.join('')).toBe('result\n');
});
