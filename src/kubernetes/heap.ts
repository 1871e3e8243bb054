/** A binary heap: `pop` gives the item that `before` puts first. */
export interface Heap<T> {
  push(item: T): void;
  peek(): T | undefined;
  pop(): T | undefined;
  readonly size: number;
}

export function createHeap<T>(before: (a: T, b: T) => boolean): Heap<T> {
  const items: T[] = [];

  /** True if the item at `i` exists and belongs before the one at `j`. */
  const ahead = (i: number, j: number): boolean => {
    const a = items[i];
    const b = items[j];
    return a !== undefined && b !== undefined && before(a, b);
  };
  const swap = (i: number, j: number) => {
    const a = items[i];
    const b = items[j];
    if (a === undefined || b === undefined) return;
    items[i] = b;
    items[j] = a;
  };

  return {
    push(item) {
      let at = items.push(item) - 1;
      while (at > 0) {
        const parent = (at - 1) >> 1;
        if (!ahead(at, parent)) break;
        swap(at, parent);
        at = parent;
      }
    },
    peek: () => items[0],
    pop() {
      const first = items[0];
      const last = items.pop();
      if (items.length === 0 || last === undefined) return first;
      items[0] = last;
      for (let at = 0; ; ) {
        const left = 2 * at + 1;
        const child = ahead(left + 1, left) ? left + 1 : left;
        if (!ahead(child, at)) return first;
        swap(at, child);
        at = child;
      }
    },
    get size() {
      return items.length;
    },
  };
}
