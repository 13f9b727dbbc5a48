import type { LinkState, RouteAbi } from '../abi/route-abi.ts';
import type { LinkRecord } from '../link.ts';
import type { Cursor } from './cursor.ts';
import type { LinkReading } from './link-decoder.ts';

const NO_NAMES: readonly string[] = Object.freeze([]);

/**
 * The facts of an interface in an RTM_IFINFO. One object reads all messages. The message has no name: the caller sets
 * {@link RouteLink.name}.
 */
export class RouteLink implements LinkReading {
  readonly #abi: RouteAbi;
  index = 0;
  name = '';
  #type = 0;
  #flags = 0;
  #state: LinkState = 'unknown';

  constructor(abi: RouteAbi) {
    this.#abi = abi;
  }

  /**
   * Reads the message at an offset.
   *
   * @throws {DecodeError} when it is too short
   */
  read(cursor: Cursor, at: number): void {
    const { if_msghdr, flagsMask, IFF_UP, IFF_RUNNING, IFF_DYING } = this.#abi;
    this.index = cursor.u16(at + if_msghdr.ifm_index);
    this.#type = cursor.u8(at + if_msghdr.ifi_type);
    this.#state = this.#linkState(cursor, at);
    let flags = (cursor.u32(at + if_msghdr.ifm_flags) & flagsMask) >>> 0;
    if ((flags & IFF_DYING) !== 0) {
      flags &= ~IFF_UP;
    }
    // The kernel sends the message about `down` before the driver stops, and no other one. So its IFF_RUNNING is stale.
    if ((flags & IFF_UP) === 0) {
      flags &= ~IFF_RUNNING;
    }
    this.#flags = flags >>> 0;
  }

  /** Sets the carrier, when the message has no link state. */
  setCarrier(carrier: boolean | null): void {
    this.#state = carrier === null ? 'unknown' : carrier ? 'up' : 'down';
  }

  isSameAs(record: LinkRecord): boolean {
    return (
      this.index === record.index &&
      this.#flags === record.flags &&
      this.#operstate() === record.operstate &&
      this.#carrier() === record.carrier &&
      this.#type === record.type &&
      this.name === record.name
    );
  }

  answersTo(name: string): boolean {
    return this.name === name;
  }

  someName(is: (name: string) => boolean): boolean {
    return is(this.name);
  }

  toRecord(): LinkRecord {
    return {
      index: this.index,
      name: this.name,
      altNames: NO_NAMES,
      flags: this.#flags,
      adminUp: (this.#flags & this.#abi.IFF_UP) !== 0,
      operstate: this.#operstate(),
      carrier: this.#carrier(),
      running: this.#running(),
      dormant: false,
      carrierUpCount: null,
      carrierDownCount: null,
      linkIndex: null,
      masterIndex: null,
      kind: this.#type === this.#abi.IFT_CARP ? 'carp' : null,
      protoDown: false,
      protoDownReasons: 0,
      type: this.#type,
      alias: null,
    };
  }

  /** IFF_RUNNING: the driver was started, whatever the link. {@link read} has removed a stale one. */
  #running(): boolean | null {
    return this.#abi.runningTells ? (this.#flags & this.#abi.IFF_RUNNING) !== 0 : null;
  }

  #linkState(cursor: Cursor, at: number): LinkState {
    const { if_msghdr, linkStates, linkStateBeyond } = this.#abi;
    if (if_msghdr.ifi_link_state === null) {
      return 'unknown';
    }
    const value = unsigned(cursor, at + if_msghdr.ifi_link_state, if_msghdr.sizeof_ifi_link_state);
    return linkStates[value] ?? linkStateBeyond;
  }

  #operstate(): LinkRecord['operstate'] {
    return this.#state === 'invalid' ? 'down' : this.#state;
  }

  #carrier(): boolean | null {
    return this.#state === 'up' ? true : this.#state === 'down' ? false : null;
  }
}

/** A little-endian number of 1, 4 or 8 bytes. Valid numbers are small, so the upper half must be 0. */
function unsigned(cursor: Cursor, at: number, size: 1 | 4 | 8): number {
  switch (size) {
    case 1:
      return cursor.u8(at);
    case 4:
      return cursor.u32(at);
    case 8:
      return cursor.u32(at + 4) * 2 ** 32 + cursor.u32(at);
  }
}
