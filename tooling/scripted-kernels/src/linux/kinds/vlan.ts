import type { Device } from '../device.ts';
import type { Driver } from '../driver.ts';
import { ALL, type Follower, type LinuxKernel } from '../kernel.ts';
import { errno, iff } from '../numbers.ts';

const ENETDOWN = 100;

/** net/8021q/: it goes down and up with the link below, and loses its carrier when it is down. */
const vlan: Driver = {
  kind: 'vlan',
  flags: iff.IFF_BROADCAST | iff.IFF_MULTICAST,
  answersLink: true,
  passesPromiscuity: true,
  iflink: ({ below }) => below?.index ?? 0,
  open(kernel, device) {
    const { below } = device;
    if (!below?.up) {
      return ENETDOWN;
    }
    kernel.setCarrier(device, device.carrier || below.carrier);
    return 0;
  },
  stop: (kernel, device) => kernel.setCarrier(device, false),
  remove(kernel, device, list) {
    const { below } = device;
    list.push(device);
    below?.above.splice(below.above.indexOf(device), 1);
    if (below !== null) {
      kernel.upperChanged(below);
    }
  },
};

const isVlan = ({ driver }: Device): boolean => driver === vlan;

/** register_vlan_dev(). */
export function createVlan(
  kernel: LinuxKernel,
  name: string,
  below: Device,
  id: number,
  address: Uint8Array | null,
): Device | number {
  if ((below.flags & iff.IFF_LOOPBACK) !== 0) {
    return errno.EOPNOTSUPP;
  }
  if (below.above.some((one) => isVlan(one) && one.vlan === id)) {
    return errno.EEXIST;
  }
  const device = kernel.allocate(name, vlan, address ?? below.address);
  device.below = below;
  device.vlan = id;
  device.carrier = below.carrier;
  device.dormant = below.dormant;
  device.flags =
    below.flags & ~(iff.IFF_UP | iff.IFF_PROMISC | iff.IFF_ALLMULTI | iff.IFF_MASTER | iff.IFF_SLAVE);
  kernel.register(device);
  below.above.push(device);
  kernel.upperChanged(below);
  kernel.follow(below, device);
  kernel.linkWatch.fire(device);
  kernel.report('new', device, ALL);
  return device;
}

/** vlan_device_event() */
export const vlansFollow: Follower = (kernel, device, event) => {
  const above = device.above.filter(isVlan).toSorted((one, other) => one.vlan - other.vlan);
  switch (event) {
    case 'change':
      for (const one of above) {
        kernel.follow(device, one);
      }
      break;
    case 'down':
      // Each is added at the head of the list.
      kernel.close(above.toReversed());
      for (const one of above) {
        kernel.follow(device, one);
      }
      break;
    case 'up':
      for (const one of above.filter(({ up }) => !up)) {
        kernel.setAdmin(one, true);
        kernel.follow(device, one);
      }
      break;
    case 'unregister':
      if (above.length > 0) {
        const list: Device[] = [];
        for (const one of above) {
          kernel.queueRemoval(one, list);
        }
        kernel.unregister(list);
      }
      break;
    default:
  }
};
