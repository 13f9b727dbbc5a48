import { DecodeError } from '@ifdepd/netlink';

/** Reads numbers at offsets of a buffer, up to a limit: the bytes behind it belong to an earlier message. */
export class Cursor {
  readonly #view: DataView;
  readonly littleEndian: boolean;
  readonly bytes: Uint8Array;
  #end: number;

  /** Reads all bytes until {@link Cursor.limit} sets a limit. */
  constructor(bytes: Uint8Array, littleEndian: boolean) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.littleEndian = littleEndian;
    this.bytes = bytes;
    this.#end = bytes.byteLength;
  }

  /**
   * Limits reads to the first `end` bytes.
   *
   * @throws {RangeError} when there are fewer bytes
   */
  limit(end: number): void {
    if (!(end >= 0 && end <= this.bytes.byteLength)) {
      throw new RangeError(`a limit of ${end} bytes in a buffer of ${this.bytes.byteLength}`);
    }
    this.#end = end;
  }

  /** @throws {DecodeError} past the end */
  u8(at: number): number {
    this.#need(at, 1);
    return this.#view.getUint8(at);
  }

  /** @throws {DecodeError} past the end */
  u16(at: number): number {
    this.#need(at, 2);
    return this.#view.getUint16(at, this.littleEndian);
  }

  /** @throws {DecodeError} past the end */
  u32(at: number): number {
    this.#need(at, 4);
    return this.#view.getUint32(at, this.littleEndian);
  }

  #need(at: number, size: number): void {
    if (at < 0 || at + size > this.#end) {
      throw new DecodeError(`${size} bytes needed, ${Math.max(0, this.#end - at)} left`, at);
    }
  }
}
