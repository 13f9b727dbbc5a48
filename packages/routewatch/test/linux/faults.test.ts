import { linux, type NetlinkMessage, SINGLE_REQUEST } from '@ifdepd/netlink';
import { done, host, refusal, type ScriptedNetlink, scriptedNetlink } from '@ifdepd/netlink/testing';
import { expect, onTestFinished, test, vi } from 'vitest';
import { defaultRoute, listRoutes, type RouteEvent, type RouteWatch, watchRoutes } from '../../src/index.ts';
import { caughtUp } from '../support/caught-up.ts';

const { nlmsg, rtm, rta, ifla, socket, struct, route: numbers } = linux;
const EPERM = 1;
const ENODEV = 19;
const ENOBUFS = 105;

/** RTM_NEWLINK of eth0, number 2. */
function link(flags: number, sequence = 0): Uint8Array {
  return host.message(
    { type: rtm.RTM_NEWLINK, flags: sequence === 0 ? 0 : nlmsg.NLM_F_MULTI, sequence },
    host.struct(struct.ifinfomsg, { ifi_index: 2, ifi_flags: flags }),
    host.attribute(ifla.IFLA_IFNAME, 'eth0'),
  );
}

/** RTM_NEWROUTE, or another type, of a default route through eth0. */
function route(
  gateway: number,
  { sequence = 0, flags = 0, type = rtm.RTM_NEWROUTE as number } = {},
): Uint8Array {
  return host.message(
    { type, flags: flags | (sequence === 0 ? 0 : nlmsg.NLM_F_MULTI), sequence },
    host.struct(struct.rtmsg, {
      rtm_family: socket.AF_INET,
      rtm_table: numbers.RT_TABLE_MAIN,
      rtm_type: numbers.RTN_UNICAST,
    }),
    host.attribute(rta.RTA_OIF, 2),
    host.attribute(rta.RTA_GATEWAY, Uint8Array.of(192, 0, 2, gateway)),
  );
}

/** A kernel with eth0 and a default route of IPv4, whose lists a test can spoil. */
function kernel(): {
  libc: ScriptedNetlink;
  gateways: number[];
  spoil: (request: NetlinkMessage) => readonly (Uint8Array | number)[] | null;
  lists: number[];
} {
  const made: ReturnType<typeof kernel> = {
    gateways: [9],
    lists: [],
    spoil: () => null,
    libc: scriptedNetlink((request) => {
      const { type, sequence, flags } = request;
      if ((flags & nlmsg.NLM_F_DUMP) !== nlmsg.NLM_F_DUMP) {
        return sequence === SINGLE_REQUEST ? [] : [refusal(sequence, ENODEV)];
      }
      made.lists.push(type);
      const spoilt = made.spoil(request);
      if (spoilt !== null) {
        return spoilt;
      }
      if (type === rtm.RTM_GETLINK) {
        return [link(1, sequence), done(sequence)];
      }
      const four = request.bytes[request.payload] === socket.AF_INET;
      const routes = type === rtm.RTM_GETROUTE && four ? made.gateways : [];
      return [...routes.map((gateway) => route(gateway, { sequence })), done(sequence)];
    }),
  };
  return made;
}

function watched(libc: ScriptedNetlink): { watch: RouteWatch; events: RouteEvent[] } {
  const watch = watchRoutes({ libc });
  onTestFinished(() => watch.close());
  const events: RouteEvent[] = [];
  watch.subscribe((event) => events.push(event));
  return { watch, events };
}

const gatewayOf = (watch: RouteWatch) => watch.defaultRoute('ipv4')?.nextHops[0]?.gateway ?? null;

test('a list that changed while the kernel wrote it is read again before the first snapshot', () => {
  const own = kernel();
  let spoilt = 0;
  own.spoil = ({ type, sequence }) =>
    type === rtm.RTM_GETROUTE && spoilt++ === 0
      ? [route(7, { sequence, flags: nlmsg.NLM_F_DUMP_INTR }), done(sequence)]
      : null;
  const { watch, events } = watched(own.libc);
  expect(gatewayOf(watch)).toBe('192.0.2.9');
  expect(events).toHaveLength(1);
  expect(watch.counters).toMatchObject({ interrupted: 1 });
});

