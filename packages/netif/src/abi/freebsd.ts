import { bsdFlags, ifmStatus, metricProbeOf32, noMedia, noSuchInterface, requestsOf32 } from './bsd.ts';
import type { NetIfAbi } from './netif-abi.ts';

/** FreeBSD 12 to 14 (15 by the tables of golang/sys), amd64 and arm64. The numbers are the same on both. */
export const freebsd = {
  // net/if.h. The kernel takes (ifr_flags & 0xffff) | (ifr_flagshigh << 16) as the new flags: both halves.
  ifreq: { size: 32, ifr_name: 0, IFNAMSIZ: 16, ifr_flags: 16, ifr_flagshigh: 18, ifr_data: 16 },
  ...requestsOf32,
  ...bsdFlags,
  noSuchInterface,
  privilegeProbe: metricProbeOf32,
  link: {
    how: 'ifmedia',
    // sys/sockio.h. A driver may know only one of them. One network card was seen to know only the first.
    requests: [
      { name: 'SIOCGIFMEDIA', request: 0xc0306938 },
      { name: 'SIOCGIFXMEDIA', request: 0xc030698b },
    ],
    // net/if.h
    ifmediareq: { size: 48, ifm_name: 0, ifm_status: 24, sizeof_ifm_status: 4 },
    ...ifmStatus,
    noMedia,
  },
  carrierCounter: null,
  // Since FreeBSD 10 there is no carp interface: a vhid belongs to an ordinary one.
  carp: {
    on: 'vhid-of-parent',
    // netinet/ip_carp.h
    SIOCGVH: 0xc02069f6,
    SIOCSVH: 0xc02069f5,
    carpreq: {
      size: 40,
      nodes: { count: 1, width: 4, carpr_vhid: 4, carpr_state: 8, carpr_advskew: 12 },
      carpr_advbase: 16,
      carpr_count: 0,
      carpr_carpdev: null,
    },
    noCarp: [],
  },
  // netinet/ip_carp.c adds the number that is written. carp_ifdown_adj (net.inet.carp.ifdown_demotion_factor) starts as 240.
  demotion: { how: 'sysctl', sysctl: 'net.inet.carp.demotion', usual: 240, least: null },
} as const satisfies NetIfAbi;
