import { readdirSync } from 'node:fs';
import { enterNewNamespace, ip, until } from '@ifdepd/netlab';
import { beforeEach, expect, test } from 'vitest';
import { type LinkEvent, watchLinks } from '../../src/index.ts';

beforeEach(() => {
  enterNewNamespace();
});

const descriptors = () => readdirSync('/proc/self/fd').length;

test('no descriptor stays open, however a watch ends', async () => {
  watchLinks().close();
  const before = descriptors();
  for (let round = 0; round < 20; round++) {
    const controller = new AbortController();
    const watch = watchLinks({ signal: controller.signal });
    expect(descriptors()).toBe(before + 1);
    if (round % 2 === 0) {
      watch.close();
      watch[Symbol.dispose]();
      controller.abort();
    } else {
      controller.abort();
      watch.close();
    }
    expect(descriptors()).toBe(before);
  }
});

test('an aborted watch reports nothing more, and other watches continue', async () => {
  const controller = new AbortController();
  const aborted: LinkEvent[] = [];
  const others: LinkEvent[] = [];
  const first = watchLinks({ signal: controller.signal });
  first.subscribe((event) => void aborted.push(event));
  using second = watchLinks();
  second.subscribe((event) => void others.push(event));
  controller.abort();
  ip('link', 'add', 'br0', 'type', 'bridge');
  await until('the other', () => others.length === 2);
  expect(aborted).toHaveLength(1);
});

test('resync reports its snapshot before it returns', () => {
  using watch = watchLinks();
  const events: LinkEvent[] = [];
  watch.subscribe((event) => void events.push(event));
  ip('link', 'add', 'br0', 'type', 'bridge');
  watch.resync();
  expect(watch.links.has('br0')).toBe(true);
  expect(events.at(-1)).toMatchObject({ type: 'snapshot', cause: 'requested' });
});

test('each watch belongs to the namespace in which it was created', async () => {
  using here = watchLinks();
  enterNewNamespace();
  using there = watchLinks();
  ip('link', 'add', 'br0', 'type', 'bridge');
  await until('it', () => there.links.has('br0'));
  expect(here.links.has('br0')).toBe(false);
});
