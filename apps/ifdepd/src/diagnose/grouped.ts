/** Groups items by their numbers; null is no number. */
export function grouped<Item>(
  items: Iterable<Item>,
  keysOf: (item: Item) => Iterable<number | null>,
): ReadonlyMap<number, readonly Item[]> {
  const groups = new Map<number, Item[]>();
  for (const item of items) {
    for (const key of keysOf(item)) {
      if (key !== null) {
        const group = groups.get(key) ?? [];
        groups.set(key, group);
        group.push(item);
      }
    }
  }
  return groups;
}
