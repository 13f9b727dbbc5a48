import { Device } from './device.ts';
import type { DeviceEvent, Driver } from './driver.ts';
import { LinkWatch } from './link-watch.ts';
import { errno, iff } from './numbers.ts';

/** What a kernel does with a message about a link. */
export interface Notifier {
  /** @param change ifi_change */
  link(type: 'new' | 'deleted', device: Device, change: number): void;
  /** A message of a bridge about a port, with AF_BRIDGE. */
  port(type: 'new' | 'deleted', port: Device): void;
}

/** Every bit of ifi_change: the link is new, or gone. */
export const ALL = 0xffff_ffff;

/** The links of a kernel, and the order in which it changes and reports them: net/core/dev.c and net/core/rtnetlink.c. */
export class LinuxKernel {
  readonly devices = new Map<number, Device>();
  readonly linkWatch = new LinkWatch(this);
  readonly #notifier: Notifier;
  readonly #clock: () => number;
  readonly #followers: Follower[] = [];
  /** dev_base_seq: it changes as links come, go and are renamed. */
  generation = 0;
  #lastIndex = 0;

  constructor(notifier: Notifier, clock: () => number) {
    this.#notifier = notifier;
    this.#clock = clock;
  }

  /** Milliseconds. */
  get now(): number {
    return this.#clock();
  }

  byIndex(index: number): Device | undefined {
    return this.devices.get(index);
  }

  /** By a name or an alternative name. */
  byName(name: string): Device | undefined {
    for (const device of this.devices.values()) {
      if (device.name === name || device.altNames.includes(name)) {
        return device;
      }
    }
    return undefined;
  }

  /** The link after its allocation: the driver prepares it before {@link LinuxKernel.register}. */
  allocate(name: string, driver: Driver, address: Uint8Array | null): Device {
    this.#lastIndex += 1;
    return new Device(this.#lastIndex, name, driver, address ?? addressOf(this.#lastIndex));
  }

  /** register_netdevice(). */
  register(device: Device): void {
    this.devices.set(device.index, device);
    this.generation += 1;
    this.linkWatch.init(device);
    device.state = 'registered';
  }

  /** unregister_netdevice_many(). */
  unregister(list: readonly Device[]): void {
    this.close(list);
    for (const device of list) {
      this.devices.delete(device.index);
      device.state = 'leaving';
      this.generation += 1;
    }
    for (const device of list) {
      device.sending = false;
      this.call('unregister', device);
      this.report('deleted', device, ALL);
      device.driver.uninit?.(this, device);
      this.linkWatch.forget(device);
    }
  }

  /** RTM_DELLINK. */
  remove(device: Device): number {
    const { driver } = device;
    if (!(driver.isDeletable ?? driver.kind !== null)) {
      return errno.EOPNOTSUPP;
    }
    const list: Device[] = [];
    this.queueRemoval(device, list);
    this.unregister(list);
    return 0;
  }

  /** The dellink of a kind: unregister_netdevice_queue() of what goes with a link. */
  queueRemoval(device: Device, list: Device[]): void {
    if (device.driver.remove === undefined) {
      list.push(device);
    } else {
      device.driver.remove(this, device, list);
    }
  }

  /** netif_carrier_on() and netif_carrier_off(). */
  setCarrier(device: Device, carrier: boolean): void {
    if (device.carrier === carrier) {
      return;
    }
    device.carrier = carrier;
    if (device.state !== 'new') {
      device.carrierUps += carrier ? 1 : 0;
      device.carrierDowns += carrier ? 0 : 1;
      this.linkWatch.fire(device);
    }
  }

  /** netif_stacked_transfer_operstate(). */
  follow(root: Device, device: Device): void {
    device.dormant = root.dormant;
    this.setCarrier(device, root.carrier);
  }

  /** dev_change_flags() for IFF_UP. */
  setAdmin(device: Device, up: boolean): number {
    if (device.up === up) {
      return 0;
    }
    if (up) {
      const refused = this.#open(device);
      if (refused !== 0) {
        return refused;
      }
    } else {
      this.#stop([device]);
    }
    this.report('new', device, iff.IFF_UP);
    this.call(up ? 'up' : 'down', device);
    return 0;
  }

  /** dev_open(), with which a kind sets another link up. */
  open(device: Device): number {
    if (device.up) {
      return 0;
    }
    const refused = this.#open(device);
    if (refused === 0) {
      this.report('new', device, iff.IFF_UP | iff.IFF_RUNNING);
      this.call('up', device);
    }
    return refused;
  }

  /** dev_close_many(). */
  close(devices: readonly Device[]): void {
    const open = devices.filter(({ up }) => up);
    this.#stop(open);
    for (const device of open) {
      this.report('new', device, iff.IFF_UP | iff.IFF_RUNNING);
      this.call('down', device);
    }
  }

  /** dev_set_promiscuity(). */
  promiscuity(device: Device, by: 1 | -1): void {
    const before = device.promiscuity > 0;
    device.promiscuity += by;
    if (before !== device.promiscuity > 0 && device.up) {
      this.#passPromiscuity(device, by);
    }
    this.report('new', device, iff.IFF_PROMISC);
  }

  /** What stands on one link makes it take every frame too: macvlan_change_rx_flags(), vlan_dev_change_rx_flags(). */
  #passPromiscuity({ driver, below }: Device, by: 1 | -1): void {
    if (driver.passesPromiscuity && below !== null) {
      this.promiscuity(below, by);
    }
  }

