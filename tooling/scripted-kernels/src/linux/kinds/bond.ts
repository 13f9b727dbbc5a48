import type { Device } from '../device.ts';
import type { Driver } from '../driver.ts';
import { ALL, type LinuxKernel } from '../kernel.ts';
import { errno, iff } from '../numbers.ts';

/** drivers/net/bonding/ in the mode active-backup without monitoring: it has a carrier while it has ports. */
const bond: Driver = {
  kind: 'bond',
  flags: iff.IFF_BROADCAST | iff.IFF_MULTICAST | iff.IFF_MASTER,
  answersLink: true,
  remove(kernel, device, list) {
    list.push(device);
    void kernel;
  },
  uninit(kernel, device) {
    for (const port of [...device.ports]) {
      release(kernel, device, port);
    }
  },
  addPort(kernel, device, port) {
    if ((port.flags & iff.IFF_LOOPBACK) !== 0 || port.up) {
      return errno.EPERM;
    }
    port.flags |= iff.IFF_SLAVE;
    kernel.open(port);
    port.master = device;
    device.ports.push(port);
    kernel.upperChanged(port);
    kernel.setCarrier(device, true);
    return 0;
  },
  removePort(kernel, device, port) {
    release(kernel, device, port);
    return 0;
  },
  portEvent(kernel, device, port, event) {
    if (event === 'unregister') {
      release(kernel, device, port);
    }
  },
};

function release(kernel: LinuxKernel, device: Device, port: Device): void {
  device.ports.splice(device.ports.indexOf(port), 1);
  port.master = null;
  kernel.upperChanged(port);
  port.flags &= ~iff.IFF_SLAVE;
  kernel.close([port]);
  kernel.setCarrier(device, device.ports.length > 0);
}

export function createBond(kernel: LinuxKernel, name: string, address: Uint8Array | null): Device {
  const device = kernel.allocate(name, bond, address);
  kernel.register(device);
  kernel.setCarrier(device, false);
  kernel.report('new', device, ALL);
  return device;
}
