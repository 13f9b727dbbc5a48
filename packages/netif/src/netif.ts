import type { InterfaceName } from '@ifdepd/libc';

/** Which way an interface is administratively set. */
export type Admin = 'up' | 'down';

/** The flag word of an interface, and the flags in it that matter here. */
export interface IfFlags {
  /** The whole word, as the kernel gave it (16 bits on Linux). */
  readonly value: number;
  /** IFF_UP: administratively up. */
  readonly up: boolean;
  /** IFF_RUNNING. On Linux the link is up; on a BSD the driver has its resources, which says nothing of the link. */
  readonly running: boolean;
  readonly loopback: boolean;
}

/** What {@link NetIf.setAdmin} found and did. */
export interface SetAdmin {
  /** False where the interface was that way already: nothing was written. */
  readonly changed: boolean;
  readonly before: IfFlags;
  /** Read again after the write. */
  readonly after: IfFlags;
}

/** What the driver says of the link. */
export interface Media {
  /** Whether the driver knows. */
  readonly valid: boolean;
  /** Whether there is a link. */
  readonly active: boolean;
}

/**
 * Interfaces by name, through the ioctls of one control socket. Every call is synchronous and returns at once: no
 * ioctl used here waits for anything but the kernel's own lock.
 *
 * Every method throws a `SystemError` of @ifdepd/libc: kind `not-found` where there is no such interface (or its name
 * is none), `not-permitted` without root or CAP_NET_ADMIN.
 */
export interface NetIf extends Disposable {
  /** SIOCGIFFLAGS. Needs no privilege. */
  flags(name: string): IfFlags;
  /** Reads the flags, changes IFF_UP and nothing else, writes only where that differs, and reads back. */
  setAdmin(name: string, to: Admin): SetAdmin;
  /**
   * The driver's own word on the link: ETHTOOL_GLINK. Null where the interface has no such thing. On Linux the read
   * also makes the kernel deliver a carrier event that it holds back. Needs no privilege.
   */
  media(name: string): Media | null;
  /** Whether this process may set the interface: asks the kernel with a request that changes nothing. */
  maySet(name: string): boolean;
  /** Every interface, in the order of their index. */
  list(): readonly InterfaceName[];
  /** Closes the control socket. Calls after it throw. */
  close(): void;
}
