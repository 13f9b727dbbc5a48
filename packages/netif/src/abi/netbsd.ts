import {
  bsdFlags,
  ifmStatus,
  metricProbeOf144,
  noCarp,
  noMedia,
  noSuchInterface,
  requestsOf144,
} from './bsd.ts';
import type { NetIfAbi } from './netif-abi.ts';

/** NetBSD 9 and 10, amd64 and arm64. The numbers are the same on both. */
export const netbsd = {
  // net/if.h
  ifreq: { size: 144, ifr_name: 0, IFNAMSIZ: 16, ifr_flags: 16, ifr_flagshigh: null, ifr_data: 16 },
  ...requestsOf144,
  ...bsdFlags,
  noSuchInterface,
  privilegeProbe: metricProbeOf144,
  link: {
    how: 'ifmedia',
    // sys/sockio.h
    requests: [{ name: 'SIOCGIFMEDIA', request: 0xc0306938 }],
    // net/if.h
    ifmediareq: { size: 48, ifm_name: 0, ifm_status: 24, sizeof_ifm_status: 4 },
    ...ifmStatus,
    noMedia,
  },
  carrierCounter: null,
  carp: {
    on: 'carp-interface',
    // netinet/ip_carp.h
    SIOCGVH: 0xc0906983,
    SIOCSVH: null,
    carpreq: {
      size: 52,
      nodes: { count: 1, width: 4, carpr_vhid: 20, carpr_state: 0, carpr_advskew: 24 },
      carpr_advbase: 28,
      carpr_count: null,
      carpr_carpdev: 4,
    },
    noCarp,
  },
  demotion: null,
} as const satisfies NetIfAbi;

/** NetBSD 7 and 8: SIOCGIFMEDIA has another number. */
export const netbsd8 = {
  ...netbsd,
  link: { ...netbsd.link, requests: [{ name: 'SIOCGIFMEDIA', request: 0xc0306936 }] },
} as const satisfies NetIfAbi;
