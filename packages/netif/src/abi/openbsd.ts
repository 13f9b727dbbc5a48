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

/** OpenBSD 7.x, amd64 and arm64. The numbers are the same on both. */
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
    // net/if.h. The fields have 64 bits.
    ifmediareq: { size: 64, ifm_name: 0, ifm_status: 32, sizeof_ifm_status: 8 },
    ...ifmStatus,
    noMedia,
  },
  carrierCounter: null,
  carp: {
    on: 'carp-interface',
    // netinet/ip_carp.h. A carp interface has up to 32 virtual hosts, in arrays of bytes that end with vhid zero.
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
    // carp_carpdev_state() in netinet/ip_carp.c adds 1. net/if.c refuses a sum below 0 or above 255.
    usual: 1,
    least: 0,
    ifgroupreq: { size: 40, ifgr_name: 0, ifgr_attrib: 24 },
  },
} as const satisfies NetIfAbi;
