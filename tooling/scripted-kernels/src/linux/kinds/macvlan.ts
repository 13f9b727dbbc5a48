import type { Device } from '../device.ts';
import type { Driver } from '../driver.ts';
import { ALL, type Follower, type LinuxKernel } from '../kernel.ts';
import { errno, iff } from '../numbers.ts';

/** drivers/net/macvlan.c: it follows the carrier of the link below, and keeps it while it is down itself. */
const macvlan: Driver = {
  kind: 'macvlan',
  flags: iff.IFF_BROADCAST | iff.IFF_MULTICAST,
  answersLink: true,
  passesPromiscuity: true,
  knowsProtoDown: true,
  iflink: ({ below }) => below?.index ?? 0,
  remove(kernel, device, list) {
    list.push(device);
    const { below } = device;
    below?.above.splice(below.above.indexOf(device), 1);
    if (below !== null) {
      kernel.upperChanged(below);
    }
  },
};

export const isMacvlan = ({ driver }: Device): boolean => driver === macvlan;

/** macvlan_common_newlink(). */
export function createMacvlan(
  kernel: LinuxKernel,
  name: string,
  on: Device,
  address: Uint8Array | null,
): Device | number {
  const below = isMacvlan(on) && on.below !== null ? on.below : on;
  if ((below.flags & iff.IFF_LOOPBACK) !== 0) {
    return errno.EINVAL;
  }
  if (below.master !== null) {
    return errno.EBUSY;
  }
  const device = kernel.allocate(name, macvlan, address);
  device.below = below;
  device.carrier = below.carrier;
  device.dormant = below.dormant;
  kernel.register(device);
  below.above.push(device);
  kernel.upperChanged(below);
  kernel.follow(below, device);
  kernel.linkWatch.fire(device);
  kernel.report('new', device, ALL);
  return device;
}

/** macvlan_device_event() */
export const macvlansFollow: Follower = (kernel, device, event) => {
  const above = device.above.filter(isMacvlan);
  if (event === 'up' || event === 'down' || event === 'change') {
    for (const one of above) {
      kernel.follow(device, one);
    }
  } else if (event === 'unregister' && above.length > 0) {
    const list: Device[] = [];
    for (const one of above) {
      kernel.queueRemoval(one, list);
    }
    kernel.unregister(list);
  }
};
