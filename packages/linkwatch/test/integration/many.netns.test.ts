import { enterNewNamespace, ipBatch, until } from '@ifdepd/netlab';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type LinkEvent, type LinkWatch, watchLinks } from '../../src/index.ts';
import { settledCable } from '../support/settled-cable.ts';

let watch: LinkWatch;

beforeEach(() => {
  enterNewNamespace();
});

afterEach(() => {
  watch.close();
});

test('the table is right after a thousand links come and go, of which two hundred are renamed', async () => {
  await settledCable('eth0');
  watch = watchLinks();
  const before = new Map(watch.links);
  const present = new Set(watch.links.keys());
  watch.subscribe((event: LinkEvent) => {
    if (event.type === 'arrived') {
      expect(present.has(event.link.name)).toBe(false);
      present.add(event.link.name);
    } else if (event.type === 'departed') {
      expect(present.delete(event.link.name)).toBe(true);
    } else if (event.type === 'renamed') {
      expect(present.delete(event.from)).toBe(true);
      present.add(event.link.name);
    }
  });
  const pairs = Array.from({ length: 500 }, (_, at) => at);
  ipBatch(pairs.map((at) => `link add a${at} type veth peer name b${at}`));
  await until('a thousand more', () => watch.links.size === before.size + 1000);
  ipBatch(pairs.slice(0, 200).map((at) => `link set a${at} name c${at}`));
  await until('new names', () => watch.links.has('c199'));
  expect([...present].sort()).toEqual([...watch.links.keys()].sort());
  // In one go: one by one, each would wait for the kernel to let go of it.
  ipBatch([...pairs.map((at) => `link set b${at} group 7`), 'link del group 7']);
  await until('as before', () => watch.links.size === before.size);
  expect(new Map(watch.links)).toEqual(before);
  expect(present).toEqual(new Set(before.keys()));
  expect(watch.counters).toMatchObject({ snapshots: 1, overruns: 0, bad: 0, truncated: 0 });
});

test('watchLinks returns with the list of three thousand links, unless the list is not waited for', async () => {
  const pairs = Array.from({ length: 1500 }, (_, at) => `link add a${at} type veth peer name b${at}`);
  ipBatch(pairs);
  // Several times: how much is read at once goes by the clock.
  for (let round = 0; round < 5; round += 1) {
    using many = watchLinks();
    expect(many.links.size).toBe(3001);
  }
  watch = watchLinks({ waitForList: false });
  expect(watch.links.size).toBe(0);
  const first = await watch[Symbol.asyncIterator]().next();
  expect(first.value).toMatchObject({ type: 'snapshot', cause: 'start' });
  expect(watch.links.size).toBe(3001);
});

test('the carrier counters miss none of two hundred flips at once, whose messages the kernel merges', async () => {
  const FLIPS = 200;
  const eth0 = await settledCable('eth0');
  watch = watchLinks();
  const before = watch.links.get('eth0');
  const flips = { up: 0, down: 0 };
  watch.subscribe((event) => {
    if (event.type === 'changed' && event.link.name === 'eth0') {
      flips.up += (event.link.carrierUpCount ?? 0) - (event.was.carrierUpCount ?? 0);
      flips.down += (event.link.carrierDownCount ?? 0) - (event.was.carrierDownCount ?? 0);
    }
  });
  ipBatch(
    Array.from({ length: FLIPS }, () => [`link set ${eth0.far} down`, `link set ${eth0.far} up`]).flat(),
  );
  await until('the last', () => flips.up === FLIPS && watch.links.get('eth0')?.operstate === 'up');
  expect(flips).toEqual({ up: FLIPS, down: FLIPS });
  expect(watch.links.get('eth0')).toEqual({
    ...before,
    carrierUpCount: (before?.carrierUpCount ?? 0) + FLIPS,
    carrierDownCount: (before?.carrierDownCount ?? 0) + FLIPS,
  });
});

test('each of forty flips one after the other is an event', async () => {
  const eth0 = await settledCable('eth0');
  watch = watchLinks();
  const seen: (boolean | null)[] = [];
  watch.subscribe((event) => {
    if (event.type === 'changed' && event.link.name === 'eth0' && event.link.carrier !== event.was.carrier) {
      seen.push(event.link.carrier);
    }
  });
  const flips = Array.from({ length: 40 }, (_, at) => at % 2 === 1);
  for (const [at, up] of flips.entries()) {
    if (up) {
      eth0.repair();
    } else {
      eth0.cut();
    }
    await until(`flip ${at}`, () => seen.length === at + 1);
  }
  expect(seen).toEqual(flips);
});
