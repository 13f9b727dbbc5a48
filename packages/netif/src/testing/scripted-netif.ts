import { SystemError, targetOf } from '@ifdepd/libc';
import type { Admin, IfFlags, NetIf } from '../netif.ts';

/** Interfaces that exist only in a test. */
export interface ScriptedNetIf extends NetIf {
  /** Every write, in order: `carp0 down`. */
  readonly writes: readonly string[];
  /** Changes an interface behind the caller's back; null takes it away. */
  put(name: string, admin: Admin | null): void;
  /** Lets writes to an interface fail with an errno of Linux, until it is told null. */
  fail(name: string, errno: number | null): void;
}

const IFF_UP = 1;
const ENODEV = 19;

/** A {@link NetIf} over a table of names, for errors that a real kernel cannot be asked for. */
export function scriptedNetIf(interfaces: Readonly<Record<string, Admin>>): ScriptedNetIf {
  const target = targetOf('linux');
  const table = new Map(Object.entries(interfaces));
  const failures = new Map<string, number>();
  const writes: string[] = [];

  function flags(name: string): IfFlags {
    const admin = table.get(name);
    if (admin === undefined) {
      throw new SystemError(target, ENODEV, 'ioctl SIOCGIFFLAGS', name);
    }
    const up = admin === 'up';
    return { value: up ? IFF_UP : 0, up, running: up, loopback: false };
  }

  return {
    writes,
    put(name, admin) {
      if (admin === null) {
        table.delete(name);
      } else {
        table.set(name, admin);
      }
    },
    fail(name, errno) {
      if (errno === null) {
        failures.delete(name);
      } else {
        failures.set(name, errno);
      }
    },
    flags,
    setAdmin(name, to) {
      const before = flags(name);
      if (before.up === (to === 'up')) {
        return { changed: false, before, after: before };
      }
      writes.push(`${name} ${to}`);
      const errno = failures.get(name);
      if (errno !== undefined) {
        throw new SystemError(target, errno, 'ioctl SIOCSIFFLAGS', name);
      }
      table.set(name, to);
      return { changed: true, before, after: flags(name) };
    },
    media: () => null,
    maySet: (name) => flags(name).value >= 0,
    list: () => [...table.keys()].map((name, position) => ({ index: position + 1, name })),
    close: () => undefined,
    [Symbol.dispose]: () => undefined,
  };
}
