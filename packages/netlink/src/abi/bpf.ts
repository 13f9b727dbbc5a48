/**
 * Classic BPF: the code of an instruction is the sum of a class, a size or operation, and a mode or source.
 * linux/bpf_common.h; BPF_MISC, BPF_TAX, SKF_AD_*: linux/filter.h.
 */
export const bpf = {
  BPF_LD: 0x00,
  BPF_LDX: 0x01,
  BPF_ALU: 0x04,
  BPF_JMP: 0x05,
  BPF_RET: 0x06,
  BPF_MISC: 0x07,
  BPF_W: 0x00,
  BPF_H: 0x08,
  BPF_IMM: 0x00,
  BPF_ABS: 0x20,
  BPF_IND: 0x40,
  BPF_AND: 0x50,
  BPF_JEQ: 0x10,
  BPF_JSET: 0x40,
  BPF_K: 0x00,
  BPF_TAX: 0x00,
  /** The longest program, in instructions. */
  BPF_MAXINSNS: 4096,
  /** Loads from here on read no bytes of the message: they call functions of the kernel. Unsigned. */
  SKF_AD_OFF: 0xffff_f000,
  /** The function that looks for the netlink attribute of type X from offset A on: its offset, or 0. */
  SKF_AD_NLATTR: 12,
} as const;

/** `struct sock_filter` of linux/filter.h: one instruction. */
export const sock_filter = {
  size: 8,
  fields: { code: [0, 'u16'], jt: [2, 'u8'], jf: [3, 'u8'], k: [4, 'u32'] },
} as const;

/** `struct sock_fprog` of linux/filter.h, where pointers have eight bytes: `filter` points to the instructions. */
export const sock_fprog = { size: 16, len: 0, filter: 8 } as const;
