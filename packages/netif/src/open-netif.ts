import { type InterfaceName, type Libc, loadLibc, must, openSocket, SystemError } from '@ifdepd/libc';
import { abis } from './abi/index.ts';
import type { NetIfAbi } from './abi/netif-abi.ts';
import { openEthtoolLink } from './ethtool-link.ts';
import { Ifreq } from './ifreq.ts';
import type { Admin, IfFlags, Media, NetIf, SetAdmin } from './netif.ts';

/** What a {@link NetIf} works with. */
export interface OpenNetIfOptions {
  /** Default: this system's. */
  readonly libc?: Libc;
  /** Default: the table of the libc's target. */
  readonly abi?: NetIfAbi;
}

/**
 * Opens the control socket. Dispose of the result, or close it.
 *
 * @throws {SystemError} where not even a datagram socket can be had
 */
export function openNetIf(options: OpenNetIfOptions = {}): NetIf {
  const libc = options.libc ?? loadLibc();
  const abi = options.abi ?? abis[libc.target.platform];
  const { AF_INET, SOCK_DGRAM } = libc.target.socket;
  const control = openSocket(libc, AF_INET, SOCK_DGRAM, 0, 'interface control socket');
  const ifreq = new Ifreq(abi.ifreq);
  const link = openEthtoolLink(libc, abi);

  /** A name that does not fit in the request names nothing: the kernel's own answer, without asking it. */
  function address(name: string, syscall: string): void {
    if (!ifreq.address(name)) {
      throw new SystemError(libc.target, libc.target.errnoOf.ENODEV, syscall, name);
    }
  }

  function read(name: string): IfFlags {
    address(name, 'ioctl SIOCGIFFLAGS');
    must(libc, libc.ioctl(control.fd, abi.SIOCGIFFLAGS, ifreq.bytes), 'ioctl SIOCGIFFLAGS', name);
    const value = ifreq.flags;
    return {
      value,
      up: (value & abi.IFF_UP) !== 0,
      running: (value & abi.IFF_RUNNING) !== 0,
      loopback: (value & abi.IFF_LOOPBACK) !== 0,
    };
  }

  return {
    flags: read,

    setAdmin(name: string, to: Admin): SetAdmin {
      const before = read(name);
      if (before.up === (to === 'up')) {
        return { changed: false, before, after: before };
      }
      // The request block still holds the name and the flags just read: only the one bit changes.
      ifreq.flags = to === 'up' ? before.value | abi.IFF_UP : before.value & ~abi.IFF_UP;
      must(libc, libc.ioctl(control.fd, abi.SIOCSIFFLAGS, ifreq.bytes), 'ioctl SIOCSIFFLAGS', name);
      return { changed: true, before, after: read(name) };
    },

    media(name: string): Media | null {
      address(name, 'ioctl SIOCETHTOOL');
      return link.read(control.fd, ifreq, name);
    },

    maySet(name: string): boolean {
      read(name);
      const { request, syscall, permitted } = abi.privilegeProbe;
      const result = libc.ioctl(control.fd, request, ifreq.bytes);
      if (result >= 0) {
        return true;
      }
      const error = new SystemError(libc.target, -result, syscall, name);
      if (error.code !== permitted && error.kind !== 'not-permitted') {
        throw error;
      }
      return error.code === permitted;
    },

    list(): readonly InterfaceName[] {
      const names = libc.if_nameindex();
      if (typeof names === 'number') {
        throw new SystemError(libc.target, -names, 'if_nameindex', 'list of interfaces');
      }
      return names.toSorted((one, other) => one.index - other.index);
    },

    close: () => control.close(),
    [Symbol.dispose]: () => control.close(),
  };
}