  /** netdev_state_change(): nothing is reported of a link that is down. */
  stateChange(device: Device): void {
    if (device.up) {
      this.call('change', device);
      this.report('new', device, 0);
    }
  }

  /** netdev_upper_dev_link() and netdev_upper_dev_unlink() end with it: the lower link is reported. */
  upperChanged(lower: Device): void {
    this.call('upper', lower);
  }

  /** rtmsg_ifinfo() */
  report(type: 'new' | 'deleted', device: Device, change: number): void {
    if (type === 'deleted' || device.state === 'registered') {
      this.#notifier.link(type, device, change);
    }
  }

  reportPort(type: 'new' | 'deleted', port: Device): void {
    this.#notifier.port(type, port);
  }

  /** call_netdevice_notifiers(): rtnetlink hears it first, then what stands on the link, then its master. */
  call(event: DeviceEvent, device: Device): void {
    if (event === 'address' || event === 'name' || event === 'upper') {
      this.report('new', device, 0);
    }
    for (const hears of this.#followers) {
      hears(this, device, event);
    }
    device.master?.driver.portEvent?.(this, device.master, device, event);
  }

  /** Adds a kind that follows the events of links below it. */
  follows(hears: Follower): void {
    this.#followers.push(hears);
  }

  /** __dev_open() */
  #open(device: Device): number {
    device.running = true;
    const refused = device.driver.open?.(this, device) ?? 0;
    if (refused !== 0) {
      device.running = false;
      return refused;
    }
    if (device.promiscuity > 0) {
      this.#passPromiscuity(device, 1);
    }
    device.flags |= iff.IFF_UP;
    device.sending = device.carrier;
    return 0;
  }

  /** __dev_close_many() */
  #stop(devices: readonly Device[]): void {
    for (const device of devices) {
      device.running = false;
    }
    for (const device of devices) {
      device.sending = false;
      if (device.promiscuity > 0) {
        this.#passPromiscuity(device, -1);
      }
      device.driver.stop?.(this, device);
      device.flags &= ~iff.IFF_UP;
    }
  }
}

/** Hears of an event of any link. */
export type Follower = (kernel: LinuxKernel, device: Device, event: DeviceEvent) => void;

function addressOf(index: number): Uint8Array {
  return Uint8Array.of(2, 0, 0, 0, index >> 8, index & 0xff);
}
