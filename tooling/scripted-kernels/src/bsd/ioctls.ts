import { decodeText, type Result } from '@ifdepd/libc';
import type { Carps, ScriptedCarpState } from './carps.ts';
import type { BsdLayout } from './layout.ts';
import { IFF_UP, type Nic } from './nic.ts';
import type { Sockets } from './sockets.ts';
import type { World } from './world.ts';

const EPERM = 1;
const ENOENT = 2;
const ENXIO = 6;
const EBADF = 9;
const EINVAL = 22;
const ENOTTY = 25;

const IFM_AVALID = 1;
const IFM_ACTIVE = 2;

const states: readonly ScriptedCarpState[] = ['init', 'backup', 'master'];

/** The parts of the kernel that an ioctl uses. */
export interface Kernel {
  readonly layout: BsdLayout;
  readonly world: World;
  readonly carps: Carps;
  readonly sockets: Sockets;
  readonly privileged: boolean;
  /** The demotion counters of OpenBSD by name of the group. */
  readonly groups: Map<string, number>;
  /** Returns the bytes at an address. */
  at(address: bigint): Uint8Array;
}

/** ioctl(2) of a scripted kernel: −ENXIO for a missing interface, −ENOTTY for an unknown request. */
export function ioctl(kernel: Kernel, fd: number, request: number, argument: Uint8Array): Result {
  const { layout, sockets, world, privileged } = kernel;
  const requests = layout.ioctl;
  if (!sockets.has(fd)) {
    return -EBADF;
  }
  if (request === requests.SIOCSKEVFILT) {
    return sockets.listen(fd, argument.slice()) ? 0 : -ENOTTY;
  }
  const name = textAt(argument, 0);
  if (request === requests.SIOCGIFGATTR || request === requests.SIOCSIFGATTR) {
    return groupAttribute(kernel, request === requests.SIOCSIFGATTR, name, argument);
  }
  const nic = world.nics.get(name);
  if (nic === undefined) {
    return -ENXIO;
  }
  const view = new DataView(argument.buffer, argument.byteOffset, argument.byteLength);
  switch (request) {
    case requests.SIOCGIFFLAGS:
      view.setUint16(16, nic.flags & 0xffff, true);
      if (layout.ifr_flagshigh !== null) {
        view.setUint16(layout.ifr_flagshigh, nic.flags >>> 16, true);
      }
      return 0;
    case requests.SIOCSIFFLAGS:
      return privileged ? setFlags(kernel, nic, view) : -EPERM;
    case requests.SIOCGIFMETRIC:
      view.setInt32(16, nic.metric, true);
      return 0;
    case requests.SIOCSIFMETRIC:
      nic.metric = privileged ? view.getInt32(16, true) : nic.metric;
      return privileged ? 0 : -EPERM;
    case requests.SIOCGIFMEDIA:
      return media(kernel, nic, view);
    case requests.SIOCGVH:
    case requests.SIOCSVH:
      return virtualHost(kernel, request === requests.SIOCSVH, nic, view);
    default:
      // FreeBSD's drivers refuse with the errno for no media too.
      return -layout.behaviour.noMediaErrno;
  }
}

/** SIOCSIFFLAGS: read-only bits stay, and IFF_UP sets the interface up or down. */
function setFlags({ layout, world }: Kernel, nic: Nic, view: DataView): Result {
  const CANTCHANGE = 0x8f52;
  const high = layout.ifr_flagshigh === null ? 0 : view.getUint16(layout.ifr_flagshigh, true) << 16;
  const given = view.getUint16(16, true) | high;
  nic.flags = (nic.flags & (CANTCHANGE | IFF_UP)) | (given & ~(CANTCHANGE | IFF_UP));
  world.setAdmin(nic, (given & IFF_UP) === 0 ? 'down' : 'up');
  return 0;
}

/** The link as the driver reports it, also while the interface is down. */
function media({ layout }: Kernel, nic: Nic, view: DataView): Result {
  const { mediaUnknownBeforeUp, noMediaErrno } = layout.behaviour;
  if (nic.carrier === null) {
    return -noMediaErrno;
  }
  const known = nic.link !== 'unknown' || !mediaUnknownBeforeUp || (nic.silent && (nic.flags & IFF_UP) !== 0);
  const active = known && nic.carrier === 'up';
  view.setUint32(layout.ifmediareq.ifm_status, (known ? IFM_AVALID : 0) | (active ? IFM_ACTIVE : 0), true);
  return 0;
}

/** SIOCGVH and SIOCSVH. SIOCSVH creates a missing vhid, and enters a state that differs from the current one. */
function virtualHost(kernel: Kernel, write: boolean, nic: Nic, view: DataView): Result {
  const { layout, carps } = kernel;
  const at = layout.carpreq;
  if (at === null) {
    return -ENOTTY;
  }
  const bytes = kernel.at(view.getBigUint64(16, true));
  const carpreq = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const vhids = layout.behaviour.carp === 'vhid';
  const vhid = vhids ? carpreq.getInt32(at.carpr_vhid, true) : 0;
  let carp = carps.all.get(vhids ? `${vhid}@${nic.name}` : nic.name);
  if (write) {
    if (!kernel.privileged) {
      return -EPERM;
    }
    if (!vhids) {
      return -EINVAL;
    }
    carp ??= carps.create(`${vhid}@${nic.name}`, nic.name, vhid, 0);
    carp.advskew = carpreq.getInt32(at.carpr_advskew, true);
    carp.advbase = carpreq.getInt32(at.carpr_advbase, true) || carp.advbase;
    const wanted = states[carpreq.getInt32(at.carpr_state, true)] ?? 'init';
    if (wanted !== 'init') {
      carps.elect(carp, wanted);
    }
    return 0;
  }
  if (carp === undefined) {
    return vhids ? -ENOENT : -layout.behaviour.noMediaErrno;
  }
  const put = (offset: number, value: number) =>
    at.width === 1 ? carpreq.setUint8(offset, value) : carpreq.setInt32(offset, value, true);
  put(at.carpr_state, states.indexOf(carp.state));
  put(at.carpr_vhid, carp.vhid);
  put(at.carpr_advskew, carp.advskew);
  carpreq.setInt32(at.carpr_advbase, carp.advbase, true);
  if (at.carpr_carpdev !== null) {
    bytes.set(new TextEncoder().encode(carp.parent), at.carpr_carpdev);
  }
  return 0;
}

/** SIOCGIFGATTR and SIOCSIFGATTR. The number that is written is added, and the sum must stay in 0 to 255. */
function groupAttribute(kernel: Kernel, write: boolean, group: string, argument: Uint8Array): Result {
  const ATTRIBUTE = 24;
  const view = new DataView(argument.buffer, argument.byteOffset, argument.byteLength);
  const value = kernel.groups.get(group);
  if (value === undefined) {
    return -ENOENT;
  }
  if (!write) {
    view.setInt32(ATTRIBUTE, value, true);
    return 0;
  }
  if (!kernel.privileged) {
    return -EPERM;
  }
  const sum = value + view.getInt32(ATTRIBUTE, true);
  if (sum < 0 || sum > 255) {
    return -EINVAL;
  }
  kernel.groups.set(group, sum);
  return 0;
}

function textAt(bytes: Uint8Array, offset: number): string {
  const field = bytes.subarray(offset, offset + 16);
  const end = field.indexOf(0);
  return decodeText(end < 0 ? field : field.subarray(0, end));
}
