import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LinkEvent, netbsd7, watchLinks } from '@ifdepd/linkwatch';
import { netbsd8, openNetIf } from '@ifdepd/netif';
import { until } from '@ifdepd/netlab';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type NetbsdStack, netbsdStack } from '../src/stack.ts';
import { stackLibrary } from '../src/stack-library.ts';

// One stack for the whole file: a process has one.
let stack: NetbsdStack;
const segment = mkdtempSync(join(tmpdir(), 'ifdepd-netbsd-'));

beforeAll(() => {
  stack = netbsdStack(stackLibrary());
});
afterAll(() => rmSync(segment, { recursive: true, force: true }));

describe('netif over a NetBSD network stack', () => {
  test('lo0 has the flags it always has', () => {
    using netif = openNetIf({ libc: stack.libc, abi: netbsd8 });
    expect(netif.flags('lo0')).toMatchObject({ up: true, running: true, loopback: true });
    expect(netif.media('lo0')).toBeNull();
  });

  test('there is no such interface: ENXIO, not found', () => {
    using netif = openNetIf({ libc: stack.libc, abi: netbsd8 });
    expect(() => netif.flags('nope0')).toThrow(expect.objectContaining({ code: 'ENXIO', kind: 'not-found' }));
  });

  test('only IFF_UP changes, and nothing is written that is right already', () => {
    using netif = openNetIf({ libc: stack.libc, abi: netbsd8 });
    stack.create('shmif9');
    stack.plug('shmif9', join(segment, 'nine'));
    const up = netif.setAdmin('shmif9', 'up');
    expect(up.changed).toBe(true);
    expect(netif.setAdmin('shmif9', 'up').changed).toBe(false);
    const down = netif.setAdmin('shmif9', 'down');
    expect(down.before.up).toBe(true);
    expect(down.after.up).toBe(false);
    stack.destroy('shmif9');
    expect(() => netif.flags('shmif9')).toThrow(expect.objectContaining({ kind: 'not-found' }));
  });
});

describe('linkwatch over a NetBSD network stack', () => {
  test('an interface comes, is raised, loses its carrier, has it back, and goes', async () => {
    using netif = openNetIf({ libc: stack.libc, abi: netbsd8 });
    using watch = watchLinks({ libc: stack.libc, abi: netbsd7 });
    const events: LinkEvent[] = [];
    watch.subscribe((event) => events.push(event));
    await until('the first list', () => watch.links.has('lo0'));

    stack.create('shmif1');
    await until('its arrival', () => watch.links.has('shmif1'));
    expect(watch.lookUp('shmif1')).toMatchObject({ adminUp: false, operstate: 'unknown' });

    stack.plug('shmif1', join(segment, 'one'));
    netif.setAdmin('shmif1', 'up');
    await until('it is up', () => watch.lookUp('shmif1')?.adminUp);
    stack.link('shmif1', 'down');
    await until('the carrier is lost', () => watch.lookUp('shmif1')?.carrier === false);
    stack.link('shmif1', 'up');
    await until('the carrier is back', () => watch.lookUp('shmif1')?.carrier === true);

    netif.setAdmin('shmif1', 'down');
    await until('it is down', () => watch.lookUp('shmif1')?.adminUp === false);
    stack.destroy('shmif1');
    await until('its departure', () => !watch.links.has('shmif1'));
    expect(events.filter(({ type }) => type === 'snapshot')).toHaveLength(1);
  });

  test('a re-created interface is found by its name, whatever its index', async () => {
    using watch = watchLinks({ libc: stack.libc, abi: netbsd7 });
    stack.create('shmif2');
    const first = await until('its arrival', () => watch.lookUp('shmif2'));
    stack.destroy('shmif2');
    stack.create('lo7');
    stack.create('shmif2');
    const second = await until('its return', () =>
      [watch.lookUp('shmif2')].find((link) => link !== undefined && link.index !== first.index),
    );
    expect(second?.index).not.toBe(first.index);
    stack.destroy('shmif2');
    stack.destroy('lo7');
  });

  test('more is told than its receive buffer holds: the end state is the truth', async () => {
    using watch = watchLinks({
      libc: stack.libc,
      abi: netbsd7,
      receiveBufferBytes: 8192,
      resyncIntervalMs: 50,
    });
    await until('the first list', () => watch.links.has('lo0'));
    // All in one turn of the event loop: nothing is read meanwhile, and what does not fit is dropped without a word.
    for (let number = 20; number < 60; number++) {
      stack.create(`lo${number}`);
    }
    await until('all are known', () => watch.links.has('lo59') && watch.links.has('lo20'));
    for (let number = 20; number < 60; number++) {
      expect(watch.links.has(`lo${number}`)).toBe(true);
      stack.destroy(`lo${number}`);
    }
    await until('none is left', () => ![...watch.links.keys()].some((name) => /^lo\d\d$/.test(name)));
  });
});
