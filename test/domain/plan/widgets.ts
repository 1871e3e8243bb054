import type { Json } from '#src/domain/json.ts';

export interface Widget {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: { readonly title: string; readonly [member: string]: Json };
}

/** The widgets of a dashboard body that we drew ourselves. */
export function widgetsOf(body: Json): Widget[] {
  const { widgets }: { widgets: Widget[] } = JSON.parse(JSON.stringify(body));
  return widgets;
}

/** AWS's grid: 24 columns, x 0 to 23, heights 1 to 1,000. */
export function outsideGrid({ x, y, width, height }: Widget): boolean {
  return !(x >= 0 && y >= 0 && width >= 1 && height >= 1 && height <= 1000 && x + width <= 24);
}

export function overlap(a: Widget, b: Widget): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}
