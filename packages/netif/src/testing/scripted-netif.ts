import { type InterfaceName, objectWith, targetOf } from '@ifdepd/libc';
import { scriptedLibc } from '@ifdepd/libc/testing';
import { linux } from '../abi/linux.ts';
import { Ifreq } from '../ifreq.ts';
import type { Admin, NetIf } from '../netif.ts';
import { openNetIf } from '../open-netif.ts';

/** Interfaces that exist only in a test. */
export interface ScriptedNetIf extends NetIf {
  /** Every write in order, such as `carp0 down`. */
  readonly writes: readonly string[];
  /** Sets an interface as another program would; null removes it. */
  put(name: string, admin: Admin | null): void;
  /** Makes writes to an interface fail with an errno of Linux; null ends that. */
  fail(name: string, errno: number | null): void;
}

const ENODEV = 19;
const EOPNOTSUPP = 95;

/**
 * The real {@link openNetIf} over a kernel that is a table of names, for errors that a real kernel does not produce on demand. No
 * interface has media, and every interface may be set.
 *
 * @example
 * ```ts
 * import { scriptedNetIf } from '@ifdepd/netif/testing';
 *
 * const netif = scriptedNetIf({ eth0: 'up', carp0: 'up' });
 * netif.setAdmin('carp0', 'down');
 * netif.setAdmin('carp0', 'down');
 * console.log(netif.writes.join()); // carp0 down
 * ```
 */
export function scriptedNetIf(interfaces: Readonly<Record<string, Admin>>): ScriptedNetIf {
  objectWith('scriptedNetIf: interfaces', interfaces);
  const table = new Map<string, { index: number; flags: number }>();
  const failures = new Map<string, number>();
  const writes: string[] = [];
  let lastIndex = 0;

  function put(name: string, admin: Admin | null): void {
    if (admin === null) {
      table.delete(name);
    } else {
      const index = table.get(name)?.index ?? ++lastIndex;
      table.set(name, { index, flags: admin === 'up' ? linux.IFF_UP | linux.IFF_RUNNING : 0 });
    }
  }

  function ioctl(_fd: number, request: number, argument: Uint8Array): number {
    const ifreq = new Ifreq(linux.ifreq, argument);
    const { name } = ifreq;
    const entry = table.get(name);
    if (entry === undefined) {
      return -ENODEV;
    }
    if (request === linux.SIOCGIFFLAGS) {
      ifreq.flags = entry.flags;
      return 0;
    }
    if (request === linux.SIOCSIFFLAGS) {
      const admin = (ifreq.flags & linux.IFF_UP) === 0 ? 'down' : 'up';
      writes.push(`${name} ${admin}`);
      const errno = failures.get(name);
      if (errno === undefined) {
        put(name, admin);
        return 0;
      }
      return -errno;
    }
    return -EOPNOTSUPP;
  }

  function if_nameindex(): InterfaceName[] {
    return [...table].map(([name, { index }]) => ({ index, name }));
  }

  for (const [name, admin] of Object.entries(interfaces)) {
    put(name, admin);
  }
  const libc = scriptedLibc({ ioctl, if_nameindex }, { target: targetOf('linux') });
  return {
    ...openNetIf({ libc, abi: linux }),
    writes,
    put,
    fail(name, errno) {
      if (errno === null) {
        failures.delete(name);
      } else {
        failures.set(name, errno);
      }
    },
  };
}
