/** Cuts a list where AWS bounds the size of what holds it; an item is never cut. */
export function portionsOf<Item>(
  items: readonly Item[],
  sizeOf: (item: Item) => number,
  sizeMax: number,
): readonly (readonly Item[])[] {
  const portions: Item[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const item of items) {
    if (size + sizeOf(item) > sizeMax) {
      portions.push([]);
      size = 0;
    }
    portions.at(-1)?.push(item);
    size += sizeOf(item);
  }
  return portions;
}
