import {
  bsdFlags,
  ifmStatus,
  metricProbeOf32,
  noCarp,
  noMedia,
  noSuchInterface,
  requestsOf32,
} from './bsd.ts';
import type { NetIfAbi } from './netif-abi.ts';

/** DragonFly 5.8 to 6.x, amd64. */
export const dragonfly = {
  // net/if.h. The flags have two halves, as on FreeBSD.
  ifreq: { size: 32, ifr_name: 0, IFNAMSIZ: 16, ifr_flags: 16, ifr_flagshigh: 18, ifr_data: 16 },
  ...requestsOf32,
  ...bsdFlags,
  noSuchInterface,
  privilegeProbe: metricProbeOf32,
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
    SIOCGVH: 0xc02069f6,
    SIOCSVH: null,
    carpreq: {
      size: 36,
      nodes: { count: 1, width: 4, carpr_vhid: 4, carpr_state: 0, carpr_advskew: 8 },
      carpr_advbase: 12,
      carpr_count: null,
      carpr_carpdev: null,
    },
    noCarp,
  },
  // if_var.h has the counter, but no message carries it.
  demotion: null,
} as const satisfies NetIfAbi;
