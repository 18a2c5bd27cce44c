/** The arguments by which a page of a connection is chosen. */
export interface PageArguments {
  readonly first?: number | null;
  readonly last?: number | null;
  readonly after?: string | null;
  readonly before?: string | null;
}

/** A page, as GraphQL connections word it. */
export interface Connection<Node> {
  readonly edges: readonly { readonly cursor: string; readonly node: Node }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

/** Cuts a page out of a list; the cursors are opaque to the reader. */
export function connectionOf<Node extends { readonly id: string }>(
  nodes: readonly Node[],
  { first, last, after, before }: PageArguments = {},
): Connection<Node> {
  const cursors = nodes.map(({ id }) => btoa(id));
  const from = after ? cursors.indexOf(after) + 1 : 0;
  const to = before ? cursors.indexOf(before) : nodes.length;
  const end = first == null ? to : Math.min(to, from + first);
  const start = last == null ? from : Math.max(from, end - last);
  const page = cursors.slice(start, end);
  return {
    edges: nodes.slice(start, end).map((node) => ({ cursor: btoa(node.id), node })),
    pageInfo: {
      hasNextPage: end < nodes.length,
      hasPreviousPage: start > 0,
      startCursor: page.at(0) ?? null,
      endCursor: page.at(-1) ?? null,
    },
  };
}
