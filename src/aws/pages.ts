/** One page of a list, and the token of the next; absent or empty on the last. */
export interface Page<T> {
  readonly items: readonly T[] | undefined;
  readonly next: string | undefined;
}

/** All pages of a list, in order. `read` is given the token of the page to read; none for the first. */
export async function allPages<T>(read: (token: string | undefined) => Promise<Page<T>>): Promise<readonly T[]> {
  const found: T[] = [];
  let token: string | undefined;
  do {
    const { items, next } = await read(token);
    found.push(...(items ?? []));
    token = next === '' ? undefined : next;
  } while (token !== undefined);
  return found;
}
