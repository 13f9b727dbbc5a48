import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { netbsd7, routeAbiOf, routeAbis } from '../../src/abi/index.ts';
import type { RouteAbi } from '../../src/abi/route-abi.ts';

type Numbers = Readonly<Record<string, number>>;

const headers = JSON.parse(
  readFileSync(new URL('../fixtures/abi-bsd.json', import.meta.url), 'utf8'),
) as Readonly<Record<keyof typeof routeAbis, Readonly<Record<string, Numbers>>>>;

/** The numbers that are not null. */
function numbersOf(group: Readonly<Record<string, unknown>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(group).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
  );
}

describe.each(Object.keys(routeAbis) as (keyof typeof routeAbis)[])('%s', (platform) => {
  const abi: RouteAbi = routeAbis[platform];
  const header = headers[platform];

  test('the socket numbers equal those of the headers', () => {
    const { AF_ROUTE, AF_LINK, SO_RERROR } = abi;
    expect(header['socket']).toMatchObject({ AF_ROUTE, AF_LINK });
    expect(header['socket']?.['SO_RERROR'] ?? null).toBe(SO_RERROR);
  });

  test('the types of messages equal those of the headers', () => {
    const { RTM_IFANNOUNCE, RTM_NEWMADDR, RTM_DESYNC, ...rest } = abi.rtm;
    expect(header['rtm']).toMatchObject(rest);
    expect(header['rtm']?.['RTM_IFANNOUNCE'] ?? null).toBe(RTM_IFANNOUNCE);
    expect(header['rtm']?.['RTM_DESYNC'] ?? null).toBe(RTM_DESYNC);
    // DragonFly and macOS have it as well, and no routing tables that would hide addresses.
    expect([null, header['rtm']?.['RTM_NEWMADDR']]).toContain(RTM_NEWMADDR);
  });

  test('every message has its length, version and type at the same offset', () => {
    expect(header['struct_rt_msghdr']).toMatchObject(abi.rt_msghdr);
    expect(header['struct_if_msghdr']).toMatchObject({ ifm_msglen: 0, ifm_version: 2, ifm_type: 3 });
  });

  test('the layout of struct if_msghdr equals that of the headers', () => {
    const at = abi.if_msghdr;
    const { ifm_addrs, ifm_flags, ifm_index, ifi_type } = at;
    const struct = header['struct_if_msghdr'];
    expect(struct).toMatchObject({ ifm_addrs, ifm_flags, ifm_index, 'ifm_data.ifi_type': ifi_type });
    expect(struct).toMatchObject({ sizeof_ifm_flags: 4, sizeof_ifm_index: 2 });
    expect(struct?.['ifm_data.ifi_link_state'] ?? null).toBe(at.ifi_link_state);
  });

  test('the socket addresses begin at the offset in the message, or at its size', () => {
    const { base, plus } = abi.if_msghdr.addresses;
    const struct = header['struct_if_msghdr'];
    expect(plus).toBe(struct?.['ifm_hdrlen'] ?? struct?.['ifm_data.ifi_datalen'] ?? null);
    const start =
      'ifm_hdrlen' in (struct ?? {}) ? 0 : plus === null ? struct?.['size'] : struct?.['ifm_data'];
    expect(base).toBe(start);
  });

  test('the layout of struct ifa_msghdr equals that of the headers', () => {
    expect(header['struct_ifa_msghdr']).toMatchObject(abi.ifa_msghdr);
  });

  test('struct ifma_msghdr has its index at the same offset where RTM_NEWMADDR is read', () => {
    if (abi.rtm.RTM_NEWMADDR !== null) {
      expect(header['struct_ifma_msghdr']?.['ifmam_index']).toBe(abi.ifa_msghdr.ifam_index);
    }
  });

  test('the layout of struct if_announcemsghdr equals that of the headers', () => {
    const struct = header['struct_if_announcemsghdr'];
    if (abi.if_announcemsghdr === null) {
      expect(struct).toBeUndefined();
    } else {
      const { IFAN_ARRIVAL, IFAN_DEPARTURE, ...layout } = abi.if_announcemsghdr;
      expect(struct).toMatchObject({ ...layout, sizeof_ifan_name: abi.IFNAMSIZ, sizeof_ifan_what: 2 });
      expect(header['ifan']).toMatchObject({ IFAN_ARRIVAL, IFAN_DEPARTURE });
    }
    expect(header['limits']).toMatchObject({ IFNAMSIZ: abi.IFNAMSIZ });
  });

  test('the layout of struct sockaddr_dl equals that of the headers', () => {
    expect(header['struct_sockaddr_dl']).toMatchObject({
      sdl_len: 0,
      sdl_family: 1,
      sdl_nlen: 5,
      sdl_data: 8,
    });
    expect(header['rta']).toMatchObject({ RTAX_IFP: abi.RTAX_IFP, RTA_IFP: 1 << abi.RTAX_IFP });
  });

  test('the flags and types of interfaces equal those of the headers', () => {
    const { IFF_UP, IFF_RUNNING } = abi;
    expect(header['iff']).toMatchObject({ IFF_UP, IFF_RUNNING });
    expect(header['iff']?.['IFF_DYING'] ?? 0).toBe(abi.IFF_DYING);
    // Darwin has the type and no carp(4).
    expect([null, header['ift']?.['IFT_CARP']]).toContain(abi.IFT_CARP);
  });

  test('the link states equal those of the headers', () => {
    const words = { UNKNOWN: 'unknown', INVALID: 'invalid', DOWN: 'down', KALIVE_DOWN: 'down' };
    const expected: string[] = [];
    for (const [name, value] of Object.entries(header['link_state'] ?? { LINK_STATE_UNKNOWN: 0 })) {
      const word = name.replace('LINK_STATE_', '');
      expected[value] = word in words ? words[word as keyof typeof words] : 'up';
    }
    expect(abi.linkStates).toEqual(expected);
  });

  test('the sysctl of the list equals that of the headers', () => {
    const { CTL_NET, NET_RT_IFLIST } = header['sysctl'] as { CTL_NET: number; NET_RT_IFLIST: number };
    expect(abi.interfaceList).toEqual([CTL_NET, abi.AF_ROUTE, 0, 0, NET_RT_IFLIST, 0]);
  });

  test('the numbers of the filter equal those of the headers', () => {
    const options = numbersOf(header['route_opts'] ?? {});
    const mask = options['ROUTE_MSGFILTER'];
    const types = options['RO_MSGFILTER'];
    const level = options['ROUTE_MSGFILTER_level'] ?? options['RO_MSGFILTER_level'];
    const option = mask ?? types;
    const takes = mask === undefined ? 'types' : 'mask';
    expect(abi.filter).toEqual(option === undefined ? null : { level, option, takes });
  });
});

