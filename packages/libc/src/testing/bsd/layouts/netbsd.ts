import type { BsdLayout } from '../layout.ts';

/** NetBSD 9 and 10. Its behaviour was observed on 7.99.34; SO_RERROR and RO_MSGFILTER came later. */
export const netbsdLayout = {
  platform: 'netbsd',
  AF_ROUTE: 34,
  iflist: [4, 34, 0, 0, 6, 0],
  rtm: {
    RTM_VERSION: 4,
    RTM_IFINFO: 20,
    RTM_IFANNOUNCE: 16,
    RTM_NEWADDR: 22,
    RTM_DELADDR: 23,
    RTM_DESYNC: null,
  },
  hdrlen: null,
  if_msghdr: {
    size: 152,
    index: 12,
    addrs: 4,
    flags: 8,
    ifi_type: 16,
    ifi_link_state: 20,
    sizeof_ifi_link_state: 4,
    ifi_datalen: null,
  },
  ifa_msghdr: { size: 32, index: 4, addrs: 12, flags: 8 },
  if_announcemsghdr: { size: 24, ifan_index: 4, ifan_name: 6, ifan_what: 22 },
  sizeof_sockaddr_dl: 32,
  sdl_len: 'used',
  sockaddrRoundup: 8,
  link: { unknown: 0, invalid: 0, down: 1, up: 2 },
  IFT_CARP: 248,
  ioctl: {
    SIOCGIFFLAGS: 0xc0906911,
    SIOCSIFFLAGS: 0x80906910,
    SIOCGIFMETRIC: 0xc0906917,
    SIOCSIFMETRIC: 0x80906918,
    SIOCGIFMEDIA: 0xc0306938,
    SIOCGVH: 0xc0906983,
    SIOCSVH: 0xc0906982,
    SIOCGIFGATTR: null,
    SIOCSIFGATTR: null,
    SIOCSKEVFILT: null,
  },
  ifr_flagshigh: null,
  ifmediareq: { ifm_status: 24 },
  carpreq: {
    carpr_state: 0,
    carpr_vhid: 20,
    carpr_advskew: 24,
    carpr_advbase: 28,
    carpr_carpdev: 4,
    width: 4,
  },
  filter: { level: 34, option: 1, takes: 'types' },
  SO_RERROR: 0x4000,
  behaviour: {
    signExtendedFlags: true,
    loopbackLink: 'unknown',
    up: ['up', 'running'],
    lateLinkMessage: true,
    addressTellsFlags: true,
    addressesFollowAdmin: false,
    dying: 0,
    renames: false,
    mediaUnknownBeforeUp: true,
    noMediaErrno: 25,
    // An mbuf for each: 16 messages of 152 bytes filled 8192.
    chargedAtLeast: 512,
    maxRcvbuf: 233_015,
    carp: 'interface',
    carpFollowsLink: true,
    carpBounces: true,
    demotion: null,
    kernelEvents: false,
  },
} as const satisfies BsdLayout;

/**
 * NetBSD 7, which the captured messages are of: older numbers for addresses, for the list and for media, and an older
 * header of addresses.
 */
export const netbsd7Layout = {
  ...netbsdLayout,
  iflist: [4, 34, 0, 0, 5, 0],
  rtm: { ...netbsdLayout.rtm, RTM_NEWADDR: 12, RTM_DELADDR: 13 },
  ifa_msghdr: { size: 24, index: 16, addrs: 4, flags: 8 },
  ioctl: { ...netbsdLayout.ioctl, SIOCGIFMEDIA: 0xc0306936 },
  filter: null,
  SO_RERROR: null,
} as const satisfies BsdLayout;
