import { cable, enterNewNamespace, ip, ipBatch, until } from '@ifdepd/netlab';
import { beforeEach, expect, test } from 'vitest';
import { defaultRoute, listAddresses, listNeighbours, listRoutes } from '../../src/index.ts';
import { caughtUp } from '../support/caught-up.ts';
import { ipRoutes, lines } from '../support/ip-routes.ts';
import { agreed, watched } from '../support/watch.ts';

beforeEach(enterNewNamespace);

/** An interface with 192.0.2.1/24 and a default route through 192.0.2.9. */
function uplink(name = 'eth0', net = '192.0.2'): ReturnType<typeof cable> {
  const made = cable(name);
  ip('addr', 'add', `${net}.1/24`, 'dev', name);
  ip('route', 'add', 'default', 'via', `${net}.9`, 'dev', name, 'metric', name === 'eth0' ? '100' : '200');
  return made;
}

test('a watch knows the default route, and reports each change of it inside the callback that reads the message', () => {
  const { watch, events } = watched();
  expect(watch.defaultRoute('ipv4')).toBeNull();
  uplink();
  caughtUp(watch);
  const hop = { interface: 'eth0', gateway: '192.0.2.9', weight: 1, linkDown: false, dead: false };
  expect(watch.defaultRoute('ipv4')).toMatchObject({ metric: 100, table: 254, nextHops: [hop] });
  expect(watch.defaultRoute('ipv6')).toBeNull();
  expect(events).toContainEqual({ type: 'added', kind: 'route', entry: watch.defaultRoute('ipv4') });
  ip('route', 'change', 'default', 'via', '192.0.2.7', 'dev', 'eth0', 'metric', '100');
  events.splice(0);
  caughtUp(watch);
  expect(events).toMatchObject([
    { type: 'changed', entry: { nextHops: [{ gateway: '192.0.2.7' }] }, was: { nextHops: [hop] } },
  ]);
  ip('route', 'del', 'default');
  caughtUp(watch);
  expect(watch.defaultRoute('ipv4')).toBeNull();
});

test('of several default routes the one with the lowest metric counts, and each is listed in this order', () => {
  uplink('eth1', '198.51.100');
  uplink();
  const { watch } = watched();
  expect(watch.defaultRoutes.map(({ metric }) => metric)).toEqual([100, 200]);
  expect(watch.defaultRoute('ipv4')?.nextHops[0]?.interface).toBe('eth0');
  ip('route', 'del', 'default', 'metric', '100');
  caughtUp(watch);
  expect(watch.defaultRoute('ipv4')?.nextHops[0]?.interface).toBe('eth1');
});

test('routes of IPv4 that go without a message when their link is set down leave the watch', async () => {
  uplink();
  ip('route', 'add', '10.0.0.0/8', 'via', '192.0.2.8');
  const { watch, events } = watched();
  ip('link', 'set', 'eth0', 'down');
  await agreed(watch);
  expect(watch.defaultRoute('ipv4')).toBeNull();
  const gone = events
    .filter(({ type }) => type === 'removed')
    .flatMap((e) => ('entry' in e ? [e.entry] : []));
  expect(gone).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ destination: '0.0.0.0/0' }),
      expect.objectContaining({ destination: '10.0.0.0/8' }),
    ]),
  );
  ip('link', 'set', 'eth0', 'up');
  await agreed(watch);
});

test('routes that go without a message with their preferred source address leave the watch', async () => {
  uplink();
  ip('addr', 'add', '192.0.2.50/24', 'dev', 'eth0');
  ip('route', 'add', '10.0.0.0/8', 'via', '192.0.2.8', 'src', '192.0.2.50');
  const { watch } = watched();
  expect(watch.routes).toContainEqual(expect.objectContaining({ preferredSource: '192.0.2.50' }));
  ip('addr', 'del', '192.0.2.50/24', 'dev', 'eth0');
  await agreed(watch);
  expect(watch.routes.some(({ destination }) => destination === '10.0.0.0/8')).toBe(false);
});

test('routes that go without a message with their nexthop object leave the watch', async () => {
  uplink();
  ip('nexthop', 'add', 'id', '5', 'via', '192.0.2.8', 'dev', 'eth0');
  ip('route', 'add', '10.0.0.0/8', 'nhid', '5');
  const { watch } = watched();
  expect(watch.routes).toContainEqual(expect.objectContaining({ nextHopId: 5 }));
  ip('nexthop', 'del', 'id', '5');
  await agreed(watch);
  expect(watch.routes.some(({ nextHopId }) => nextHopId === 5)).toBe(false);
});

test('a carrier loss, which sends no message about routes, marks their next hops', async () => {
  const { cut, repair } = uplink();
  const { watch } = watched();
  cut();
  await until('linkdown', () => watch.defaultRoute('ipv4')?.nextHops[0]?.linkDown);
  repair();
  await until('no linkdown', () => watch.defaultRoute('ipv4')?.nextHops[0]?.linkDown === false);
});

test('one next hop of several that is down is dead, and the route stays', async () => {
  cable('eth0');
  cable('eth1');
  ip('addr', 'add', '192.0.2.1/24', 'dev', 'eth0');
  ip('addr', 'add', '198.51.100.1/24', 'dev', 'eth1');
  const hops = ['nexthop', 'via', '192.0.2.9', 'weight', '3', 'nexthop', 'via', '198.51.100.9'];
  ip('route', 'add', 'default', ...hops);
  const { watch } = watched();
  ip('link', 'set', 'eth0', 'down');
  await agreed(watch);
  expect(watch.defaultRoute('ipv4')?.nextHops).toMatchObject([
    { interface: 'eth0', weight: 3, dead: true },
    { interface: 'eth1', weight: 1, dead: false },
  ]);
});

