import type { ScriptedLink } from './layout.ts';

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
  /** What is plugged in; null where there is nothing to plug: no media. */
  carrier: 'up' | 'down' | null;
  /** Its driver answers SIOCGIFMEDIA and tells no link state: that stays unknown, and a pulled cable makes no message. */
  readonly silent: boolean;
  /** The carrier changed while it was down: its link is told late. */
  stale: boolean;
  addresses: number;
  /** The routing table that its addresses are in (FreeBSD's FIB). Sockets are of table 0. */
  fib: number;
  /** Has nothing to work on, so that it never gets IFF_RUNNING: a vlan without a parent, a gif without a tunnel. */
  idle: boolean;
  metric: number;
}

/** What stands on other interfaces adds to what happens to those. */
export interface LayerHooks {
  afterLink(below: Nic): void;
  gone(nic: Nic): void;
}

/** What carp(4) adds to what happens to interfaces. */
export interface CarpHooks {
  /** The parent is about to be told; and has been. */
  beforeAdmin(parent: Nic, to: 'up' | 'down'): void;
  betweenUpMessages(parent: Nic): void;
  afterAdmin(parent: Nic, to: 'up' | 'down'): void;
  afterLink(parent: Nic): void;
  /** True where the interface is a carp and did what it was told itself. */
  setAdmin(nic: Nic, to: 'up' | 'down'): boolean;
  /** True where the interface is a carp and told what the address made of it. */
  addAddress(nic: Nic): boolean;
  gone(nic: Nic): void;
}
