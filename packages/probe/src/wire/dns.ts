/** Numbers of RFC 1035. */
const HEADER_BYTES = 12;
const RECURSION_DESIRED = 0x01_00;
const RESPONSE = 0x80_00;
const CLASS_IN = 1;
export const dnsTypes = { A: 1, AAAA: 28 } as const;

/** Names of response codes: RFC 1035, 4.1.1. */
const RCODES = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED'];

/** A question for the addresses of a name. @throws {RangeError} where it is no name of the DNS */
export function encodeDnsQuery(id: number, name: string, type: number = dnsTypes.A): Uint8Array {
  const labels = name.replace(/\.$/, '').split('.');
  const encoded = labels.map((label) => new TextEncoder().encode(label));
  if (
    encoded.some(({ length }) => length < 1 || length > 63) ||
    encoded.reduce((sum, { length }) => sum + length + 1, 1) > 255
  ) {
    throw new RangeError(`'${name}' is no name of the DNS: labels of 1 to 63 bytes, 253 altogether`);
  }
  const question = Uint8Array.from([
    ...encoded.flatMap((label) => [label.length, ...label]),
    ...[0, 0, type, 0, CLASS_IN],
  ]);
  const bytes = new Uint8Array(HEADER_BYTES + question.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, id);
  view.setUint16(2, RECURSION_DESIRED);
  view.setUint16(4, 1);
  bytes.set(question, HEADER_BYTES);
  return bytes;
}

/**
 * The response code of an answer to a query; null where it is none: another id, another question, no response.
 *
 * @returns a name such as `NOERROR`
 */
export function dnsResponseCode(bytes: Uint8Array, query: Uint8Array): string | null {
  if (bytes.length < HEADER_BYTES || bytes[0] !== query[0] || bytes[1] !== query[1]) {
    return null;
  }
  const flags = ((bytes[2] as number) << 8) | (bytes[3] as number);
  const rcode = flags & 0xf;
  if ((flags & RESPONSE) === 0) {
    return null;
  }
  // A server that did not understand the question need not repeat it.
  const repeated = bytes[4] !== 0 || bytes[5] !== 0;
  const same = query
    .subarray(HEADER_BYTES)
    .every((byte, at) => folded(byte) === folded(bytes[HEADER_BYTES + at]));
  return (repeated || rcode === 0) && !same ? null : (RCODES[rcode] ?? `response code ${rcode}`);
}

/** Names have no case. The bytes of lengths, type and class are below the letters. */
function folded(byte: number | undefined): number | undefined {
  return byte !== undefined && byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
}
