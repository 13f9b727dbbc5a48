import { DecodeError } from './format.ts';
import { bytesGiven, objectGiven } from './given.ts';

/** A field of a structure: its offset in bytes, and the C type of its number. */
export type Field = readonly [offset: number, kind: 'u8' | 'u16' | 'i32' | 'u32'];

/** A structure of numbers: a value in a table, as the compiler lays it out. */
export interface StructLayout {
  /** Bytes. */
  readonly size: number;
  readonly fields: Readonly<Record<string, Field>>;
}

/** The numbers in a structure, by the names of its fields. */
export type StructValues<Layout extends StructLayout> = {
  readonly [Name in keyof Layout['fields']]: number;
};

/**
 * Reads a structure.
 *
 * @param at where it begins. Default: 0
 * @throws {DecodeError} where the bytes end before it
 *
 * @example
 * ```ts
 * import { decodeStruct, encodeStruct, linux } from '@ifdepd/netlink';
 *
 * const { ifinfomsg } = linux.struct;
 * const bytes = encodeStruct(ifinfomsg, { ifi_index: 7 }, linux.littleEndian);
 * console.log(decodeStruct(ifinfomsg, bytes, linux.littleEndian).ifi_index); // 7
 * ```
 */
export function decodeStruct<Layout extends StructLayout>(
  layout: Layout,
  bytes: Uint8Array,
  littleEndian: boolean,
  at = 0,
): StructValues<Layout> {
  objectGiven('decodeStruct: layout', layout, 'size', 'fields');
  bytesGiven('decodeStruct: bytes', bytes);
  const { size, fields } = layout;
  if (at < 0 || bytes.byteLength - at < size) {
    throw new DecodeError(
      `a structure of ${size} bytes where ${Math.max(0, bytes.byteLength - at)} are left`,
      at,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, size);
  const values: Record<string, number> = {};
  for (const name in fields) {
    values[name] = read(view, fields[name] as Field, littleEndian);
  }
  return values as StructValues<Layout>;
}

/** The bytes of a structure. Fields that are not given are 0. */
export function encodeStruct<Layout extends StructLayout>(
  layout: Layout,
  values: Partial<StructValues<Layout>>,
  littleEndian: boolean,
): Uint8Array<ArrayBuffer> {
  objectGiven('encodeStruct: layout', layout, 'size', 'fields');
  objectGiven('encodeStruct: values', values);
  const { size, fields } = layout;
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  for (const [name, field] of Object.entries(fields)) {
    write(view, field, values[name] ?? 0, littleEndian);
  }
  return bytes;
}

function read(view: DataView, [at, kind]: Field, littleEndian: boolean): number {
  switch (kind) {
    case 'u8':
      return view.getUint8(at);
    case 'u16':
      return view.getUint16(at, littleEndian);
    case 'i32':
      return view.getInt32(at, littleEndian);
    case 'u32':
      return view.getUint32(at, littleEndian);
  }
}

function write(view: DataView, [at, kind]: Field, value: number, littleEndian: boolean): void {
  switch (kind) {
    case 'u8':
      view.setUint8(at, value);
      break;
    case 'u16':
      view.setUint16(at, value, littleEndian);
      break;
    case 'i32':
      view.setInt32(at, value, littleEndian);
      break;
    case 'u32':
      view.setUint32(at, value, littleEndian);
      break;
  }
}
