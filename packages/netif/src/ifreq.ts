import type { IfreqLayout } from './abi/netif-abi.ts';

/** One `struct ifreq`, used again for every call: nothing is allocated between a decision and its system call. */
export class Ifreq {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  readonly #layout: IfreqLayout;
  readonly #encoder = new TextEncoder();

  /** @param bytes as many as the layout's size */
  constructor(layout: IfreqLayout, bytes: Uint8Array = new Uint8Array(layout.size)) {
    this.#layout = layout;
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Clears everything and writes the name. False, and no name, where it does not fit with its NUL. */
  address(name: string): boolean {
    const { ifr_name, IFNAMSIZ } = this.#layout;
    this.bytes.fill(0);
    const field = this.bytes.subarray(ifr_name, ifr_name + IFNAMSIZ - 1);
    const { read } = this.#encoder.encodeInto(name, field);
    if (name === '' || read < name.length || name.includes('\0')) {
      this.bytes.fill(0);
      return false;
    }
    return true;
  }

  /** The name up to its NUL. */
  get name(): string {
    const { ifr_name, IFNAMSIZ } = this.#layout;
    const field = this.bytes.subarray(ifr_name, ifr_name + IFNAMSIZ);
    const end = field.indexOf(0);
    return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end));
  }

  /** All the flags there are: 16 bits, or 32 where the layout has a second half. */
  get flags(): number {
    const { ifr_flags, ifr_flagshigh } = this.#layout;
    const low = this.#view.getUint16(ifr_flags, true);
    return ifr_flagshigh === null ? low : low + this.#view.getUint16(ifr_flagshigh, true) * 0x10000;
  }

  set flags(value: number) {
    const { ifr_flags, ifr_flagshigh } = this.#layout;
    this.#view.setUint16(ifr_flags, value & 0xffff, true);
    if (ifr_flagshigh !== null) {
      this.#view.setUint16(ifr_flagshigh, value >>> 16, true);
    }
  }

  set data(address: bigint) {
    this.#view.setBigUint64(this.#layout.ifr_data, address, true);
  }
}
