import type { Libc, PinnedBytes, Result } from '@ifdepd/libc';
import type { NetlinkAbi } from '../abi/netlink-abi.ts';
import type { BpfInstruction } from '../wire/bpf.ts';

/** struct sock_filter, linux/filter.h: code 0, jt 2, jf 3, k 4. */
const SIZEOF_SOCK_FILTER = 8;

/** struct sock_fprog, linux/filter.h: len 0, filter 8. */
const SIZEOF_SOCK_FPROG = 16;

/** The classic BPF program on a socket. */
export class SocketFilter {
  readonly #libc: Libc;
  readonly #abi: NetlinkAbi;
  /** The kernel follows a pointer to it during the call: held, so that it is not collected before. */
  #program: PinnedBytes | undefined;

  constructor(libc: Libc, abi: NetlinkAbi) {
    this.#libc = libc;
    this.#abi = abi;
  }

  /**
   * Puts a program in the place of the one that the socket has, in one step: every message meets the one or the other.
   * Where it fails, the socket keeps the one it had.
   */
  attach(fd: number, program: readonly BpfInstruction[]): Result {
    const { socket, littleEndian } = this.#abi;
    const pinned = this.#libc.pin(program.length * SIZEOF_SOCK_FILTER);
    const view = new DataView(pinned.bytes.buffer, pinned.bytes.byteOffset, pinned.bytes.byteLength);
    for (const [at, { code, jt, jf, k }] of program.entries()) {
      view.setUint16(at * SIZEOF_SOCK_FILTER, code, littleEndian);
      view.setUint8(at * SIZEOF_SOCK_FILTER + 2, jt);
      view.setUint8(at * SIZEOF_SOCK_FILTER + 3, jf);
      view.setUint32(at * SIZEOF_SOCK_FILTER + 4, k, littleEndian);
    }
    this.#program = pinned;
    const fprog = new Uint8Array(SIZEOF_SOCK_FPROG);
    const head = new DataView(fprog.buffer);
    head.setUint16(0, program.length, littleEndian);
    head.setBigUint64(8, this.#program.address, littleEndian);
    return this.#libc.setsockopt(fd, socket.SOL_SOCKET, socket.SO_ATTACH_FILTER, fprog);
  }

  /** Takes the program away; nothing where there is none. */
  detach(fd: number): void {
    const { SOL_SOCKET, SO_DETACH_FILTER } = this.#abi.socket;
    this.#libc.setsockopt(fd, SOL_SOCKET, SO_DETACH_FILTER, new Uint8Array(4));
    this.#program = undefined;
  }
}
