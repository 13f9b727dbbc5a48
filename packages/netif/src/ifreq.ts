import { decodeText, encodeText } from '@ifdepd/libc';
import type { IfreqLayout } from './abi/netif-abi.ts';

const encoder = new TextEncoder();

/** One `struct ifreq`, reused for every call, so that nothing is allocated between a decision and its system call. */
export class Ifreq {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  readonly #layout: IfreqLayout;
  /** The room for a name. The byte behind it stays NUL. */
  readonly #name: Uint8Array;

  /** @param bytes as many as the size of the layout */
  constructor(layout: IfreqLayout, bytes: Uint8Array = new Uint8Array(layout.size)) {
    const { ifr_name, IFNAMSIZ } = layout;
    this.#layout = layout;
    this.bytes = bytes;
    this.#name = bytes.subarray(ifr_name, ifr_name + IFNAMSIZ - 1);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Clears the structure and writes the name. False, and no name, when the name does not fit with its NUL. */
  address(name: string): boolean {
    this.bytes.fill(0);
    if (name === '' || name.includes('\0')) {
      return false;
    }
    if (!isAscii(name)) {
      return this.#addressBytes(encodeText(name));
    }
    const fits = name.length <= this.#name.byteLength;
    if (fits) {
      encoder.encodeInto(name, this.#name);
    }
    return fits;
  }

  #addressBytes(name: Uint8Array): boolean {
    const fits = name.byteLength <= this.#name.byteLength;
    if (fits) {
      this.#name.set(name);
    }
    return fits;
  }

  /** The name up to its NUL. */
  get name(): string {
    const end = this.#name.indexOf(0);
    return decodeText(end < 0 ? this.#name : this.#name.subarray(0, end));
  }

  /** All flags: 16 bits, or 32 when the layout has a second half. */
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

/** Whether each character takes one byte. Another name may hold an escaped byte, which an encoder would turn into U+FFFD. */
function isAscii(name: string): boolean {
  for (let at = 0; at < name.length; at += 1) {
    if (name.charCodeAt(at) > 0x7f) {
      return false;
    }
  }
  return true;
}
