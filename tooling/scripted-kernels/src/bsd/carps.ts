import { type CarpHooks, IFF_RUNNING, IFF_UP, type Nic } from './nic.ts';
import type { World } from './world.ts';

export type ScriptedCarpState = 'init' | 'backup' | 'master';

const IFF_PROMISC = 0x100;

/** A carp of the scripted kernel: an interface of its own, or a vhid of another interface. */
export interface ScriptedCarp {
  /** A name such as `carp0` or `1@em0`. */
  readonly name: string;
  readonly parent: string;
  readonly vhid: number;
  state: ScriptedCarpState;
  advskew: number;
  advbase: number;
  /** The family of its addresses, on which the messages about its state depend. */
  readonly family: 'inet' | 'inet6';
  /** The number of advertisements that made the peer take over at once. */
  bowOuts: number;
}

/** The behaviour of carp(4) on each system when the carp, its parent or the link of its parent goes up or down. */
export class Carps implements CarpHooks {
  readonly all = new Map<string, ScriptedCarp>();
  readonly #world: World;
  readonly #vhids: boolean;
  readonly #bounces: boolean;
  #allowed = true;

  constructor(world: World) {
    this.#world = world;
    this.#vhids = world.layout.behaviour.carp === 'vhid';
    this.#bounces = world.layout.behaviour.carpBounces;
  }

  /** SIOCIFCREATE, SIOCSVH and an address; or SIOCSVH on the parent, which becomes promiscuous and reports that for a vhid. */
  create(
    name: string,
    parent: string,
    vhid: number,
    advskew: number,
    family: ScriptedCarp['family'] = 'inet',
  ): ScriptedCarp {
    const state = 'init';
    const carp: ScriptedCarp = { name, parent, vhid, state, advskew, advbase: 1, family, bowOuts: 0 };
    this.all.set(name, carp);
    const nic = this.#world.get(parent);
    const promiscuous = (nic.flags & IFF_PROMISC) !== 0;
    nic.flags |= IFF_PROMISC;
    if (this.#vhids) {
      if (!promiscuous) {
        this.#world.info(nic);
      }
      carp.state = this.#possible(carp) ? 'backup' : 'init';
    } else {
      this.#world.attach(name, null, { type: this.#world.layout.IFT_CARP });
      this.#world.addAddress(this.#world.get(name));
    }
    return carp;
  }

  /** A backup without advertisements of a peer becomes master. A master with a better peer becomes backup. */
  elect(carp: ScriptedCarp, state: 'master' | 'backup'): void {
    if (carp.state === state || carp.state === 'init') {
      return;
    }
    carp.state = state;
    if (this.#vhids) {
      this.#reportVhid(carp);
    } else {
      this.#report(carp, state === 'backup' && this.#bounces ? ['backup', 'init', 'backup'] : [state]);
    }
  }

  /** A vhid gets an address while it is backup, which only its multicast address shows. */
  giveAddress(carp: ScriptedCarp): void {
    this.#world.multicast(this.#world.get(carp.parent));
  }

  /** `net.inet.carp.allow`: when it is off, every carp is INIT. No message reports that for a vhid. */
  allow(allowed: boolean): void {
    this.#allowed = allowed;
    for (const carp of this.all.values()) {
      carp.state = this.#possible(carp) ? 'backup' : 'init';
    }
  }

  setAdmin(nic: Nic, to: 'up' | 'down'): boolean {
    const carp = this.#vhids ? undefined : this.all.get(nic.name);
    if (carp === undefined) {
      return false;
    }
    if (to === 'down') {
      carp.bowOuts += carp.state === 'master' ? 1 : 0;
      nic.flags &= ~IFF_UP;
      if (this.#bounces) {
        // The flag changes first, while the link is unchanged.
        this.#world.info(nic);
      }
      carp.state = 'init';
      this.#report(carp, ['init']);
      nic.flags &= ~IFF_RUNNING;
    } else {
      nic.flags |= IFF_UP;
      if (this.#bounces) {
        this.#world.info(nic);
      }
      this.#run(carp, nic, this.#bounces ? ['backup', 'backup'] : ['backup']);
    }
    return true;
  }

