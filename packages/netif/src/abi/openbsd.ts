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

/** OpenBSD 7.x, amd64 and arm64: the same numbers. */
export const openbsd = {
  // net/if.h
  ifreq: { size: 32, ifr_name: 0, IFNAMSIZ: 16, ifr_flags: 16, ifr_flagshigh: null, ifr_data: 16 },
  ...requestsOf32,
  ...bsdFlags,
  noSuchInterface,
  privilegeProbe: metricProbeOf32,
  link: {
    how: 'ifmedia',
    // sys/sockio.h
    requests: [{ name: 'SIOCGIFMEDIA', request: 0xc0406938 }],
    // net/if.h: the words have 64 bits.
    ifmediareq: { size: 64, ifm_name: 0, ifm_status: 32, sizeof_ifm_status: 8 },
    ...ifmStatus,
    noMedia,
  },
  carrierCounter: null,
  carp: {
    on: 'carp-interface',
    // netinet/ip_carp.h: a carp interface may have up to 32 virtual hosts, in arrays of bytes that a zero vhid ends.
    SIOCGVH: 0xc02069f6,
    SIOCSVH: null,
    carpreq: {
      size: 148,
      nodes: { count: 32, width: 1, carpr_vhid: 20, carpr_state: 84, carpr_advskew: 52 },
      carpr_advbase: 120,
      carpr_count: null,
      carpr_carpdev: 4,
    },
    noCarp,
  },
  demotion: {
    how: 'group',
    // sys/sockio.h, net/if.h
    SIOCGIFGATTR: 0xc028698b,
    SIOCSIFGATTR: 0x8028698c,
    group: 'carp',
    // netinet/ip_carp.c: carp_carpdev_state() adds 1; net/if.c: a sum below 0 or above 255 is refused.
    usual: 1,
    least: 0,
    ifgroupreq: { size: 40, ifgr_name: 0, ifgr_attrib: 24 },
  },
} as const satisfies NetIfAbi;