test('after an overrun every list is read again, and the differences are reported', () => {
  const own = kernel();
  const { watch, events } = watched(own.libc);
  own.gateways = [8];
  own.libc.deliver(ENOBUFS);
  caughtUp(watch);
  expect(gatewayOf(watch)).toBe('192.0.2.8');
  expect(events.slice(1)).toMatchObject([{ type: 'changed', kind: 'route' }]);
  expect(watch.counters.overruns).toBe(1);
});

test('overruns that never end: the start does not spin, and the lists come after them', () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const own = kernel();
  let receives = 0;
  let broken = true;
  const recvfrom: typeof own.libc.recvfrom = (...words) => {
    receives += 1;
    return broken && receives < 100_000 ? -ENOBUFS : own.libc.recvfrom(...words);
  };
  const { watch } = watched({ ...own.libc, recvfrom });
  expect(receives).toBeLessThan(200);
  vi.advanceTimersByTime(1000);
  expect(receives).toBeLessThan(3000);
  broken = false;
  vi.advanceTimersByTime(1000);
  caughtUp(watch);
  expect(gatewayOf(watch)).toBe('192.0.2.9');
});

test('a message that cannot be decoded makes every list be read again', () => {
  const own = kernel();
  const { watch } = watched(own.libc);
  own.gateways = [8];
  own.libc.deliver(host.message({ type: rtm.RTM_NEWLINK }, Uint8Array.of(1, 2, 3)));
  caughtUp(watch);
  expect(gatewayOf(watch)).toBe('192.0.2.8');
  expect(watch.counters.bad).toBe(1);
});

test('a link event of an interface with a route makes the routes be read again, and one of another does not', () => {
  const own = kernel();
  const { watch } = watched(own.libc);
  own.gateways = [];
  own.lists.splice(0);
  own.libc.deliver(link(1));
  caughtUp(watch);
  expect(own.lists).toEqual([]);
  own.libc.deliver(link(0));
  caughtUp(watch);
  expect(own.lists).toEqual([rtm.RTM_GETROUTE]);
  expect(gatewayOf(watch)).toBeNull();
});

test('a second route with the same net and metric makes the routes be read again', () => {
  const own = kernel();
  const { watch } = watched(own.libc);
  own.gateways = [9, 8];
  own.libc.deliver(route(8, { flags: nlmsg.NLM_F_APPEND }));
  caughtUp(watch);
  expect(watch.defaultRoutes.map(({ nextHops }) => nextHops[0]?.gateway)).toEqual(['192.0.2.9', '192.0.2.8']);
  own.gateways = [8];
  own.libc.deliver(route(9, { type: rtm.RTM_DELROUTE }));
  caughtUp(watch);
  expect(watch.defaultRoutes.map(({ nextHops }) => nextHops[0]?.gateway)).toEqual(['192.0.2.8']);
});

test('a list that the kernel refuses makes the start fail with the reason', () => {
  const own = kernel();
  own.spoil = ({ type, sequence }) => (type === rtm.RTM_GETROUTE ? [refusal(sequence, EPERM)] : null);
  expect(() => watchRoutes({ libc: own.libc })).toThrow(/rtnetlink: .*\(list of routes: EPERM\)/);
});

test('a kernel without IPv6, which lists the routes of IPv4 for it, has no routes of IPv6', () => {
  const own = kernel();
  own.spoil = ({ type, sequence }) =>
    type === rtm.RTM_GETROUTE ? [route(9, { sequence }), done(sequence)] : null;
  const { watch } = watched(own.libc);
  expect(watch.routes.map(({ family }) => family)).toEqual(['ipv4']);
  expect(listRoutes({ libc: own.libc }).map(({ family }) => family)).toEqual(['ipv4']);
  expect(defaultRoute('ipv6', { libc: own.libc })).toBeNull();
});

test('a list that does not end is requested again', async () => {
  const own = kernel();
  const { watch } = watched(own.libc);
  let spoilt = 0;
  own.gateways = [8];
  own.spoil = ({ type }) => (type === rtm.RTM_GETROUTE && spoilt++ === 0 ? [] : null);
  watch.resync();
  const seen = new Promise<void>((resolve) => {
    watch.subscribe((event) => event.type === 'changed' && resolve());
  });
  await seen;
  expect(gatewayOf(watch)).toBe('192.0.2.8');
});
