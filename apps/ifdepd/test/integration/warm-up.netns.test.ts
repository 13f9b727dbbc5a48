import { readdirSync } from 'node:fs';
import { loadLibc } from '@ifdepd/libc';
import { watchLinks } from '@ifdepd/linkwatch';
import type { NetIf } from '@ifdepd/netif';
import { ip, until } from '@ifdepd/netlab';
import { compile } from '@ifdepd/policy';
import { expect, test } from 'vitest';
import { startDaemon } from '../../src/daemon/start-daemon.ts';
import { warmUp } from '../../src/tuning/warm-up.ts';
import { host } from '../support/host.ts';

const policy = compile({
  groups: { cli: { require: { all: ['em0', 'bge0'] }, destinations: ['carp0', 'carp1'] } },
});

const openFiles = (): number => readdirSync('/proc/self/fd').length;

/** This kernel, through a socket that is open already. */
const kernelOf = (netif: NetIf) => ({
  libc: loadLibc(),
  netif,
  watchLinks: (names?: readonly string[]) => watchLinks(names === undefined ? {} : { interest: names }),
  openSensor: () => null,
  openLossSocket: () => null,
  openCarrierCounter: () => null,
  downRequests: () => null,
  openRepairSocket: () => null,
  openGuardSocket: () => null,
  upRequests: () => null,
});

test('a warm-up that ends by itself has written nothing and leaves no file open', async () => {
  using lab = host('em0', 'bge0', 'carp0', 'carp1');
  using watch = watchLinks();
  const seen: string[] = [];
  using _subscription = watch.subscribe((event) => {
    if (event.type !== 'snapshot') {
      seen.push(`${event.type} ${event.link.name}`);
    }
  });
  const before = openFiles();
  warmUp(policy, kernelOf(lab.netif));
  expect(openFiles()).toBeGreaterThan(before);
  await until('the warm-up to end', () => openFiles() === before);
  ip('link', 'set', 'bge0', 'alias', 'mark');
  await until('the mark', () => seen.at(-1) === 'changed bge0');
  expect(seen).toEqual(['changed bge0']);
});

test('a warm-up that is ended early leaves no file open', () => {
  using lab = host('em0', 'bge0', 'carp0', 'carp1');
  const before = openFiles();
  const end = warmUp(policy, kernelOf(lab.netif));
  end();
  end();
  expect(openFiles()).toBe(before);
});

test('a warm-up of interfaces that do not exist ends by itself', async () => {
  using lab = host('em0');
  const before = openFiles();
  warmUp(policy, kernelOf(lab.netif));
  await until('the warm-up to end', () => openFiles() === before);
});

test('the first event of a watched interface ends the warm-up', () => {
  using _lab = host('em0', 'carp0');
  const log = { write: () => undefined, close: () => Promise.resolve() };
  const rules = { policy: { groups: { g: { require: 'em0', destinations: ['carp0'] } } } };
  const before = openFiles();
  let ofOne: number;
  {
    using _daemon = startDaemon({ ...rules, log });
    ofOne = openFiles() - before;
  }
  using daemon = startDaemon({ ...rules, log, warmUp: true });
  expect(openFiles() - before).toBeGreaterThan(ofOne);
  daemon.resync();
  expect(openFiles() - before).toBe(ofOne);
});
