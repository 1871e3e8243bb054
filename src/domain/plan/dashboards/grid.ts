import type { JsonObject } from '../../json.ts';

/** Columns of a CloudWatch dashboard ("Dashboard Body Structure and Syntax", CloudWatch API reference). */
const COLUMNS = 24;
/** AWS's size of a widget that says none. */
const DEFAULT_SIZE = 6;

type WidgetType = 'metric' | 'text' | 'log' | 'alarm' | 'explorer';

/** A widget that has no place yet. */
export interface Block {
  readonly type: WidgetType;
  readonly properties: JsonObject;
}

/** Blocks side by side, equally wide, over the whole width: one that is left out leaves its place to the others. */
export interface Row {
  readonly height: number;
  readonly blocks: readonly Block[];
}

/** At most four blocks; of those that are undefined nothing is drawn. */
export function row(height: number, ...blocks: readonly (Block | undefined)[]): Row {
  return { height, blocks: blocks.filter((block) => block !== undefined) };
}

/** A block that says how large it is. */
export interface Sized extends Block {
  readonly width?: number;
  readonly height?: number;
}

/** The widgets of a body: the rows from the top, and below them the others one after the other, row by row. */
export function placed(rows: readonly Row[], below: readonly Sized[]): readonly JsonObject[] {
  const widgets: JsonObject[] = [];
  let y = 0;
  for (const { height, blocks } of rows) {
    const width = COLUMNS / blocks.length;
    widgets.push(...blocks.map((block, index) => widget(block, index * width, y, width, height)));
    if (blocks.length > 0) y += height;
  }
  let x = 0;
  let tallest = 0;
  for (const block of below) {
    const { width = DEFAULT_SIZE, height = DEFAULT_SIZE } = block;
    if (x + width > COLUMNS) {
      x = 0;
      y += tallest;
      tallest = 0;
    }
    widgets.push(widget(block, x, y, width, height));
    x += width;
    tallest = Math.max(tallest, height);
  }
  return widgets;
}

function widget({ type, properties }: Block, x: number, y: number, width: number, height: number): JsonObject {
  return { type, x, y, width, height, properties };
}
