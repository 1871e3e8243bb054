/** One page of a list, and the token of the next. Tokens are opaque to callers: an offset, encoded. */
export function page<T>(
  all: readonly T[],
  size: number,
  token: string | undefined,
  invalidToken: () => Error,
): { readonly items: readonly T[]; readonly nextToken: string | undefined } {
  const start = token === undefined ? 0 : offset(token);
  if (start === undefined) throw invalidToken();
  const end = start + size;
  return {
    items: all.slice(start, end),
    nextToken: end < all.length ? Buffer.from(`page:${end}`).toString('base64url') : undefined,
  };
}

function offset(token: string): number | undefined {
  const match = /^page:([0-9]+)$/.exec(Buffer.from(token, 'base64url').toString());
  return match ? Number(match[1]) : undefined;
}
