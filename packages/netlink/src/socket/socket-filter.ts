import { type Libc, list, type PinnedBytes, type Result } from '@ifdepd/libc';
import { linux } from '../abi/linux.ts';
import type { BpfInstruction } from '../wire/bpf.ts';
import { objectGiven } from '../wire/given.ts';
import { encodeStruct } from '../wire/struct.ts';

/** The classic BPF program on a socket, which drops messages before they reach its queue. */
export class SocketFilter {
  readonly #libc: Libc;
  readonly #fd: number;
  /** The kernel follows a pointer to it during the call: held, so that it is not collected before. */
  #program: PinnedBytes | undefined;

  constructor(libc: Libc, fd: number) {
    objectGiven('SocketFilter: libc', libc, 'target', 'setsockopt');
    this.#libc = libc;
    this.#fd = fd;
  }

  /**
   * Puts a program in the place of the one that the socket has, in one step: every message meets the one or the other.
   * Where it fails, the socket keeps the one it had.
   */
  attach(program: readonly BpfInstruction[]): Result {
    list('SocketFilter.attach: program', program);
    const { littleEndian, socket, struct, sock_fprog } = linux;
    const { size } = struct.sock_filter;
    const pinned = this.#libc.pin(program.length * size);
    for (const [at, { code, jt, jf, k }] of program.entries()) {
      pinned.bytes.set(encodeStruct(struct.sock_filter, { code, jt, jf, k }, littleEndian), at * size);
    }
    this.#program = pinned;
    const fprog = new Uint8Array(sock_fprog.size);
    const view = new DataView(fprog.buffer);
    view.setUint16(sock_fprog.len, program.length, littleEndian);
    view.setBigUint64(sock_fprog.filter, this.#program.address, littleEndian);
    return this.#libc.setsockopt(
      this.#fd,
      this.#libc.target.socket.SOL_SOCKET,
      socket.SO_ATTACH_FILTER,
      fprog,
    );
  }

  /** Takes the program away; nothing where there is none. Where it fails, the socket keeps the one it had. */
  detach(): Result {
    const { errno, socket } = linux;
    const { SOL_SOCKET } = this.#libc.target.socket;
    const result = this.#libc.setsockopt(this.#fd, SOL_SOCKET, socket.SO_DETACH_FILTER, new Uint8Array(4));
    return result === -errno.ENOENT ? 0 : result;
  }
}
