import { attributesByType, decodeStruct, linux, numberIn, textIn } from '@ifdepd/netlink';
import type { Device } from './device.ts';
import { ALL, type LinuxKernel } from './kernel.ts';
import { createBond } from './kinds/bond.ts';
import { createBridge } from './kinds/bridge.ts';
import { dummy } from './kinds/card.ts';
import { createMacvlan } from './kinds/macvlan.ts';
import { createVeth } from './kinds/veth.ts';
import { createVlan } from './kinds/vlan.ts';
import { errno, iff, info } from './numbers.ts';

const { ifla, struct, littleEndian } = linux;
const { ifinfomsg } = struct;
const NOTHING = new Uint8Array();

type Attributes = ReadonlyMap<number, Uint8Array>;

/** The payload of a request about a link. */
export interface LinkRequest {
  readonly index: number;
  readonly flags: number;
  readonly change: number;
  readonly attributes: Attributes;
}

/** @returns null where the payload is too short */
export function readLinkRequest(payload: Uint8Array): LinkRequest | null {
  if (payload.byteLength < ifinfomsg.size) {
    return null;
  }
  const {
    ifi_index: index,
    ifi_flags: flags,
    ifi_change: change,
  } = decodeStruct(ifinfomsg, payload, littleEndian);
  return { index, flags, change, attributes: attributesByType(payload, littleEndian, ifinfomsg.size) };
}

/** The link that a request names, by index or else by name: rtnl_dev_get(). */
export function namedLink(kernel: LinuxKernel, { index, attributes }: LinkRequest): Device | undefined {
  if (index > 0) {
    return kernel.byIndex(index);
  }
  const name = attributes.get(ifla.IFLA_IFNAME) ?? attributes.get(ifla.IFLA_ALT_IFNAME);
  return name === undefined ? undefined : kernel.byName(textIn(name));
}

/** do_setlink(): RTM_SETLINK. @returns 0 or a positive errno */
export function setLink(kernel: LinuxKernel, device: Device, request: LinkRequest): number {
  const { attributes, flags, change } = request;
  const name = attributes.get(ifla.IFLA_IFNAME);
  let notify = false;
  let refused = 0;

  if (request.index > 0 && name !== undefined && textIn(name) !== device.name) {
    refused = rename(kernel, device, textIn(name));
  }
  const alias = attributes.get(ifla.IFLA_IFALIAS);
  if (refused === 0 && alias !== undefined) {
    device.alias = textIn(alias);
    notify = true;
  }
  if (refused === 0 && (flags !== 0 || change !== 0)) {
    // rtnl_dev_combine_flags(): without ifi_change all flags are meant.
    const mask = change === 0 ? ALL : change;
    if ((mask & iff.IFF_UP) !== 0) {
      refused = kernel.setAdmin(device, (flags & iff.IFF_UP) !== 0);
    }
  }
  const master = numberIn(attributes.get(ifla.IFLA_MASTER), littleEndian);
  if (refused === 0 && master !== null) {
    refused = setMaster(kernel, device, master);
  }
  const carrier = attributes.get(ifla.IFLA_CARRIER)?.[0];
  if (refused === 0 && carrier !== undefined) {
    refused = device.driver.setsCarrier ? 0 : errno.EOPNOTSUPP;
    if (refused === 0) {
      kernel.setCarrier(device, carrier !== 0);
    }
  }
  const protoDown = attributes.get(ifla.IFLA_PROTO_DOWN)?.[0];
  const reason = attributes.get(ifla.IFLA_PROTO_DOWN_REASON);
  if (refused === 0 && (protoDown !== undefined || reason !== undefined)) {
    refused = setProtoDown(kernel, device, protoDown, reason);
    notify ||= refused === 0;
  }
  if (notify) {
    kernel.stateChange(device);
  }
  return refused;
}

function rename(kernel: LinuxKernel, device: Device, name: string): number {
  if (kernel.byName(name) !== undefined) {
    return errno.EEXIST;
  }
  device.name = name;
  kernel.generation += 1;
  kernel.call('name', device);
  return 0;
}

/** do_set_master() */
function setMaster(kernel: LinuxKernel, device: Device, index: number): number {
  const before = device.master;
  if (before !== null) {
    if (before.index === index) {
      return 0;
    }
    const refused = before.driver.removePort?.(kernel, before, device) ?? errno.EOPNOTSUPP;
    if (refused !== 0) {
      return refused;
    }
  }
  if (index === 0) {
    return 0;
  }
  const master = kernel.byIndex(index);
  return master === undefined
    ? errno.EINVAL
    : (master.driver.addPort?.(kernel, master, device) ?? errno.EOPNOTSUPP);
}

