import type { CarrierAbi } from './carrier-abi.ts';

/**
 * macOS 11 and later, x64 and arm64. The numbers are the same on both. Compiled from the headers of the SDKs of macOS 11 and 13, and
 * read in apple-oss-distributions/xnu at e3723e1f (macOS 15).
 */
export const darwinCarrier = {
  events: {
    PF_SYSTEM: 32, // bsd/sys/socket.h
    SYSPROTO_EVENT: 1, // bsd/sys/sys_domain.h
    SIOCSKEVFILT: 0x800c6502, // bsd/sys/kern_event.h: _IOW('e', 2, struct kev_request)
    kev_request: { size: 12, vendor_code: 0, kev_class: 4, kev_subclass: 8 }, // bsd/sys/kern_event.h
    KEV_VENDOR_APPLE: 1, // bsd/sys/kern_event.h
    KEV_NETWORK_CLASS: 1, // bsd/sys/kern_event.h
    // bsd/net/net_kev.h
    KEV_DL_SUBCLASS: 2,
    KEV_DL_IF_ATTACHED: 9,
    KEV_DL_IF_DETACHED: 11,
    KEV_DL_LINK_OFF: 12,
    KEV_DL_LINK_ON: 13,
    // bsd/sys/kern_event.h
    kern_event_msg: {
      total_size: 0,
      vendor_code: 4,
      kev_class: 8,
      kev_subclass: 12,
      event_code: 20,
      event_data: 24,
    },
    net_event_data: { if_unit: 4, if_name: 8 }, // bsd/net/if_var.h, after if_family
  },
  media: {
    requests: [0xc02c6938, 0xc02c6948], // bsd/sys/sockio.h: SIOCGIFMEDIA, SIOCGIFXMEDIA
    ifmediareq: { size: 44, ifm_name: 0, ifm_status: 24 }, // bsd/net/if.h, under #pragma pack(4)
    IFM_AVALID: 1, // bsd/net/if_media.h
    IFM_ACTIVE: 2, // bsd/net/if_media.h
  },
} as const satisfies CarrierAbi;
