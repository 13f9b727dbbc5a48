import { enterNewNamespace, ip, ipBatch } from '@ifdepd/netlab';
import { expect, test } from 'vitest';
import { loadLibc } from '../../src/index.ts';

function linksOfIp(): { index: number; name: string }[] {
  const links = JSON.parse(ip('-j', 'link')) as { ifindex: number; ifname: string }[];
  return links.map(({ ifindex, ifname }) => ({ index: ifindex, name: ifname }));
}

test('if_nameindex lists the interfaces that ip(8) lists, with names in any alphabet', () => {
  enterNewNamespace();
  ipBatch([
    'link add a0 type bridge',
    'link add fifteen-bytes-x type bridge',
    'link add zürich type bridge',
    'link add veth-a type veth peer name veth-b',
    'link del a0',
  ]);
  const libc = loadLibc();
  const links = linksOfIp();
  expect(links.map(({ name }) => name)).toEqual(expect.arrayContaining(['lo', 'fifteen-bytes-x', 'zürich']));
  expect(libc.if_nameindex()).toEqual(links);
  ip('link', 'del', 'zürich');
  expect(libc.if_nameindex()).toEqual(linksOfIp());
});

test('setns returns to the namespace of a descriptor', async () => {
  const { open } = await import('node:fs/promises');
  await using file = await open('/proc/self/ns/net');
  const before = linksOfIp();
  enterNewNamespace();
  expect(linksOfIp()).not.toEqual(before);
  expect(loadLibc().setns(file.fd, 0)).toBe(0);
  expect(linksOfIp()).toEqual(before);
});
