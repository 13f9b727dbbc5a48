import type { Device } from '../device.ts';
import type { Driver } from '../driver.ts';
import type { LinuxKernel } from '../kernel.ts';
import { ALL } from '../kernel.ts';
import { iff } from '../numbers.ts';

/** drivers/net/veth.c: both ends have a carrier while both are up. */
const veth: Driver = {
  kind: 'veth',
  flags: iff.IFF_BROADCAST | iff.IFF_MULTICAST,
  answersLink: true,
  iflink: ({ below }) => below?.index ?? 0,
  open(kernel, device) {
    const { below: peer } = device;
    if (peer?.up) {
      kernel.setCarrier(device, true);
      kernel.setCarrier(peer, true);
    }
    return 0;
  },
  stop(kernel, device) {
    kernel.setCarrier(device, false);
    if (device.below !== null) {
      kernel.setCarrier(device.below, false);
    }
  },
  remove(_kernel, device, list) {
    const { below: peer } = device;
    list.push(device);
    device.below = null;
    if (peer !== null) {
      peer.below = null;
      list.push(peer);
    }
  },
};

/** veth_newlink(): the peer is there first. */
export function createVeth(
  kernel: LinuxKernel,
  name: string,
  peerName: string,
  addresses: readonly [Uint8Array | null, Uint8Array | null],
): Device {
  const peer = kernel.allocate(peerName, veth, addresses[1]);
  kernel.register(peer);
  kernel.setCarrier(peer, false);
  kernel.report('new', peer, ALL);
  const device = kernel.allocate(name, veth, addresses[0]);
  kernel.register(device);
  kernel.setCarrier(device, false);
  device.below = peer;
  peer.below = device;
  kernel.report('new', device, ALL);
  return device;
}
