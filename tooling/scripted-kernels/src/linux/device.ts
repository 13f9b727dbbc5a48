import type { Driver } from './driver.ts';
import { iff, oper } from './numbers.ts';

/** A link of a scripted kernel: the fields of `struct net_device` on which its messages depend. */
export class Device {
  readonly index: number;
  readonly driver: Driver;
  name: string;
  alias = '';
  readonly altNames: string[] = [];
  address: Uint8Array;
  /** IFF_* that stay: broadcast, multicast, loopback, master, slave. IFF_UP is among them while it is up. */
  flags: number;
  /** IFF_PROMISC and IFF_ALLMULTI by count. */
  promiscuity = 0;
  /** __LINK_STATE_START: set before the driver opens, cleared before it stops. */
  running = false;
  /** The opposite of __LINK_STATE_NOCARRIER. */
  carrier = true;
  dormant = false;
  operstate: number = oper.UNKNOWN;
  carrierUps = 0;
  carrierDowns = 0;
  /** Whether a queue sends: false before dev_activate() and after dev_deactivate(). */
  sending = false;
  /** reg_state: carrier changes of what is new are not counted, and only what is registered is reported as new. */
  state: 'new' | 'registered' | 'leaving' = 'new';
  protoDown = false;
  protoDownReasons = 0;
  master: Device | null = null;
  /** The link below a vlan or macvlan, and the other end of a veth. */
  below: Device | null = null;
  /** Links that stand on this one, in the order of their creation. */
  readonly above: Device[] = [];
  /** The ports of a bridge or bond, the youngest first. */
  readonly ports: Device[] = [];
  /** The state of a port of a bridge. */
  forwards = false;
  /** The address in the identifier of a bridge: that of no port at first. */
  bridgeId: Uint8Array = new Uint8Array(6);
  /** The number of a vlan. */
  vlan = 0;

  constructor(index: number, name: string, driver: Driver, address: Uint8Array) {
    this.index = index;
    this.name = name;
    this.driver = driver;
    this.address = address;
    this.flags = driver.flags;
  }

  get up(): boolean {
    return (this.flags & iff.IFF_UP) !== 0;
  }

  /** netif_oper_up() in include/linux/netdevice.h */
  get operUp(): boolean {
    return this.operstate === oper.UP || this.operstate === oper.UNKNOWN;
  }

  /** dev_get_iflink(): what IFLA_LINK has, and its own index where it stands on nothing. */
  get iflink(): number {
    return this.driver.iflink?.(this) ?? this.index;
  }

  /** IFLA_OPERSTATE. */
  get shownOperstate(): number {
    return this.running ? this.operstate : oper.DOWN;
  }

  /** dev_get_flags() in net/core/dev.c */
  get shownFlags(): number {
    const running = this.running && this.operUp ? iff.IFF_RUNNING : 0;
    const lowerUp = this.running && this.carrier ? iff.IFF_LOWER_UP : 0;
    const dormant = this.running && this.dormant ? iff.IFF_DORMANT : 0;
    return this.flags | running | lowerUp | dormant;
  }
}
