import { expect, test } from 'vitest';
import { type Change, EntryTable } from '../src/entry-table.ts';

interface Thing {
  readonly at: number;
  readonly of: readonly string[];
}

test('a copy that applies each reported change has the entries of the table, and each reference is counted', () => {
  let state = 7;
  const random = (most: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * most);
  };
  const copy = new Set<Thing>();
  const apply = (change: Change<Thing>) => {
    if (change.type === 'removed') {
      expect(copy.delete(change.entry)).toBe(true);
    } else {
      if (change.type === 'changed') {
        expect(copy.delete(change.was)).toBe(true);
        expect(change.was).not.toEqual(change.entry);
      }
      copy.add(change.entry);
    }
  };
  const table = new EntryTable<Thing>(({ of }) => of, apply);
  const thing = () => ({ at: random(3), of: [`link ${random(4)}`] });
  for (let step = 0; step < 5000; step += 1) {
    const key = `k${random(6)}`;
    switch (random(4)) {
      case 0:
        table.remove(key);
        break;
      case 1:
        table.replace(
          new Map(Array.from({ length: random(6) }, () => [`k${random(6)}`, thing()])),
          (one) => one === key,
        );
        break;
      default:
        table.put(key, thing());
    }
    expect(new Set(table.values())).toEqual(copy);
    for (let link = 0; link < 4; link += 1) {
      const referred = [...table.values()].some(({ of }) => of.includes(`link ${link}`));
      expect(table.refersTo(`link ${link}`)).toBe(referred);
    }
  }
});
