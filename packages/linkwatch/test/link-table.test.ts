import { expect, test } from 'vitest';
import { LinkTable } from '../src/link-table.ts';
import { linkRecord } from '../src/testing/index.ts';

const eth0 = linkRecord({ index: 2, name: 'eth0', altNames: ['wan'] });
const eth1 = linkRecord({ index: 3, name: 'eth1' });

function tableOf(...links: readonly (typeof eth0)[]): LinkTable {
  const table = new LinkTable();
  for (const link of links) {
    table.put(link);
  }
  return table;
}

test('a link is found by name, alternative name and index', () => {
  const table = tableOf(eth0, eth1);
  expect([table.lookUp('eth0'), table.lookUp('wan'), table.lookUp('eth9')]).toEqual([eth0, eth0, undefined]);
  expect([...table.byName.keys()]).toEqual(['eth0', 'eth1']);
  expect(table.byIndex.get(3)).toBe(eth1);
});

test('a changed link keeps its place in the order', () => {
  const table = tableOf(eth0, eth1);
  const down = { ...eth0, adminUp: false };
  expect(table.put(down)).toEqual({ was: eth0, displaced: undefined });
  expect([...table.byName]).toEqual([
    ['eth0', down],
    ['eth1', eth1],
  ]);
});

test('a rename frees the old name of a link', () => {
  const table = tableOf(eth0, eth1);
  table.put({ ...eth0, name: 'up0' });
  expect([...table.byName.keys()]).toEqual(['eth1', 'up0']);
  expect(table.lookUp('wan')?.name).toBe('up0');
});

test('the table follows a to b, then c to a', () => {
  const [a, c] = [linkRecord({ index: 2, name: 'a' }), linkRecord({ index: 3, name: 'c' })];
  const table = tableOf(a, c);
  table.put({ ...a, name: 'b' });
  expect(table.put({ ...c, name: 'a' })).toEqual({ was: c, displaced: undefined });
  expect([...table.byName].map(([name, link]) => [name, link.index])).toEqual([
    ['b', 2],
    ['a', 3],
  ]);
});

test('put returns another link that had the name', () => {
  const table = tableOf(eth0, eth1);
  const other = linkRecord({ index: 9, name: 'eth0' });
  expect(table.put(other)).toEqual({ was: undefined, displaced: eth0 });
  expect([...table.byIndex.keys()]).toEqual([3, 9]);
  expect(table.lookUp('eth0')).toBe(other);
  expect(table.lookUp('wan')).toBeUndefined();
});

test('an alternative name is found at its new link after it moved', () => {
  const table = tableOf(eth0, eth1);
  table.put({ ...eth1, altNames: ['wan'] });
  table.put({ ...eth0, altNames: [] });
  expect(table.lookUp('wan')?.name).toBe('eth1');
});

test('a removed alternative name is not found', () => {
  const table = tableOf(eth0);
  table.put({ ...eth0, altNames: [] });
  expect(table.lookUp('wan')).toBeUndefined();
});

test('a removed link is not found', () => {
  const table = tableOf(eth0, eth1);
  expect(table.remove(2)).toBe(eth0);
  expect(table.remove(2)).toBeUndefined();
  expect([table.lookUp('eth0'), table.lookUp('wan'), table.byIndex.size]).toEqual([undefined, undefined, 1]);
});
