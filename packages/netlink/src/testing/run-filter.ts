import { list } from '@ifdepd/libc';
import { linux } from '../abi/linux.ts';
import type { BpfInstruction } from '../wire/bpf.ts';
import { bytesGiven } from '../wire/given.ts';

const { bpf } = linux;

/**
 * Runs a classic BPF program as net/core/filter.c does, as far as filters of netlink messages go; other instructions throw.
 *
 * @returns how many bytes of the message are kept; 0 where it is dropped, as by a load behind its end
 */
export function runFilter(program: readonly BpfInstruction[], bytes: Uint8Array): number {
  list('runFilter: program', program);
  bytesGiven('runFilter: bytes', bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let a = 0;
  let x = 0;
  for (let at = 0; ; at += 1) {
    const instruction = program[at];
    if (instruction === undefined) {
      throw new Error(`the program runs past its end, to ${at}`);
    }
    const { code, jt, jf, k } = instruction;
    const indirect = code === (bpf.BPF_LD | bpf.BPF_W | bpf.BPF_IND);
    switch (code) {
      case bpf.BPF_LD | bpf.BPF_IMM:
        a = k;
        break;
      case bpf.BPF_LDX | bpf.BPF_IMM:
        x = k;
        break;
      case bpf.BPF_LD | bpf.BPF_H | bpf.BPF_ABS:
        if (k + 2 > bytes.byteLength) {
          return 0;
        }
        a = view.getUint16(k);
        break;
      case bpf.BPF_LD | bpf.BPF_W | bpf.BPF_IND:
      case bpf.BPF_LD | bpf.BPF_W | bpf.BPF_ABS: {
        if (k === bpf.SKF_AD_OFF + bpf.SKF_AD_NLATTR) {
          a = findAttribute(view, a, x);
          break;
        }
        const from = indirect ? x + k : k;
        if (from + 4 > bytes.byteLength) {
          return 0;
        }
        a = view.getUint32(from);
        break;
      }
      case bpf.BPF_ALU | bpf.BPF_AND | bpf.BPF_K:
        a = (a & k) >>> 0;
        break;
      case bpf.BPF_MISC | bpf.BPF_TAX:
        x = a;
        break;
      case bpf.BPF_JMP | bpf.BPF_JEQ | bpf.BPF_K:
        at += a === k ? jt : jf;
        break;
      case bpf.BPF_JMP | bpf.BPF_JSET | bpf.BPF_K:
        at += (a & k) !== 0 ? jt : jf;
        break;
      case bpf.BPF_RET | bpf.BPF_K:
        return k;
      default:
        throw new Error(`instruction ${at}: code ${code}`);
    }
  }
}

/** bpf_skb_get_nlattr() of net/core/filter.c: nla_find() from `a` on, 0 where nothing is found. */
function findAttribute(view: DataView, a: number, type: number): number {
  if (view.byteLength < 4 || a > view.byteLength - 4) {
    return 0;
  }
  for (let at = a; view.byteLength - at >= 4; ) {
    const length = view.getUint16(at, true);
    if (length < 4 || length > view.byteLength - at) {
      return 0;
    }
    if ((view.getUint16(at + 2, true) & 0x3fff) === type) {
      return at;
    }
    at += Math.ceil(length / 4) * 4;
  }
  return 0;
}
