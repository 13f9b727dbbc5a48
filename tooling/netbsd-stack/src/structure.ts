/** A C structure being filled in: little endian, offsets in bytes. */
export interface Structure {
  readonly bytes: Uint8Array;
  text(offset: number, value: string): Structure;
  octets(offset: number, values: readonly number[]): Structure;
  u32(offset: number, value: number): Structure;
  u64(offset: number, value: bigint): Structure;
}

/** A zeroed one of that many bytes, or one over bytes that exist. */
export function structure(of: number | Uint8Array): Structure {
  const bytes = typeof of === 'number' ? new Uint8Array(of) : of;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const self: Structure = {
    bytes,
    text(offset, value) {
      new TextEncoder().encodeInto(value, bytes.subarray(offset));
      return self;
    },
    octets(offset, values) {
      bytes.set(values, offset);
      return self;
    },
    u32(offset, value) {
      view.setUint32(offset, value, true);
      return self;
    },
    u64(offset, value) {
      view.setBigUint64(offset, value, true);
      return self;
    },
  };
  return self;
}
