/** A call of a method whose arguments are texts: all that is asked of the service manager. */
export interface BusCall {
  readonly destination: string;
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  readonly body: readonly string[];
}

/** A message that was received. */
export interface BusMessage {
  readonly type: number;
  /** The serial of the call that it answers; 0 for none. */
  readonly replyTo: number;
  readonly path: string;
  readonly errorName: string;
  /** The first text of the body, of a variant too; '' for none. */
  readonly text: string;
}

/** Types of messages, and fields of their headers: the D-Bus specification. */
export const BUS_TYPE = { call: 1, reply: 2, error: 3, signal: 4 } as const;
const FIELD = {
  path: 1,
  interface: 2,
  member: 3,
  errorName: 4,
  replySerial: 5,
  destination: 6,
  signature: 8,
};

/** Bytes before the fields of the header: byte order, type, flags, version, length of the body, serial, length of the fields. */
const FIXED_BYTES = 16;

/** The longest message that is read: the bus allows 128 MiB, and a state has a few hundred bytes. */
export const LONGEST_MESSAGE = 65_536;

/** The bytes of a call, little-endian. */
export function encodeCall(call: BusCall, serial: number): Buffer {
  const body = call.body.reduce(
    (bytes, text) => Buffer.concat([padded(bytes, 4), textBytes(text)]),
    Buffer.alloc(0),
  );
  const fields = [
    [FIELD.path, 'o', call.path],
    [FIELD.destination, 's', call.destination],
    [FIELD.interface, 's', call.interface],
    [FIELD.member, 's', call.member],
  ] as const;
  let header = fields.reduce(
    (bytes, [code, type, text]) =>
      Buffer.concat([padded(bytes, 8), Buffer.from([code, 1, type.charCodeAt(0), 0]), textBytes(text)]),
    Buffer.alloc(0),
  );
  if (call.body.length > 0) {
    const signature = 's'.repeat(call.body.length);
    const value = Buffer.from([FIELD.signature, 1, 'g'.charCodeAt(0), 0, signature.length]);
    header = Buffer.concat([padded(header, 8), value, Buffer.from(`${signature}\0`, 'latin1')]);
  }
  const fixed = Buffer.alloc(FIXED_BYTES);
  fixed.set([0x6c, BUS_TYPE.call, 0, 1]);
  fixed.writeUInt32LE(body.length, 4);
  fixed.writeUInt32LE(serial, 8);
  fixed.writeUInt32LE(header.length, 12);
  return Buffer.concat([fixed, padded(header, 8), body]);
}

/**
 * The length of the message that begins these bytes; null where they do not say yet.
 *
 * @throws {RangeError} where it is too long, or its bytes are in the other order: no bus of this machine writes so
 */
export function messageLength(bytes: Buffer): number | null {
  if (bytes.length < FIXED_BYTES) {
    return null;
  }
  const length = FIXED_BYTES + align(bytes.readUInt32LE(12), 8) + bytes.readUInt32LE(4);
  if (bytes[0] !== 0x6c || length > LONGEST_MESSAGE) {
    throw new RangeError('the system bus sent what is no message that was asked for');
  }
  return length;
}

/**
 * Reads one whole message. The fields that it does not know are passed over.
 *
 * @throws {RangeError} where a length in it points beyond its end
 */
export function decodeMessage(bytes: Buffer): BusMessage {
  const found = { replyTo: 0, path: '', errorName: '', text: '' };
  const end = FIXED_BYTES + bytes.readUInt32LE(12);
  let signature = '';
  for (let at = FIXED_BYTES; at < end; ) {
    at = align(at, 8);
    const code = bytes.readUInt8(at);
    const type = String.fromCharCode(bytes.readUInt8(at + 2));
    at += 4;
    if (type === 'u') {
      const value = bytes.readUInt32LE(at);
      found.replyTo = code === FIELD.replySerial ? value : found.replyTo;
      at += 4;
    } else if (type === 'g') {
      signature = code === FIELD.signature ? signatureAt(bytes, at) : signature;
      at += bytes.readUInt8(at) + 2;
    } else {
      const text = textAt(bytes, at);
      found.path = code === FIELD.path ? text : found.path;
      found.errorName = code === FIELD.errorName ? text : found.errorName;
      at += 4 + bytes.readUInt32LE(at) + 1;
    }
  }
  return { type: bytes.readUInt8(1), ...found, text: firstText(bytes, align(end, 8), signature) };
}

function firstText(bytes: Buffer, body: number, signature: string): string {
  if (signature.startsWith('s')) {
    return textAt(bytes, body);
  }
  const isText = signature === 'v' && signatureAt(bytes, body) === 's';
  return isText ? textAt(bytes, align(body + 3, 4)) : '';
}

function signatureAt(bytes: Buffer, at: number): string {
  return bytes.toString('latin1', at + 1, at + 1 + bytes.readUInt8(at));
}

function textAt(bytes: Buffer, at: number): string {
  const length = bytes.readUInt32LE(at);
  if (at + 4 + length > bytes.length) {
    throw new RangeError('a text that is longer than its message');
  }
  return bytes.toString('utf8', at + 4, at + 4 + length);
}

function textBytes(text: string): Buffer {
  const bytes = Buffer.from(`${text}\0`, 'utf8');
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length - 1);
  return Buffer.concat([length, bytes]);
}

function padded(bytes: Buffer, to: number): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(align(bytes.length, to) - bytes.length)]);
}

function align(at: number, to: number): number {
  return Math.ceil(at / to) * to;
}
