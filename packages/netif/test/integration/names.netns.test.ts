import { execFileSync } from 'node:child_process';
import { hostTarget, loadLibc } from '@ifdepd/libc';
import { enterNewNamespace } from '@ifdepd/netlab';
import { expect, test } from 'vitest';
import { openNetIf } from '../../src/index.ts';
import { downRequests } from '../../src/linux/index.ts';

test('an interface whose name is not UTF-8 is listed, read and set', () => {
  enterNewNamespace();
  // An argument of a new process can hold any byte when a shell makes it.
  execFileSync('sh', ['-c', "ip link add $(printf 'a\\377b') type bridge"]);
  const names = loadLibc().if_nameindex();
  expect(names).toContainEqual({ index: expect.any(Number), name: 'a\udcffb' });
  using netif = openNetIf();
  expect(netif.list()).toEqual(names);
  expect(netif.setAdmin('a\udcffb', 'up')).toMatchObject({ changed: true, after: { up: true } });
  expect(netif.protoDown('a\udcffb')).toMatchObject({ on: false });
  expect(netif.resolve('a\udcffb')?.name).toBe('a\udcffb');
  const requests = downRequests(hostTarget(), ['a\udcffb']) ?? expect.unreachable();
  expect(Buffer.from(requests).includes(Buffer.from([0x61, 0xff, 0x62, 0]))).toBe(true);
});
