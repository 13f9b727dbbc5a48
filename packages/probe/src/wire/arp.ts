/** `struct arphdr` of RFC 826 for Ethernet and IPv4. */
const BYTES = 28;
const REQUEST = 1;
const REPLY = 2;

/** Who asks: hardware address (6 bytes) and IPv4 address (4 bytes, zeros where there is none, as RFC 5227 has it). */
export interface ArpSender {
  readonly hardware: Uint8Array;
  readonly address: Uint8Array;
}

/** The question who has an IPv4 address. */
export function encodeArpRequest(sender: ArpSender, address: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(BYTES);
  // Ethernet, IPv4, the lengths of their addresses.
  bytes.set([0, 1, 0x08, 0, 6, 4, 0, REQUEST]);
  bytes.set(sender.hardware, 8);
  bytes.set(sender.address, 14);
  bytes.set(address, 24);
  return bytes;
}

/** Whether bytes of ARP are the answer of the owner of an address. */
export function isArpReply(bytes: Uint8Array, address: Uint8Array): boolean {
  return (
    bytes.length >= BYTES &&
    bytes[6] === 0 &&
    bytes[7] === REPLY &&
    address.every((byte, at) => byte === bytes[14 + at])
  );
}

/** The offsets of an operation (16 bits) and of the address of its sender, for a socket filter. */
export const arpOffsets = { operation: 6, senderAddress: 14, REPLY } as const;
