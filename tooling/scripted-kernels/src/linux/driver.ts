import type { Device } from './device.ts';
import type { LinuxKernel } from './kernel.ts';

/** NETDEV_* of include/linux/netdevice.h that a kind of link follows. */
export type DeviceEvent = 'up' | 'down' | 'change' | 'unregister' | 'address' | 'name' | 'upper';

/** How a kind of link behaves. A method that returns a number returns 0 or a positive errno. */
export interface Driver {
  /** IFLA_INFO_KIND; null for hardware. */
  readonly kind: string | null;
  /** IFF_* of a new link. */
  readonly flags: number;
  /** Whether IFLA_CARRIER sets its carrier (ndo_change_carrier). */
  readonly setsCarrier?: boolean;
  /** Whether it supports protodown (change_proto_down). */
  readonly knowsProtoDown?: boolean;
  /** Whether RTM_DELLINK removes it. Default: true where it has a kind. */
  readonly isDeletable?: boolean;
  /** Whether its driver has ETHTOOL_GLINK. */
  readonly answersLink?: boolean;
  /** Whether its answer makes link_watch report nothing: get_link of its own, instead of ethtool_op_get_link(). */
  readonly ownLink?: boolean;
  /** Whether the link below takes every frame while this one does. */
  readonly passesPromiscuity?: boolean;
  /** dev_get_iflink(). Default: the index of the link itself. */
  iflink?(device: Device): number;
  /** ndo_open. */
  open?(kernel: LinuxKernel, device: Device): number;
  /** ndo_stop. */
  stop?(kernel: LinuxKernel, device: Device): void;
  /** Its part of RTM_DELLINK: adds what goes with it to the list. Default: itself. */
  remove?(kernel: LinuxKernel, device: Device, list: Device[]): void;
  /** ndo_uninit. */
  uninit?(kernel: LinuxKernel, device: Device): void;
  /** ndo_add_slave. */
  addPort?(kernel: LinuxKernel, device: Device, port: Device): number;
  /** ndo_del_slave. */
  removePort?(kernel: LinuxKernel, device: Device, port: Device): number;
  /** Something happened to a port. */
  portEvent?(kernel: LinuxKernel, device: Device, port: Device, event: DeviceEvent): void;
}
