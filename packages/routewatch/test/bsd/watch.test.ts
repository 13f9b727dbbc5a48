import { type ScriptedBsd, scriptedBsd } from '@ifdepd/scripted-kernels';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  defaultRoute,
  listAddresses,
  listNeighbours,
  listRoutes,
  type RouteEvent,
  type RouteWatch,
  type WatchRoutesOptions,
  watchRoutes,
} from '../../src/index.ts';
import { caughtUp } from '../support/caught-up.ts';

const systems = ['freebsd', 'openbsd', 'netbsd', 'dragonfly', 'darwin'] as const;
const ANY6 = '0:0:0:0:0:0:0:0/0';

/** A watch over a scripted kernel with one card, em0, that is up and has an address and a default route. */
function watched(
  system: (typeof systems)[number],
  options: WatchRoutesOptions = {},
): { kernel: ScriptedBsd; watch: RouteWatch; events: RouteEvent[] } {
  const kernel = scriptedBsd(system);
  kernel.attach('em0');
  kernel.setAdmin('em0', 'up');
  kernel.giveOwnAddress('em0', '192.0.2.1/24');
  kernel.addRoute('0.0.0.0/0', '192.0.2.9', 'em0');
  const watch = watchRoutes({ libc: kernel.libc, ...options });
  onTestFinished(() => watch.close());
  const events: RouteEvent[] = [];
  watch.subscribe((event) => events.push(event));
  events.shift();
  return { kernel, watch, events };
}

describe.each(systems)('a watch on the routing socket of %s', (system) => {
  test('the default route and the addresses are known at once', () => {
    const { watch } = watched(system);
    const hop = { interface: 'em0', gateway: '192.0.2.9', weight: 1 };
    expect(watch.backend).toBe('route-socket');
    expect(watch.defaultRoute('ipv4')).toMatchObject({ destination: '0.0.0.0/0', nextHops: [hop] });
    expect(watch.addresses).toContainEqual(
      expect.objectContaining({ address: '192.0.2.1', prefixLength: 24, interface: 'em0' }),
    );
  });

  test('routes that come and go are reported, of IPv6 too, with nets of any length', () => {
    const { kernel, watch, events } = watched(system);
    kernel.addRoute('10.1.128.0/17', '192.0.2.8', 'em0');
    kernel.addRoute(ANY6, 'fe80:2:0:0:0:0:0:9', 'em0');
    kernel.addRoute('2001:db8:0:0:0:0:0:0/61', null, 'em0');
    kernel.turn();
    caughtUp(watch);
    expect(events.map((event) => ('entry' in event ? [event.type, event.entry] : event.type))).toMatchObject([
      ['added', { destination: '10.1.128.0/17', nextHops: [{ gateway: '192.0.2.8' }] }],
      // The kernel keeps the number of the interface in a link-local address.
      [
        'added',
        { destination: '::/0', family: 'ipv6', nextHops: [{ gateway: 'fe80::9', interface: 'em0' }] },
      ],
      ['added', { destination: '2001:db8::/61', nextHops: [{ gateway: null, interface: 'em0' }] }],
    ]);
    events.splice(0);
    kernel.deleteRoute(ANY6);
    kernel.turn();
    caughtUp(watch);
    expect(events).toMatchObject([{ type: 'removed', entry: { destination: '::/0' } }]);
    expect(watch.defaultRoute('ipv6')).toBeNull();
  });

  test('a blackhole and a reject route are no default routes', () => {
    const { kernel, watch } = watched(system);
    kernel.deleteRoute('0.0.0.0/0');
    kernel.addRoute('0.0.0.0/0', '127.0.0.1', 'lo0', 0x1000);
    kernel.addRoute('10.0.0.0/8', '127.0.0.1', 'lo0', 0x8);
    kernel.turn();
    caughtUp(watch);
    expect(watch.defaultRoute('ipv4')).toBeNull();
    expect(watch.routes.map(({ type }) => type)).toEqual(['blackhole', 'unreachable']);
  });

  test('a neighbour, which these kernels keep as a route, is no route', () => {
    const { kernel, watch, events } = watched(system);
    kernel.addRoute('192.0.2.77/32', null, 'em0', 0x404);
    kernel.turn();
    caughtUp(watch);
    expect(events).toEqual([]);
    expect(watch.routes).toHaveLength(1);
  });

  test('routes that go with their interface, without a message about them, leave the watch', () => {
    const { kernel, watch } = watched(system);
    kernel.setAdmin('em0', 'down');
    kernel.turn();
    caughtUp(watch);
    expect(watch.defaultRoute('ipv4')).toBeNull();
    kernel.setAdmin('em0', 'up');
    kernel.turn();
    caughtUp(watch);
    expect(watch.defaultRoute('ipv4')).not.toBeNull();
  });

  test('after messages were lost the watch has the routes of the kernel at the next list', () => {
    const { kernel, watch } = watched(system, { receiveBufferBytes: 8192 });
    for (let at = 0; at < 200; at += 1) {
      kernel.addRoute(`10.0.${at}.0/24`, '192.0.2.8', 'em0');
    }
    kernel.turn();
    caughtUp(watch);
    expect(watch.routes).toHaveLength(201);
    // macOS drops messages silently.
    expect(watch.counters.overruns > 0).toBe(system !== 'darwin');
    kernel.deleteRoute('10.0.7.0/24', true);
    watch.resync();
    caughtUp(watch);
    expect(watch.routes).toHaveLength(200);
  });

  test('one question without a watch is answered as by a watch', () => {
    const { kernel, watch } = watched(system);
    const { libc } = kernel;
    expect(defaultRoute('ipv4', { libc })).toEqual(watch.defaultRoute('ipv4'));
    expect(listRoutes({ libc })).toEqual(watch.routes);
    expect(listAddresses({ libc })).toEqual(watch.addresses);
  });

  test('neighbours are refused, with the reason', () => {
    const { libc } = scriptedBsd(system);
    const reason = `neighbours are read on Linux alone, and this is ${system}`;
    expect(() => listNeighbours({ libc })).toThrow(new RangeError(`listNeighbours: ${reason}`));
    expect(() => watchRoutes({ libc, neighbours: true })).toThrow(new RangeError(`watchRoutes: ${reason}`));
  });

  test('a list that the kernel refuses makes the start fail', () => {
    const { libc } = scriptedBsd(system);
    const refusing = { ...libc, sysctl: () => -1 };
    expect(() => watchRoutes({ libc: refusing })).toThrow(/EPERM/);
    expect(() => listRoutes({ libc: refusing })).toThrow(/EPERM/);
  });
});

