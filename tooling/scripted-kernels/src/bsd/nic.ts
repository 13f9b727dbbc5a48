import type { ScriptedLink } from './layout.ts';
import type { Net } from './socket-addresses.ts';

/** net/if.h, of every BSD and macOS. */
export const IFF_UP = 0x1;
export const IFF_RUNNING = 0x40;

/** An interface of the scripted kernel. */
export interface Nic {
  readonly index: number;
  name: string;
  readonly type: number;
  flags: number;
  link: ScriptedLink;
  /** The state of the cable; null for an interface without media. */
  carrier: 'up' | 'down' | null;
  /** Whether the driver answers SIOCGIFMEDIA but reports no link state: it stays unknown, and a pulled cable sends no message. */
  readonly silent: boolean;
  /** Whether the carrier changed while the interface was down, so that its link is reported late. */
  stale: boolean;
  addresses: number;
  /** Addresses of a caller's own choice, besides those that are only counted. */
  readonly own: Net[];
  /** The routing table of its addresses (FreeBSD's FIB). Sockets belong to table 0. */
  fib: number;
  /** Whether it cannot run and never gets IFF_RUNNING: a vlan without a parent, a gif without a tunnel. */
  idle: boolean;
  metric: number;
}

/** The effects of an event on interfaces that stand on others. */
export interface LayerHooks {
  afterLink(below: Nic): void;
  gone(nic: Nic): void;
}

/** The effects of an event on carp(4). */
export interface CarpHooks {
  /** Called before and after the message of the parent. */
  beforeAdmin(parent: Nic, to: 'up' | 'down'): void;
  betweenUpMessages(parent: Nic): void;
  afterAdmin(parent: Nic, to: 'up' | 'down'): void;
  afterLink(parent: Nic): void;
  /** True when the interface is a carp that has handled the change itself. */
  setAdmin(nic: Nic, to: 'up' | 'down'): boolean;
  /** True when the interface is a carp that has reported the effect of the address. */
  addAddress(nic: Nic): boolean;
  gone(nic: Nic): void;
}
