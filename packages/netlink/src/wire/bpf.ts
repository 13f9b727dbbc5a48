import { bytesGiven, numberGiven } from './given.ts';

/** One instruction of classic BPF, linux/filter.h `struct sock_filter`. */
export interface BpfInstruction {
  readonly code: number;
  /** Conditional jumps: how many instructions to leave out where the condition is true. */
  readonly jt: number;
  /** The same where it is false. */
  readonly jf: number;
  /** Unsigned. */
  readonly k: number;
}

/** What a load makes of a 16-bit number of a message in this byte order: loads are big-endian. */
export function loaded16(value: number, littleEndian: boolean): number {
  numberGiven('loaded16: value', value);
  return littleEndian ? ((value & 0xff) << 8) | (value >>> 8) : value;
}

/** The same of a 32-bit number. */
export function loaded32(value: number, littleEndian: boolean): number {
  numberGiven('loaded32: value', value);
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, littleEndian);
  return loadedBytes(bytes);
}

/** What a load makes of four bytes, or of fewer with zeros behind them. */
export function loadedBytes(bytes: Uint8Array): number {
  bytesGiven('loadedBytes: bytes', bytes);
  const [one = 0, two = 0, three = 0, four = 0] = bytes;
  return ((one << 24) | (two << 16) | (three << 8) | four) >>> 0;
}