test('macOS: a route for sockets that are bound to one interface is no route of the table', () => {
  const { kernel, watch } = watched('darwin');
  const RTF_IFSCOPE = 0x100_0000;
  kernel.attach('en1');
  kernel.setAdmin('en1', 'up');
  kernel.addRoute('0.0.0.0/0', '198.51.100.9', 'en1', RTF_IFSCOPE);
  kernel.turn();
  caughtUp(watch);
  expect(watch.defaultRoutes).toMatchObject([{ nextHops: [{ gateway: '192.0.2.9' }] }]);
});

test('macOS: a route whose message was lost silently leaves the watch at the next list', async () => {
  const { kernel, watch } = watched('darwin', { resyncIntervalMs: 5 });
  const gone = new Promise<void>((resolve) => {
    watch.subscribe((event) => event.type === 'removed' && resolve());
  });
  kernel.deleteRoute('0.0.0.0/0', true);
  await gone;
  expect(watch.defaultRoute('ipv4')).toBeNull();
});

test('a system whose lists have another version is refused, and is not taken for one without routes', () => {
  const { libc } = scriptedBsd('freebsd');
  const older: typeof libc.sysctl = (mib, into, from) => {
    const length = libc.sysctl(mib, into, from);
    // rtm_version.
    into?.fill(3, 2, 3);
    return length;
  };
  const message = 'no interface in the list of interfaces, in version 5';
  expect(() => watchRoutes({ libc: { ...libc, sysctl: older } })).toThrow(message);
  expect(() => listRoutes({ libc: { ...libc, sysctl: older } })).toThrow(message);
});
