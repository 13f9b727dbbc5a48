import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { BsdLayout } from '../../src/bsd/layout.ts';
import { bsdLayouts } from '../../src/bsd/layouts/index.ts';

type Numbers = Readonly<Record<string, number>>;
type Headers = Readonly<Record<string, Numbers>> & {
  readonly sysctl_mib: { readonly IFLIST: readonly number[] };
};

const abi = JSON.parse(
  readFileSync(new URL('../../../../packages/libc/test/fixtures/abi.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, Headers>>;

/** Those of a table that are not null: a null says that the header has no such thing. */
function split(numbers: Readonly<Record<string, number | null>>): [present: Numbers, absent: string[]] {
  const entries = Object.entries(numbers);
  const present = entries.filter((entry): entry is [string, number] => entry[1] !== null);
  return [Object.fromEntries(present), entries.filter(([, value]) => value === null).map(([name]) => name)];
}

const { netbsd7, ...present } = bsdLayouts;

describe.each(Object.entries(present))('%s', (platform, layout: BsdLayout) => {
  const header = abi[platform] as Headers;

  test('message types and requests equal those of the headers, and null ones are not in the headers', () => {
    const groups: [string, Readonly<Record<string, number | null>>][] = [
      // DragonFly and macOS have it, where it is not scripted.
      ['rtm', { ...layout.rtm, RTM_NEWMADDR: header['rtm']?.['RTM_NEWMADDR'] ?? null }],
      ['ioctl', { ...layout.ioctl, SIOCGIFMETRIC: null, SIOCSIFMETRIC: null }],
      ['socket', { AF_ROUTE: layout.AF_ROUTE, SO_RERROR: layout.SO_RERROR }],
    ];
    for (const [group, numbers] of groups) {
      const [there, absent] = split(numbers);
      expect(header[group]).toMatchObject(there);
      for (const name of absent) {
        expect(header[group]).not.toHaveProperty(name);
      }
    }
    expect([null, header['rtm']?.['RTM_NEWMADDR']]).toContain(layout.rtm.RTM_NEWMADDR);
    expect(header.sysctl_mib.IFLIST).toEqual(layout.iflist);
  });

  test('the layout of struct if_msghdr equals that of the headers', () => {
    const { size, index, addrs, flags, ifi_type, ifi_link_state, sizeof_ifi_link_state, ifi_datalen } =
      layout.if_msghdr;
    expect(header['struct_if_msghdr']).toMatchObject({
      size,
      ifm_index: index,
      ifm_addrs: addrs,
      ifm_flags: flags,
      'ifm_data.ifi_type': ifi_type,
    });
    expect(header['struct_if_msghdr']?.['ifm_data.ifi_link_state'] ?? null).toBe(ifi_link_state);
    expect(header['struct_if_data']?.['sizeof_ifi_link_state'] ?? 1).toBe(sizeof_ifi_link_state);
    expect(header['struct_if_msghdr']?.['ifm_data.ifi_datalen']).toBe(ifi_datalen?.at);
    expect(header['struct_if_data']?.['size']).toBe(ifi_datalen?.value ?? header['struct_if_data']?.['size']);
    expect(header['struct_if_msghdr']?.['ifm_hdrlen'] ?? null).toBe(layout.hdrlen);
  });

  test('the layouts of struct ifa_msghdr, if_announcemsghdr and sockaddr_dl equal those of the headers', () => {
    const { size, index, addrs, flags } = layout.ifa_msghdr;
    expect(header['struct_ifa_msghdr']).toMatchObject({
      size,
      ifam_index: index,
      ifam_addrs: addrs,
      ifam_flags: flags,
    });
    expect(header['struct_if_announcemsghdr'] === undefined).toBe(layout.if_announcemsghdr === null);
    expect(header['struct_if_announcemsghdr'] ?? {}).toMatchObject(layout.if_announcemsghdr ?? {});
    expect(header['struct_sockaddr_dl']).toMatchObject({ size: layout.sizeof_sockaddr_dl });
    expect(header['alignment']).toMatchObject({ sockaddr_roundup: layout.sockaddrRoundup });
  });

  test('the link states equal those of the headers', () => {
    if (layout.if_msghdr.ifi_link_state !== null) {
      expect(header['link_state']).toMatchObject({
        LINK_STATE_UNKNOWN: layout.link.unknown,
        LINK_STATE_DOWN: layout.link.down,
        LINK_STATE_UP: layout.link.up,
      });
      expect(header['link_state']?.['LINK_STATE_INVALID'] ?? layout.link.unknown).toBe(layout.link.invalid);
    } else {
      expect(header).not.toHaveProperty('link_state');
    }
  });

  test('the layouts of struct ifreq, ifmediareq and carpreq equal those of the headers', () => {
    expect(header['struct_ifreq']?.['ifr_flagshigh'] ?? null).toBe(layout.ifr_flagshigh);
    expect(header['struct_ifmediareq']).toMatchObject(layout.ifmediareq);
    expect(header['struct_carpreq'] === undefined).toBe(layout.carpreq === null);
    if (layout.carpreq !== null) {
      const { width, carpr_state, carpr_vhid, carpr_advskew, carpr_advbase, carpr_carpdev } = layout.carpreq;
      const arrays = { carpr_states: carpr_state, carpr_vhids: carpr_vhid, carpr_advskews: carpr_advskew };
      expect(header['struct_carpreq']).toMatchObject({
        carpr_advbase,
        ...(width === 1 ? arrays : { carpr_state, carpr_vhid, carpr_advskew }),
      });
      expect(header['struct_carpreq']?.['carpr_carpdev'] ?? null).toBe(carpr_carpdev);
      expect([layout.IFT_CARP, undefined]).toContain(header['ift']?.['IFT_CARP']);
    }
  });

  test('the filter of messages equals that of the headers', () => {
    const options = header['route_opts'] ?? {};
    const level = options['ROUTE_MSGFILTER_level'] ?? options['RO_MSGFILTER_level'];
    expect(layout.filter?.level).toBe(level);
    expect(layout.filter?.option).toBe(options['ROUTE_MSGFILTER'] ?? options['RO_MSGFILTER']);
  });
});

test('the layout of NetBSD 7 differs in its older numbers only', () => {
  const old = abi['netbsd']?.['netbsd7_8_values_do_not_use'] as Numbers;
  expect(netbsd7.rtm).toMatchObject({
    RTM_NEWADDR: old['RTM_NEWADDR_nb7'],
    RTM_DELADDR: old['RTM_DELADDR_nb7'],
  });
  expect(netbsd7.iflist.at(-2)).toBe(old['NET_RT_IFLIST_nb7']);
  expect(netbsd7.ioctl.SIOCGIFMEDIA).toBe(old['SIOCGIFMEDIA_nb8']);
  expect(netbsd7.if_msghdr).toBe(bsdLayouts.netbsd.if_msghdr);
});
