/** Types of neighbour discovery, RFC 4861. */
export const neighbourTypes = { solicitation: 135, advertisement: 136 } as const;

/** Where the address in question stands. */
const TARGET_AT = 8;
const SOURCE_LINK_LAYER_OPTION = 1;

/** A neighbour solicitation. The kernel computes the checksum. @param hardware of the sender; null where it is not known */
export function encodeSolicitation(address: Uint8Array, hardware: Uint8Array | null): Uint8Array {
  const bytes = new Uint8Array(TARGET_AT + 16 + (hardware === null ? 0 : 8));
  bytes[0] = neighbourTypes.solicitation;
  bytes.set(address, TARGET_AT);
  if (hardware !== null) {
    // The type and the length in units of eight bytes.
    bytes.set([SOURCE_LINK_LAYER_OPTION, 1, ...hardware], TARGET_AT + 16);
  }
  return bytes;
}

/** Whether bytes of ICMPv6 say that an address has an owner on the link. */
export function isAdvertisement(bytes: Uint8Array, address: Uint8Array): boolean {
  return (
    bytes.length >= TARGET_AT + 16 &&
    bytes[0] === neighbourTypes.advertisement &&
    address.every((byte, at) => byte === bytes[TARGET_AT + at])
  );
}

/** The multicast address at which the owner of an address listens: ff02::1:ffXX:XXXX, RFC 4291. */
export function solicitedNode(address: Uint8Array): Uint8Array {
  const group = new Uint8Array(16);
  group.set([0xff, 0x02]);
  group.set([1, 0xff], 11);
  group.set(address.subarray(13), 13);
  return group;
}
