import { type BpfInstruction, linux, loaded16, loaded32 } from '@ifdepd/netlink';
import { IFI_FAMILY, IFI_FLAGS, IFI_INDEX, NLMSG_TYPE } from './offsets.ts';

/** A jump of classic BPF spans at most 255 instructions: one for each index, and a few behind them. */
export const MOST_LOSS_INDICES = 200;

/** ifi_family is the first of four bytes. AF_UNSPEC is 0. Messages of a bridge about its ports have AF_BRIDGE. */
const FAMILY = 0xff00_0000;

/**
 * The program of a socket filter that accepts only losses of these links: a link is deleted, not up, or has no carrier. The receiver
 * of a message need not decode it.
 *
 * @param indices at most {@link MOST_LOSS_INDICES}
 */
export function lossFilter(indices: readonly number[]): readonly BpfInstruction[] {
  const { rtm, iff, bpf, littleEndian } = linux;
  const good = loaded32(iff.IFF_UP | iff.IFF_LOWER_UP, littleEndian);
  const program: BpfInstruction[] = [];
  const add = (code: number, k: number, jt = 0, jf = 0) => void program.push({ code, jt, jf, k: k >>> 0 });
  const drop = () => add(bpf.BPF_RET | bpf.BPF_K, 0);
  const accept = () => add(bpf.BPF_RET | bpf.BPF_K, 0xffff_ffff);
  const ifEqual = bpf.BPF_JMP | bpf.BPF_JEQ | bpf.BPF_K;

  add(bpf.BPF_LD | bpf.BPF_W | bpf.BPF_ABS, IFI_FAMILY);
  add(bpf.BPF_JMP | bpf.BPF_JSET | bpf.BPF_K, FAMILY, 0, 1);
  drop();
  add(bpf.BPF_LD | bpf.BPF_W | bpf.BPF_ABS, IFI_INDEX);
  for (const [at, index] of indices.entries()) {
    add(ifEqual, loaded32(index, littleEndian), indices.length - at);
  }
  drop();
  add(bpf.BPF_LD | bpf.BPF_H | bpf.BPF_ABS, NLMSG_TYPE);
  add(ifEqual, loaded16(rtm.RTM_DELLINK, littleEndian), 5);
  add(ifEqual, loaded16(rtm.RTM_NEWLINK, littleEndian), 0, 3);
  add(bpf.BPF_LD | bpf.BPF_W | bpf.BPF_ABS, IFI_FLAGS);
  add(bpf.BPF_ALU | bpf.BPF_AND | bpf.BPF_K, good);
  add(ifEqual, good, 0, 1);
  drop();
  accept();
  return program;
}
