import type { Device } from '../device.ts';
import type { Driver } from '../driver.ts';
import { ALL, type LinuxKernel } from '../kernel.ts';
import { errno, iff } from '../numbers.ts';

const NO_ADDRESS = new Uint8Array(6);

/** net/bridge/ without a spanning tree: it has a carrier while a port forwards. */
const bridge: Driver = {
  kind: 'bridge',
  flags: iff.IFF_BROADCAST | iff.IFF_MULTICAST,
  answersLink: true,
  open(kernel, device) {
    for (const port of device.ports) {
      if (port.running && port.operUp) {
        enablePort(kernel, device, port);
      }
    }
    return 0;
  },
  stop(kernel, device) {
    for (const port of device.ports) {
      if (port.forwards) {
        disablePort(kernel, device, port);
      }
    }
  },
  remove(kernel, device, list) {
    for (const port of [...device.ports]) {
      takePort(kernel, device, port);
    }
    list.push(device);
  },
  addPort(kernel, device, port) {
    if ((port.flags & iff.IFF_LOOPBACK) !== 0) {
      return errno.EINVAL;
    }
    if (port.driver === bridge) {
      return errno.ELOOP;
    }
    if (port.above.some(({ driver }) => driver.kind === 'macvlan')) {
      return errno.EBUSY;
    }
    if (standsOn(port, device)) {
      return errno.EBUSY;
    }
    port.master = device;
    kernel.upperChanged(port);
    device.ports.unshift(port);
    kernel.promiscuity(port, 1);
    const changed = chooseAddress(kernel, device);
    if (port.running && port.operUp && device.up) {
      enablePort(kernel, device, port);
    }
    kernel.reportPort('new', port);
    if (changed) {
      kernel.call('address', device);
    }
    return 0;
  },
  removePort(kernel, device, port) {
    takePort(kernel, device, port);
    if (chooseAddress(kernel, device)) {
      kernel.call('address', device);
    }
    return 0;
  },
  portEvent(kernel, device, port, event) {
    switch (event) {
      case 'address':
        if (chooseAddress(kernel, device)) {
          kernel.call('address', device);
        }
        kernel.reportPort('new', port);
        break;
      case 'change':
      case 'up':
      case 'down':
        if (!checkPort(kernel, device, port, event)) {
          kernel.reportPort('new', port);
        }
        break;
      case 'unregister':
        bridge.removePort?.(kernel, device, port);
        break;
      default:
    }
  },
};

/** Whether a link stands on another one, if by way of others: __netdev_has_upper_dev(). */
function standsOn(upper: Device, lower: Device): boolean {
  return [
    ...upper.ports,
    ...(upper.driver.kind === 'veth' || upper.below === null ? [] : [upper.below]),
  ].some((one) => one === lower || standsOn(one, lower));
}

/** br_device_event() @returns whether the port was reported */
function checkPort(
  kernel: LinuxKernel,
  device: Device,
  port: Device,
  event: 'change' | 'up' | 'down',
): boolean {
  const works = port.running && port.operUp;
  if (event === 'down' && device.up) {
    disablePort(kernel, device, port);
    return true;
  }
  if (event === 'up' && device.running && works) {
    enablePort(kernel, device, port);
    return true;
  }
  if (event === 'change' && device.running && port.forwards !== works) {
    (works ? enablePort : disablePort)(kernel, device, port);
    return true;
  }
  return false;
}

/** br_stp_enable_port(): without a spanning tree the port forwards at once. */
function enablePort(kernel: LinuxKernel, device: Device, port: Device): void {
  port.forwards = true;
  kernel.reportPort('new', port);
  selectStates(kernel, device);
  kernel.reportPort('new', port);
}

/** br_stp_disable_port() */
function disablePort(kernel: LinuxKernel, device: Device, port: Device): void {
  port.forwards = false;
  kernel.reportPort('new', port);
  selectStates(kernel, device);
}

/** br_port_state_selection() */
function selectStates(kernel: LinuxKernel, device: Device): void {
  kernel.setCarrier(
    device,
    device.ports.some(({ forwards }) => forwards),
  );
}

/** del_nbp() */
function takePort(kernel: LinuxKernel, device: Device, port: Device): void {
  kernel.promiscuity(port, -1);
  disablePort(kernel, device, port);
  kernel.reportPort('deleted', port);
  device.ports.splice(device.ports.indexOf(port), 1);
  port.master = null;
  kernel.upperChanged(port);
}

/** br_stp_recalculate_bridge_id(): the lowest address of a port. */
function chooseAddress(kernel: LinuxKernel, device: Device): boolean {
  const [lowest = NO_ADDRESS] = device.ports.map(({ address }) => address).sort(Buffer.compare);
  if (Buffer.compare(lowest, device.bridgeId) === 0) {
    return false;
  }
  device.bridgeId = lowest;
  device.address = lowest;
  selectStates(kernel, device);
  return true;
}

export function createBridge(kernel: LinuxKernel, name: string, address: Uint8Array | null): Device {
  const device = kernel.allocate(name, bridge, address);
  kernel.register(device);
  kernel.report('new', device, ALL);
  return device;
}
