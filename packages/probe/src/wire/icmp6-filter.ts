/** `struct icmp6_filter` (RFC 3542) that lets one type of ICMPv6 through. @param bit what a bit that is set means */
export function icmp6FilterFor(bit: 'passes' | 'blocks', type: number): Uint8Array {
  const filter = new Uint8Array(32).fill(bit === 'blocks' ? 0xff : 0);
  // Words of 32 bits in the order of the machine, which is little-endian.
  filter[type >> 3] = (filter[type >> 3] as number) ^ (1 << (type & 7));
  return filter;
}
