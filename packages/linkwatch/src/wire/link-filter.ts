import { encodeText } from '@ifdepd/libc';
import { type BpfInstruction, linux, loaded16, loaded32, loadedBytes } from '@ifdepd/netlink';
import type { LinkScope } from '../interest.ts';
import { ATTRIBUTES, IFI_INDEX, NLMSG_FLAGS, NLMSG_TYPE } from './offsets.ts';

/**
 * The program of a socket filter that accepts the messages of a scope, and drops those of other links before they reach the queue.
 * It accepts
 *
 * - any message except RTM_NEWLINK and RTM_DELLINK, and every part of a list (NLM_F_MULTI)
 * - an index in the scope, with any name
 * - a name in the scope, with any index: a link that is created, or renamed to it
 * - a link with alternative names, while a name in the scope may be an alternative one
 * - a message without a name
 *
 * It checks the first message only, because a notification is alone in its datagram.
 *
 * @returns null when the program would be longer than the kernel accepts
 */
export function linkFilter(scope: LinkScope): readonly BpfInstruction[] | null {
  const { rtm, nlmsg, nlattr, ifla, bpf, littleEndian } = linux;
  if (2 * scope.indices.length + scope.names.length > bpf.BPF_MAXINSNS) {
    return null;
  }
  const program: BpfInstruction[] = [];
  const add = (code: number, k: number, jt = 0, jf = 0) => void program.push({ code, jt, jf, k: k >>> 0 });
  const accept = () => add(bpf.BPF_RET | bpf.BPF_K, 0xffff_ffff);
  /** Continues when the accumulator is `k`; otherwise skips `otherwise` instructions. */
  const ifEqual = (k: number, otherwise: number) =>
    add(bpf.BPF_JMP | bpf.BPF_JEQ | bpf.BPF_K, k, 0, otherwise);
  /** Loads the offset of an attribute into the accumulator; 0 when there is none. */
  const find = (attribute: number) => {
    add(bpf.BPF_LDX | bpf.BPF_IMM, attribute);
    add(bpf.BPF_LD | bpf.BPF_IMM, ATTRIBUTES);
    add(bpf.BPF_LD | bpf.BPF_W | bpf.BPF_ABS, bpf.SKF_AD_OFF + bpf.SKF_AD_NLATTR);
  };

  add(bpf.BPF_LD | bpf.BPF_H | bpf.BPF_ABS, NLMSG_TYPE);
  add(bpf.BPF_JMP | bpf.BPF_JEQ | bpf.BPF_K, loaded16(rtm.RTM_NEWLINK, littleEndian), 2, 0);
  add(bpf.BPF_JMP | bpf.BPF_JEQ | bpf.BPF_K, loaded16(rtm.RTM_DELLINK, littleEndian), 1, 0);
  accept();
  add(bpf.BPF_LD | bpf.BPF_H | bpf.BPF_ABS, NLMSG_FLAGS);
  add(bpf.BPF_JMP | bpf.BPF_JSET | bpf.BPF_K, loaded16(nlmsg.NLM_F_MULTI, littleEndian), 0, 1);
  accept();

  add(bpf.BPF_LD | bpf.BPF_W | bpf.BPF_ABS, IFI_INDEX);
  for (const index of scope.indices) {
    ifEqual(loaded32(index, littleEndian), 1);
    accept();
  }

  find(ifla.IFLA_IFNAME);
  ifEqual(0, 1);
  accept();
  add(bpf.BPF_MISC | bpf.BPF_TAX, 0);
  for (const name of scope.names) {
    addName(name);
  }

  if (scope.loose.length > 0) {
    find(ifla.IFLA_PROP_LIST);
    add(bpf.BPF_JMP | bpf.BPF_JEQ | bpf.BPF_K, 0, 1, 0);
    accept();
  }
  add(bpf.BPF_RET | bpf.BPF_K, 0);
  return program.length <= bpf.BPF_MAXINSNS ? program : null;

  /**
   * Compares the name with its NUL, word by word. A word is loaded only when the words before it were equal and had no NUL, so that
   * it lies in the attribute or its padding.
   */
  function addName(name: string): void {
    const bytes = Uint8Array.of(...encodeText(name), 0);
    const words = Math.ceil(bytes.byteLength / 4);
    const masked = bytes.byteLength % 4 !== 0;
    let left = 2 * words + (masked ? 1 : 0) + 1;
    for (let word = 0; word < words; word += 1) {
      const last = word === words - 1;
      add(bpf.BPF_LD | bpf.BPF_W | bpf.BPF_IND, nlattr.NLA_HDRLEN + 4 * word);
      left -= 1;
      if (last && masked) {
        add(bpf.BPF_ALU | bpf.BPF_AND | bpf.BPF_K, 0xffff_ffff << (8 * (4 - (bytes.byteLength % 4))));
        left -= 1;
      }
      left -= 1;
      ifEqual(loadedBytes(bytes.subarray(4 * word, 4 * word + 4)), left);
    }
    accept();
  }
}
