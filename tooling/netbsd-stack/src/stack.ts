import { type Libc, loadLibc, must, targetOf } from '@ifdepd/libc';
import { hostReadiness } from './readiness.ts';
import { structure } from './structure.ts';

/** A NetBSD network stack inside this process: the calls that reach it, and what can be done to its interfaces. */
export interface NetbsdStack {
  /** For `watchLinks({ libc })`, `openNetIf({ libc })` and `startDaemon({ libc })`. */
  readonly libc: Libc;
  /** SIOCIFCREATE: `shmif0`, `carp0`, `bridge0`, `tap0`, `lo1`. */
  create(name: string): void;
  /** SIOCIFDESTROY. */
  destroy(name: string): void;
  /**
   * SIOCSLINKSTR: plugs a shmif into the segment that the file of that path is: every stack that has a shmif there
   * hears the others. The interface has to be down.
   */
  plug(name: string, path: string): void;
  /** SIOCAIFADDR: an address of 24 bits, which raises the interface as NetBSD does. */
  address(name: string, address: string): void;
  /** SIOCSVH: makes a virtual host of a carp interface. */
  vhid(name: string, parent: string, vhid: number, advskew: number): void;
  /** if_link_state_change(9): what a driver calls when the cable is cut or repaired. */
  link(name: string, state: 'up' | 'down'): void;
}

const target = targetOf('netbsd');

// sys/sockio.h
const SIOCIFCREATE = 0x8090697a;
const SIOCIFDESTROY = 0x80906979;
const SIOCSLINKSTR = 0x80286988;
const SIOCAIFADDR = 0x8040691a;
const SIOCSVH = 0xc0906982;
// net/if_dl.h: LINK_STATE_DOWN, LINK_STATE_UP
const linkStates = { down: 1, up: 2 } as const;
// c/stack.c
const STACK_LINK_STATE = 0xfffffff1;

const AF_INET = 2;
const SOCK_DGRAM = 2;

/**
 * Boots the stack that `library` (made by build.mjs) holds. There is one in a process, and it stays for as long as the
 * process lives.
 *
 * @throws {Error} where the library cannot be loaded
 */
export function netbsdStack(library: string): NetbsdStack {
  const stack = loadLibc({ library, target });
  const libc: Libc = { ...stack, readable: hostReadiness(stack) };
  const socket = must(stack, stack.socket(AF_INET, SOCK_DGRAM, 0), 'socket', 'control');

  function request(name: string, call: string, number: number, argument: Uint8Array): void {
    must(stack, stack.ioctl(socket, number, argument), `ioctl ${call}`, name);
  }

  return {
    libc,
    create: (name) => request(name, 'SIOCIFCREATE', SIOCIFCREATE, structure(144).text(0, name).bytes),
    destroy: (name) => request(name, 'SIOCIFDESTROY', SIOCIFDESTROY, structure(144).text(0, name).bytes),
    plug(name, path) {
      const text = new TextEncoder().encode(`${path}\0`);
      const pinned = stack.pin(text.byteLength);
      pinned.bytes.set(text);
      // struct ifdrv { char ifd_name[16]; u_long ifd_cmd; size_t ifd_len; void *ifd_data; }
      const ifdrv = structure(40).text(0, name).u64(24, BigInt(text.byteLength)).u64(32, pinned.address);
      request(name, 'SIOCSLINKSTR', SIOCSLINKSTR, ifdrv.bytes);
    },
    address(name, address) {
      // struct ifaliasreq { char ifra_name[16]; struct sockaddr ifra_addr, ifra_dstaddr, ifra_mask; }
      const parts = address.split('.').map(Number);
      const broadcast = [...parts.slice(0, 3), 255];
      const ifaliasreq = structure(64)
        .text(0, name)
        .octets(16, [16, AF_INET, 0, 0, ...parts])
        .octets(32, [16, AF_INET, 0, 0, ...broadcast])
        .octets(48, [16, AF_INET, 0, 0, 255, 255, 255, 0]);
      request(name, 'SIOCAIFADDR', SIOCAIFADDR, ifaliasreq.bytes);
    },
    vhid(name, parent, vhid, advskew) {
      // struct carpreq { int state; char carpdev[16]; int vhid, advskew, advbase; u_char key[20]; }
      const pinned = stack.pin(52);
      structure(pinned.bytes).text(4, parent).u32(20, vhid).u32(24, advskew).u32(28, 1);
      const ifreq = structure(144).text(0, name).u64(16, pinned.address);
      request(name, 'SIOCSVH', SIOCSVH, ifreq.bytes);
    },
    link(name, state) {
      request(
        name,
        'if_link_state_change',
        STACK_LINK_STATE,
        structure(20).text(0, name).u32(16, linkStates[state]).bytes,
      );
    },
  };
}