/** do_set_proto_down() */
function setProtoDown(
  kernel: LinuxKernel,
  device: Device,
  to: number | undefined,
  reason: Uint8Array | undefined,
): number {
  if (!device.driver.knowsProtoDown) {
    return errno.EOPNOTSUPP;
  }
  if (reason !== undefined) {
    const given = attributesByType(reason, littleEndian);
    const value = numberIn(given.get(ifla.IFLA_PROTO_DOWN_REASON_VALUE), littleEndian);
    const mask = numberIn(given.get(ifla.IFLA_PROTO_DOWN_REASON_MASK), littleEndian) ?? ALL;
    if (value === null) {
      return errno.EINVAL;
    }
    device.protoDownReasons = ((device.protoDownReasons & ~mask) | (value & mask)) >>> 0;
  }
  if (to === undefined) {
    return 0;
  }
  if (to === 0 && device.protoDownReasons !== 0) {
    return errno.EBUSY;
  }
  kernel.setCarrier(device, to === 0);
  device.protoDown = to !== 0;
  return 0;
}

/** RTM_NEWLINK with NLM_F_CREATE. @returns 0 or a positive errno */
export function createLink(kernel: LinuxKernel, { attributes }: LinkRequest): number {
  const linkInfo = attributesByType(attributes.get(ifla.IFLA_LINKINFO) ?? NOTHING, littleEndian);
  const data = attributesByType(linkInfo.get(ifla.IFLA_INFO_DATA) ?? NOTHING, littleEndian);
  const name = textIn(attributes.get(ifla.IFLA_IFNAME) ?? NOTHING);
  const address = attributes.get(ifla.IFLA_ADDRESS) ?? null;
  if (kernel.byName(name) !== undefined) {
    return errno.EEXIST;
  }
  const kind = textIn(linkInfo.get(ifla.IFLA_INFO_KIND) ?? NOTHING);
  const below = kernel.byIndex(numberIn(attributes.get(ifla.IFLA_LINK), littleEndian) ?? 0);
  switch (kind) {
    case 'dummy': {
      const device = kernel.allocate(name, dummy, address);
      kernel.register(device);
      kernel.report('new', device, ALL);
      return 0;
    }
    case 'bridge':
      createBridge(kernel, name, address);
      return 0;
    case 'bond':
      createBond(kernel, name, address);
      return 0;
    case 'veth': {
      const peer = attributesByType(data.get(info.VETH_INFO_PEER) ?? NOTHING, littleEndian, ifinfomsg.size);
      const peerName = textIn(peer.get(ifla.IFLA_IFNAME) ?? NOTHING);
      if (kernel.byName(peerName) !== undefined || peerName === name) {
        return errno.EEXIST;
      }
      createVeth(kernel, name, peerName, [address, peer.get(ifla.IFLA_ADDRESS) ?? null]);
      return 0;
    }
    case 'macvlan':
      return below === undefined ? errno.ENODEV : errnoOf(createMacvlan(kernel, name, below, address));
    case 'vlan': {
      const id = data.get(info.IFLA_VLAN_ID) ?? NOTHING;
      const number = (id[0] ?? 0) | ((id[1] ?? 0) << 8);
      return below === undefined ? errno.ENODEV : errnoOf(createVlan(kernel, name, below, number, address));
    }
    default:
      return errno.EOPNOTSUPP;
  }
}

function errnoOf(created: Device | number): number {
  return typeof created === 'number' ? created : 0;
}

/** RTM_NEWLINKPROP and RTM_DELLINKPROP: alternative names. @returns 0 or a positive errno */
export function setAltNames(kernel: LinuxKernel, device: Device, request: LinkRequest, add: boolean): number {
  const list = request.attributes.get(ifla.IFLA_PROP_LIST);
  const name = list && attributesByType(list, littleEndian).get(ifla.IFLA_ALT_IFNAME);
  if (name === undefined) {
    return errno.EINVAL;
  }
  const text = textIn(name);
  if (add) {
    if (kernel.byName(text) !== undefined) {
      return errno.EEXIST;
    }
    device.altNames.push(text);
  } else if (device.altNames.includes(text)) {
    device.altNames.splice(device.altNames.indexOf(text), 1);
  } else {
    return errno.ENOENT;
  }
  kernel.stateChange(device);
  return 0;
}
