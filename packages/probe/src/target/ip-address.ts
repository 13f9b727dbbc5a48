/** An address of a host, without a port. */
export interface IpAddress {
  readonly family: 'ipv4' | 'ipv6';
  /** 4 or 16 bytes. */
  readonly bytes: Uint8Array;
  /** The zone of an IPv6 address, which is an interface: `eth0` of fe80::1%eth0. Null without one. */
  readonly zone: string | null;
  readonly text: string;
}

/** The address that a text means; null where it means none, such as the name of a host. */
export function parseIpAddress(text: string): IpAddress | null {
  const [address = '', zone = null, ...more] = text.split('%');
  if (more.length > 0 || zone === '') {
    return null;
  }
  // Not imported: a program may check targets long before it needs the network.
  switch (process.getBuiltinModule('node:net').isIP(address)) {
    case 4:
      return zone === null
        ? { family: 'ipv4', bytes: Uint8Array.from(address.split('.').map(Number)), zone, text }
        : null;
    case 6:
      return { family: 'ipv6', bytes: ipv6Bytes(address), zone, text };
    default:
      return null;
  }
}

/** Whether an address means something on one link alone: fe80::/10. */
export function isLinkLocal({ family, bytes }: IpAddress): boolean {
  return family === 'ipv6' && bytes[0] === 0xfe && ((bytes[1] ?? 0) & 0xc0) === 0x80;
}

/** @param text valid, without a zone */
function ipv6Bytes(text: string): Uint8Array {
  const [head = '', tail] = text.split('::');
  const before = groups(head);
  const after = tail === undefined ? [] : groups(tail);
  const gap: number[] = new Array(8 - before.length - after.length).fill(0);
  return Uint8Array.from([...before, ...gap, ...after].flatMap((group) => [group >> 8, group & 0xff]));
}

/** Groups of 16 bits. The last two may be written as an IPv4 address. */
function groups(text: string): number[] {
  return text === ''
    ? []
    : text.split(':').flatMap((part) => (part.includes('.') ? dotted(part) : [Number.parseInt(part, 16)]));
}

function dotted(text: string): number[] {
  const [a = 0, b = 0, c = 0, d = 0] = text.split('.').map(Number);
  return [(a << 8) | b, (c << 8) | d];
}
