import { type BpfInstruction, linux, loaded16, loaded32 } from '@ifdepd/netlink';
import { IFI_FAMILY, IFI_FLAGS, IFI_INDEX, NLMSG_TYPE } from './offsets.ts';

/** A jump of classic BPF spans at most 255 instructions: one for each index, and a few behind them. */
export const MOST_LOSS_INDICES = 200;

/** ifi_family is the first of four bytes. AF_UNSPEC is 0. Messages of a bridge about its ports have AF_BRIDGE. */
const FAMILY = 0xff00_0000;

const { rtm, iff, bpf, littleEndian } = linux;

/** A link that is not up or has no carrier is lost, whatever the other flags say. */
const NOT_LOST = { mask: iff.IFF_UP | iff.IFF_LOWER_UP, value: iff.IFF_UP | iff.IFF_LOWER_UP };

/** IFF_RUNNING: the operational state is up, or unknown. */
const ACTIVE = {
  mask: iff.IFF_UP | iff.IFF_LOWER_UP | iff.IFF_RUNNING | iff.IFF_DORMANT,
  value: iff.IFF_UP | iff.IFF_LOWER_UP | iff.IFF_RUNNING,
};

/**
 * The program of a socket filter that accepts only losses of these links: a link is deleted, not up, or has no carrier. The receiver
 * of a message need not decode it.
 *
 * @param indices at most `MOST_LOSS_INDICES`
 */
export function lossFilter(indices: readonly number[]): readonly BpfInstruction[] {
  return linkStateFilter({ watched: [], judged: indices, good: NOT_LOST, accepts: 'others' });
}

/**
 * The program of a socket filter that accepts only messages in which one of these links is active: it is up, has its carrier, and its
 * operational state is up, or unknown and not dormant.
 *
 * @param indices at most `MOST_LOSS_INDICES`
 */
export function repairFilter(indices: readonly number[]): readonly BpfInstruction[] {
  return linkStateFilter({ watched: [], judged: indices, good: ACTIVE, accepts: 'good' });
}

/** The links that a guard hears of: `MOST_LOSS_INDICES` at most. */
export interface Guarded {
  /** Links of which it hears everything but that they are active. */
  readonly repaired: readonly number[];
  /** Links of which it hears everything. */
  readonly watched: readonly number[];
}

/** The program of a socket filter that accepts what a guard hears of. */
export function guardFilter({ repaired, watched }: Guarded): readonly BpfInstruction[] {
  return linkStateFilter({ watched, judged: repaired, good: ACTIVE, accepts: 'others' });
}

/** Which messages a filter accepts: those about `watched` links, and those about `judged` links that have `good` flags, or have not. */
interface Accepted {
  readonly watched: readonly number[];
  readonly judged: readonly number[];
  readonly good: { readonly mask: number; readonly value: number };
  readonly accepts: 'good' | 'others';
}

function linkStateFilter({ watched, judged, good, accepts }: Accepted): readonly BpfInstruction[] {
  const program: BpfInstruction[] = [];
  const add = (code: number, k: number, jt = 0, jf = 0) => void program.push({ code, jt, jf, k: k >>> 0 });
  const drop = () => add(bpf.BPF_RET | bpf.BPF_K, 0);
  const accept = () => add(bpf.BPF_RET | bpf.BPF_K, 0xffff_ffff);
  const ifEqual = bpf.BPF_JMP | bpf.BPF_JEQ | bpf.BPF_K;
  const [onGood, onOther] = accepts === 'good' ? [accept, drop] : [drop, accept];

  add(bpf.BPF_LD | bpf.BPF_W | bpf.BPF_ABS, IFI_FAMILY);
  add(bpf.BPF_JMP | bpf.BPF_JSET | bpf.BPF_K, FAMILY, 0, 1);
  drop();
  add(bpf.BPF_LD | bpf.BPF_W | bpf.BPF_ABS, IFI_INDEX);
  // First those of which any message will do: to `accept`, right behind the last index and a `drop`.
  const count = watched.length + judged.length;
  for (const [at, index] of watched.entries()) {
    add(ifEqual, loaded32(index, littleEndian), count - at);
  }
  for (const [at, index] of judged.entries()) {
    add(ifEqual, loaded32(index, littleEndian), judged.length - at + 1);
  }
  drop();
  accept();
  add(bpf.BPF_LD | bpf.BPF_H | bpf.BPF_ABS, NLMSG_TYPE);
  add(ifEqual, loaded16(rtm.RTM_DELLINK, littleEndian), 5);
  add(ifEqual, loaded16(rtm.RTM_NEWLINK, littleEndian), 0, accepts === 'good' ? 4 : 3);
  add(bpf.BPF_LD | bpf.BPF_W | bpf.BPF_ABS, IFI_FLAGS);
  add(bpf.BPF_ALU | bpf.BPF_AND | bpf.BPF_K, loaded32(good.mask, littleEndian));
  add(ifEqual, loaded32(good.value, littleEndian), 0, 1);
  onGood();
  onOther();
  return program;
}