test('the numbers of kernel events and media of macOS equal those of the headers', () => {
  const { events, media } = routeAbis.darwin.carrier ?? expect.unreachable();
  const { kern_event_msg, kev_request, net_event_data, PF_SYSTEM, SYSPROTO_EVENT, SIOCSKEVFILT, ...numbers } =
    events;
  const header = headers.darwin;
  expect(header['socket']).toMatchObject({ PF_SYSTEM, SYSPROTO_EVENT });
  expect(header['kernel_event']).toMatchObject(numbers);
  expect(header['struct_kern_event_msg']).toMatchObject(kern_event_msg);
  expect(header['struct_kev_request']).toMatchObject(kev_request);
  // struct net_event_data, bsd/net/if_var.h: u_int32_t if_family, u_int32_t if_unit, char if_name[16].
  expect(net_event_data).toEqual({ if_unit: 4, if_name: 8 });
  const { SIOCGIFMEDIA, SIOCGIFXMEDIA, ...others } = header['ioctl'] as Numbers;
  expect(media.requests).toEqual([SIOCGIFMEDIA, SIOCGIFXMEDIA]);
  expect(others).toMatchObject({ SIOCSKEVFILT });
  expect(header['struct_ifmediareq']).toMatchObject(media.ifmediareq);
  expect(header['ifm']).toMatchObject({ IFM_AVALID: media.IFM_AVALID, IFM_ACTIVE: media.IFM_ACTIVE });
});

test.each(Object.entries(routeAbis))(
  '%s has a link state in messages or another way to the carrier',
  (_, abi) => {
    expect(abi.carrier === null).toBe(abi.if_msghdr.ifi_link_state !== null);
  },
);

test('the sizes of the link state equal those of the headers', () => {
  const sizes = Object.entries(routeAbis).map(([platform, abi]) => [
    platform,
    abi.if_msghdr.sizeof_ifi_link_state,
  ]);
  // sizeof ifi_link_state in struct if_data; macOS has none.
  expect(Object.fromEntries(sizes)).toEqual({ freebsd: 1, openbsd: 1, netbsd: 4, dragonfly: 8, darwin: 1 });
});

test('the table of NetBSD 7 differs in the numbers for addresses and for the list', () => {
  const old = headers.netbsd['netbsd7_8_values_do_not_use'];
  expect(netbsd7.rtm).toEqual({
    ...routeAbis.netbsd.rtm,
    RTM_NEWADDR: old?.['RTM_NEWADDR_nb7'],
    RTM_DELADDR: old?.['RTM_DELADDR_nb7'],
  });
  // NetBSD 7's struct ifa_msghdr is in the captured messages, which test/wire/route-replay.test.ts reads.
  expect(netbsd7.ifa_msghdr).not.toEqual(routeAbis.netbsd.ifa_msghdr);
  expect(netbsd7.interfaceList[4]).toBe(old?.['NET_RT_IFLIST_nb7']);
});

test('Linux has no table for routing sockets', () => {
  expect(routeAbiOf('linux')).toBeNull();
  expect(routeAbiOf('openbsd')).toBe(routeAbis.openbsd);
});
