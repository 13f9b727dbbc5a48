/** Attributes of neighbours: linux/neighbour.h. */
export const nda = { NDA_DST: 1, NDA_LLADDR: 2, NDA_CACHEINFO: 3, NDA_PROBES: 4 } as const;

/** States of a neighbour, in `ndm_state`: linux/neighbour.h. */
export const nud = {
  NUD_INCOMPLETE: 0x01,
  NUD_REACHABLE: 0x02,
  NUD_STALE: 0x04,
  NUD_DELAY: 0x08,
  NUD_PROBE: 0x10,
  NUD_FAILED: 0x20,
  NUD_NOARP: 0x40,
  NUD_PERMANENT: 0x80,
} as const;

/** Flags of a neighbour, in `ndm_flags`: linux/neighbour.h. */
export const ntf = { NTF_PROXY: 0x08, NTF_ROUTER: 0x80 } as const;

/** `struct ndmsg` of linux/neighbour.h: begins every message about a neighbour. */
export const ndmsg = {
  size: 12,
  fields: {
    ndm_family: [0, 'u8'],
    ndm_ifindex: [4, 'i32'],
    ndm_state: [8, 'u16'],
    ndm_flags: [10, 'u8'],
    ndm_type: [11, 'u8'],
  },
} as const;