test('a link with another name renames the next hops and the addresses', async () => {
  uplink();
  const { watch } = watched();
  ip('link', 'set', 'eth0', 'name', 'wan0');
  await agreed(watch);
  expect(watch.defaultRoute('ipv4')?.nextHops[0]?.interface).toBe('wan0');
  expect(watch.addresses).toContainEqual(
    expect.objectContaining({ address: '192.0.2.1', interface: 'wan0' }),
  );
});

test('addresses are reported with their peers and their lifetimes, and leave the watch', async () => {
  cable('eth0');
  const { watch, events } = watched();
  ip('addr', 'add', '192.0.2.1/24', 'dev', 'eth0', 'valid_lft', '3600', 'preferred_lft', '0');
  ip('addr', 'add', '192.0.2.3', 'peer', '192.0.2.4', 'dev', 'eth0');
  ip('addr', 'add', '2001:db8::1/64', 'dev', 'eth0', 'nodad');
  // The kernel reports an address of IPv6 from a work queue.
  const has = (text: string) => watch.addresses.some(({ address }) => address === text);
  await until('the address of IPv6 came', () => has('2001:db8::1'));
  expect(watch.addresses).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ address: '192.0.2.1', permanent: false, deprecated: true, prefixLength: 24 }),
      expect.objectContaining({ address: '192.0.2.3', peer: '192.0.2.4', prefixLength: 32 }),
      expect.objectContaining({ address: '2001:db8::1', family: 'ipv6', permanent: true }),
    ]),
  );
  ip('addr', 'del', '2001:db8::1/64', 'dev', 'eth0');
  await until('the address of IPv6 went', () => !has('2001:db8::1'));
  expect(events).toContainEqual(
    expect.objectContaining({ type: 'removed', entry: expect.objectContaining({ address: '2001:db8::1' }) }),
  );
});

test('neighbours are reported where they are wanted, and not otherwise', () => {
  cable('eth0');
  const silent = watched();
  const { watch } = watched({ neighbours: true });
  const words = ['192.0.2.77', 'lladdr', '02:00:00:00:00:01', 'dev', 'eth0', 'nud', 'permanent'];
  ip('neigh', 'add', ...words);
  caughtUp(watch);
  caughtUp(silent.watch);
  const neighbour = {
    address: '192.0.2.77',
    hardware: '02:00:00:00:00:01',
    state: 'permanent',
    interface: 'eth0',
  };
  expect(watch.neighbours).toContainEqual(expect.objectContaining(neighbour));
  expect(silent.watch.neighbours).toEqual([]);
  expect(listNeighbours()).toContainEqual(expect.objectContaining(neighbour));
});

test('the options limit a watch to families, tables and default routes', () => {
  uplink();
  ip('route', 'add', 'default', 'via', '192.0.2.9', 'table', '100');
  ip('route', 'add', '10.0.0.0/8', 'via', '192.0.2.9', 'table', '100');
  const tables = (options: Parameters<typeof watched>[0]) =>
    watched(options).watch.routes.map(({ table, destination }) => `${table} ${destination}`);
  expect(tables({ families: ['ipv6'] }).filter((line) => line.includes('.'))).toEqual([]);
  expect(tables({ families: ['ipv4'], tables: [100] })).toEqual(['100 0.0.0.0/0', '100 10.0.0.0/8']);
  expect(tables({ families: ['ipv4'], routes: 'default' })).toEqual(['100 0.0.0.0/0', '254 0.0.0.0/0']);
  expect(tables({ routes: 'none' })).toEqual([]);
  expect(tables({ families: ['ipv4'], tables: [255] })).toContain('255 192.0.2.1/32');
});

test('an overrun of the socket is reported once, and the watch has the routes of the kernel afterwards', async () => {
  uplink();
  const { watch } = watched({ receiveBufferBytes: 1 });
  const nets = Array.from({ length: 500 }, (_, at) => `10.${at >> 8}.${at & 0xff}.0/24`);
  ipBatch(nets.map((net) => `route add ${net} via 192.0.2.9`));
  ip('route', 'del', '10.0.7.0/24');
  await agreed(watch);
  expect(watch.counters.overruns).toBeGreaterThan(0);
  expect(watch.routes.length).toBeGreaterThan(490);
});

test('one question without a watch is answered as by a watch', async () => {
  uplink();
  ip('route', 'add', 'blackhole', '10.0.0.0/8');
  ip('addr', 'add', '2001:db8::1/64', 'dev', 'eth0', 'nodad');
  ip('route', 'add', 'default', 'via', '2001:db8::9');
  const { watch } = watched();
  expect(defaultRoute('ipv4')).toEqual(watch.defaultRoute('ipv4'));
  expect(defaultRoute('ipv6')).toMatchObject({ nextHops: [{ gateway: '2001:db8::9', interface: 'eth0' }] });
  await agreed(watch);
  expect(lines(listRoutes())).toEqual(ipRoutes());
  const sorted = (list: typeof watch.addresses) => list.map(({ address }) => address).sort();
  await until('the same addresses', () => `${sorted(listAddresses())}` === `${sorted(watch.addresses)}`);
});
