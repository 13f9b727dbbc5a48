import { bsdFlags, ifmStatus, metricProbeOf32, noMedia, noSuchInterface, requestsOf32 } from './bsd.ts';
import type { NetIfAbi } from './netif-abi.ts';

/** macOS 11 and later, x64 and arm64. The numbers are the same on both. */
export const darwin = {
  // net/if.h. The flags have 16 bits.
  ifreq: { size: 32, ifr_name: 0, IFNAMSIZ: 16, ifr_flags: 16, ifr_flagshigh: null, ifr_data: 16 },
  ...requestsOf32,
  ...bsdFlags,
  noSuchInterface,
  privilegeProbe: metricProbeOf32,
  link: {
    how: 'ifmedia',
    // sys/sockio.h
    requests: [
      { name: 'SIOCGIFMEDIA', request: 0xc02c6938 },
      { name: 'SIOCGIFXMEDIA', request: 0xc02c6948 },
    ],
    // net/if.h, under #pragma pack(4)
    ifmediareq: { size: 44, ifm_name: 0, ifm_status: 24, sizeof_ifm_status: 4 },
    ...ifmStatus,
    noMedia,
  },
  carrierCounter: null,
  carp: null,
  demotion: null,
} as const satisfies NetIfAbi;
