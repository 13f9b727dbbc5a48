import { type InterfaceName, type Libc, loadLibc, objectWith, SystemError, type Target } from '@ifdepd/libc';
import { linux } from '@ifdepd/netlink';
import { abis } from './abi/index.ts';
import type { NetIfAbi } from './abi/netif-abi.ts';
import { carpControl } from './carp.ts';
import { checkedNetIf } from './checked-netif.ts';
import { Control } from './control.ts';
import { demotionControl } from './demotion.ts';
import { hardwareReader } from './hardware.ts';
import { mediaReader } from './media.ts';
import type { Admin, IfFlags, NetIf, NetIfFeatures, SetAdmin } from './netif.ts';
import { maySet } from './privilege.ts';
import { protoDownControl } from './proto-down.ts';
import { vfControl } from './vf-link-state.ts';

/** How {@link openNetIf} reaches the system. */
export interface OpenNetIfOptions {
  /** Default: the libc of this system. */
  readonly libc?: Libc;
  /** Default: the table of the target of `libc`. */
  readonly abi?: NetIfAbi;
}

/**
 * Opens the control socket. Dispose the result, or close it.
 *
 * @throws {SystemError} when no datagram socket can be opened
 *
 * @example
 * ```ts
 * import { openNetIf, SystemError } from '@ifdepd/netif';
 *
 * using netif = openNetIf();
 * try {
 *   netif.setAdmin('nosuch0', 'down');
 * } catch (error) {
 *   console.log(error instanceof SystemError && error.kind); // not-found
 * }
 * ```
 */
export function openNetIf(options: OpenNetIfOptions = {}): NetIf {
  objectWith('openNetIf: options', options);
  const libc = options.libc ?? loadLibc();
  objectWith('openNetIf: libc', libc, 'target', 'socket', 'ioctl');
  const abi = options.abi ?? abis[libc.target.platform];
  objectWith('openNetIf: abi', abi, 'ifreq', 'SIOCGIFFLAGS');
  const control = new Control(libc, abi, (name) => resolve(name)?.name ?? null);
  const { close: closeVf, ...virtualFunctions } = vfControl(control);
  const { close: closeProtoDown, resolve, ...protoDown } = protoDownControl(control);
  const { ifreq } = control;
  const SIOCGIFFLAGS = { name: 'SIOCGIFFLAGS', request: abi.SIOCGIFFLAGS };
  const SIOCSIFFLAGS = { name: 'SIOCSIFFLAGS', request: abi.SIOCSIFFLAGS };

  function read(name: string): IfFlags {
    control.address(name, 'SIOCGIFFLAGS');
    control.must(SIOCGIFFLAGS, name);
    return flagsOf(ifreq.flags);
  }

  /** Flags after a write that has succeeded: the change counts as made even where they cannot be read. */
  function readBack(name: string, written: number): IfFlags {
    try {
      return read(name);
    } catch (error) {
      if (error instanceof SystemError && error.kind === 'not-found') {
        throw error;
      }
      return flagsOf(written);
    }
  }

  function flagsOf(value: number): IfFlags {
    return {
      value,
      up: (value & abi.IFF_UP) !== 0,
      running: (value & abi.IFF_RUNNING) !== 0,
      loopback: (value & abi.IFF_LOOPBACK) !== 0,
    };
  }

  function list(): readonly InterfaceName[] {
    const names = libc.if_nameindex();
    if (typeof names === 'number') {
      throw new SystemError(libc.target, -names, 'if_nameindex', 'list of interfaces');
    }
    return names.toSorted((one, other) => one.index - other.index);
  }

  function close(): void {
    closeProtoDown();
    closeVf();
    control.close();
  }

  return checkedNetIf({
    features: featuresOf(abi, libc.target),
    flags: read,

    setAdmin(name: string, to: Admin): SetAdmin {
      const before = read(name);
      if (before.up === (to === 'up')) {
        return { changed: false, before, after: before };
      }
      // The request block still holds the name and the flags just read. Only one bit changes.
      ifreq.flags = (to === 'up' ? before.value | abi.IFF_UP : before.value & ~abi.IFF_UP) >>> 0;
      const written = ifreq.flags;
      control.must(SIOCSIFFLAGS, name);
      return { changed: true, before, after: readBack(name, written) };
    },

    media: mediaReader(control),
    hardware: hardwareReader(control),

    maySet(name: string): boolean {
      read(name);
      return maySet(control, name);
    },

    ...carpControl(control),
    ...demotionControl(control),
    ...protoDown,
    ...virtualFunctions,

    resolve: libc.target.rtnetlink ? resolve : (name) => list().find((one) => one.name === name) ?? null,
    list,

    close,
    [Symbol.dispose]: close,
  });
}

function featuresOf({ carp, demotion, link }: NetIfAbi, { rtnetlink }: Target): NetIfFeatures {
  return {
    carp: carp === null ? null : carp.on === 'vhid-of-parent' ? 'vhid' : 'interface',
    demotion:
      demotion === null
        ? null
        : {
            of: demotion.how === 'group' ? 'group' : 'machine',
            usual: demotion.usual,
            least: demotion.least,
          },
    protoDown: rtnetlink,
    vfLinkState: rtnetlink,
    hardware: link.how === 'ethtool',
    alternativeNames: rtnetlink ? linux.name.ALTIFNAMSIZ - 1 : null,
  };
}