  addAddress(nic: Nic): boolean {
    const carp = this.#vhids ? undefined : this.all.get(nic.name);
    if (carp !== undefined) {
      this.#run(carp, nic, ['backup']);
    }
    return carp !== undefined;
  }

  gone(nic: Nic): void {
    const itself = this.all.get(nic.name);
    if (itself !== undefined) {
      this.#report(itself, ['init']);
      this.all.delete(nic.name);
    }
    for (const carp of this.#on(nic)) {
      this.#stop(carp);
      if (this.#vhids) {
        this.all.delete(carp.name);
      }
    }
  }

  beforeAdmin(parent: Nic, to: 'up' | 'down'): void {
    for (const carp of this.#on(parent)) {
      if (to === 'down') {
        this.#stop(carp);
      } else if (this.#bounces) {
        this.#report(carp, ['backup'], IFF_RUNNING);
      }
    }
  }

  betweenUpMessages(parent: Nic): void {
    for (const carp of this.#bounces ? this.#on(parent) : []) {
      this.#report(carp, ['init', 'backup']);
      carp.state = 'backup';
    }
  }

  afterAdmin(parent: Nic, to: 'up' | 'down'): void {
    if (to === 'up' && !this.#bounces) {
      this.#restart(parent);
    }
  }

  afterLink(parent: Nic): void {
    if (!this.#world.layout.behaviour.carpFollowsLink) {
      return;
    }
    if (parent.link === 'down') {
      for (const carp of this.#on(parent)) {
        this.#stop(carp);
      }
    } else {
      this.#restart(parent);
    }
  }

  #restart(parent: Nic): void {
    for (const carp of this.#on(parent)) {
      const nic = this.#vhids ? null : this.#world.get(carp.name);
      if (nic === null) {
        carp.state = this.#possible(carp) ? 'backup' : 'init';
      } else if ((nic.flags & IFF_UP) !== 0) {
        this.#run(carp, nic, ['backup']);
      }
    }
  }

  /** Follows its parent. IFF_UP stays unchanged. */
  #run(carp: ScriptedCarp, nic: Nic, states: readonly ScriptedCarpState[]): void {
    if (this.#possible(carp)) {
      nic.flags |= IFF_RUNNING;
      carp.state = 'backup';
      this.#report(carp, states);
    }
  }

  /** Its parent was deleted: INIT without IFF_RUNNING. IFF_UP stays unchanged. */
  #stop(carp: ScriptedCarp): void {
    carp.state = 'init';
    // A vhid sends no message, but its parent does.
    if (!this.#vhids) {
      this.#world.get(carp.name).flags &= ~IFF_RUNNING;
      this.#report(carp, ['init']);
    }
  }

  #possible({ parent }: ScriptedCarp): boolean {
    const nic = this.#world.nics.get(parent);
    const linkOk = !this.#world.layout.behaviour.carpFollowsLink || nic?.link !== 'down';
    return this.#allowed && nic !== undefined && (nic.flags & IFF_UP) !== 0 && linkOk;
  }

  /**
   * A master's IPv4 address is reported as new, and as deleted when it ceases to be master. With IPv6 addresses alone, routes report
   * a new master, and no message reports the end.
   */
  #reportVhid({ parent, state, family }: ScriptedCarp): void {
    if (family === 'inet') {
      this.#world.address(this.#world.get(parent), state === 'master' ? 'new' : 'deleted');
    } else if (state === 'master') {
      this.#world.routes('deleted', 'added');
    }
  }

  #on(parent: Nic): ScriptedCarp[] {
    return [...this.all.values()].filter((carp) => carp.parent === parent.name);
  }

  /** Reports the link states of several states of a carp, one after the other. The last one stays. */
  #report(carp: ScriptedCarp, states: readonly ScriptedCarpState[], more = 0): void {
    const nic = this.#world.get(carp.name);
    nic.flags |= more;
    for (const state of states) {
      nic.link = state === 'master' ? 'up' : state === 'backup' ? 'down' : 'invalid';
      this.#world.info(nic);
    }
  }
}
