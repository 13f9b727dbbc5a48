import type { IpFamily } from './local-target.ts';

/** A net. */
export interface IpPrefix {
  readonly family: IpFamily;
  /** In the form of the kernel: `203.0.113.0/24`, without bits beyond its length. */
  readonly text: string;
  /** Whether it was written without bits beyond its length. */
  readonly isNet: boolean;
}

/** The net that a text means; null where it means none. */
export function parsePrefix(text: string): IpPrefix | null {
  const [, address = '', digits = ''] = /^([\d.a-fA-F:]+)\/(\d{1,3})$/.exec(text) ?? [];
  const version = process.getBuiltinModule('node:net').isIP(address);
  const length = Number(digits);
  if (version === 0 || length > (version === 4 ? 32 : 128)) {
    return null;
  }
  const bits = version === 4 ? 8 : 16;
  const words = version === 4 ? address.split('.').map(Number) : wordsOf(address);
  const net = words.map(
    (word, at) => word & ~((2 ** bits - 1) >> Math.min(bits, Math.max(0, length - bits * at))),
  );
  return {
    family: version === 4 ? 'ipv4' : 'ipv6',
    text: `${version === 4 ? net.join('.') : canonical(net.map((word) => word.toString(16)).join(':'))}/${length}`,
    isNet: net.every((word, at) => word === words[at]),
  };
}

/** The eight words of an address of IPv6. */
function wordsOf(address: string): readonly number[] {
  const [before = [], after = []] = canonical(address)
    .split('::')
    .map((part) => part.split(':').map((word) => Number.parseInt(word || '0', 16)));
  return [...before, ...new Array<number>(8 - before.length - after.length).fill(0), ...after];
}

/** The one form of an address of IPv6 (RFC 5952), which is that of URLs. */
function canonical(address: string): string {
  return new URL(`http://[${address}]`).hostname.slice(1, -1);
}
