/** Attributes of addresses: linux/if_addr.h. IFA_PROTO since Linux 5.18. */
export const ifa = {
  IFA_ADDRESS: 1,
  IFA_LOCAL: 2,
  IFA_LABEL: 3,
  IFA_BROADCAST: 4,
  IFA_CACHEINFO: 6,
  IFA_FLAGS: 8,
  IFA_PROTO: 11,
} as const;

/** Flags of an address, in `ifa_flags` and IFA_FLAGS: linux/if_addr.h. */
export const ifaFlags = {
  IFA_F_DADFAILED: 0x08,
  IFA_F_DEPRECATED: 0x20,
  IFA_F_TENTATIVE: 0x40,
  IFA_F_PERMANENT: 0x80,
} as const;

/** Who gave an address, in IFA_PROTO: linux/if_addr.h. */
export const ifaProto = { IFAPROT_KERNEL_LO: 1, IFAPROT_KERNEL_RA: 2, IFAPROT_KERNEL_LL: 3 } as const;

/** `struct ifaddrmsg` of linux/if_addr.h: begins every message about an address. */
export const ifaddrmsg = {
  size: 8,
  fields: {
    ifa_family: [0, 'u8'],
    ifa_prefixlen: [1, 'u8'],
    ifa_flags: [2, 'u8'],
    ifa_scope: [3, 'u8'],
    ifa_index: [4, 'u32'],
  },
} as const;
