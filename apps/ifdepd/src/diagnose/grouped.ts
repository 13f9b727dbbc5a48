/** Groups items by their numbers; null is no number. */
export function grouped<Thing>(
  things: Iterable<Thing>,
  keysOf: (thing: Thing) => Iterable<number | null>,
): ReadonlyMap<number, readonly Thing[]> {
  const groups = new Map<number, Thing[]>();
  for (const thing of things) {
    for (const key of keysOf(thing)) {
      if (key !== null) {
        const group = groups.get(key) ?? [];
        groups.set(key, group);
        group.push(thing);
      }
    }
  }
  return groups;
}
