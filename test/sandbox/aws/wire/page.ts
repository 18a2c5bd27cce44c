/** One page of a list and the token of the next, where there is one. */
export type Page<Item> = { readonly items: Item[]; readonly nextToken: string | undefined };

/** Cuts a page from a list; the token is opaque to callers, and one that was never given out is refused. */
export function pageOf<Item>(
  all: readonly Item[],
  size: number,
  token: string | undefined,
  refuse: () => Error,
): Page<Item> {
  const start = token === undefined ? 0 : readToken(token, refuse);
  const end = start + size;
  return { items: all.slice(start, end), nextToken: end < all.length ? writeToken(end) : undefined };
}

function writeToken(offset: number): string {
  return Buffer.from(`page:${offset}`).toString("base64url");
}

function readToken(token: string, refuse: () => Error): number {
  const offset = /^page:(\d+)$/.exec(Buffer.from(token, "base64url").toString())?.[1];
  if (offset === undefined) throw refuse();
  return Number(offset);
}
