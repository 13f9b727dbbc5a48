import { BlockList, isIP } from 'node:net';

/** Loopback in every notation: `::ffff:127.0.0.1` counts as 127.0.0.1. */
const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Where a server listens. */
export interface Listening {
  /** The configured name or address. */
  readonly asked: string;
  /** The address that it resolved to. */
  readonly address: string;
}

/**
 * Whether a request for `host` may be answered. A web page whose name resolves to 127.0.0.1 (DNS rebinding) makes a browser on
 * this host read local data: its requests have that name. On loopback, only `localhost`, numeric addresses and the configured
 * name are answered; on another address, every name is.
 *
 * @param host the Host header, with its port; null without one: every browser sends it
 */
export function isForUs({ asked, address }: Listening, host: string | null): boolean {
  if (host === null || !isLoopback(address)) {
    return true;
  }
  const name = /^\[(?<six>[^\]]*)\](?::\d*)?$/.exec(host)?.groups?.['six'] ?? host.replace(/:\d*$/, '');
  return isIP(name) !== 0 || isLocalhost(name) || name.toLowerCase() === asked.toLowerCase();
}

/** @param host an address, or a name: of those, `localhost` and all below it are */
export function isLoopback(host: string): boolean {
  // An address may be followed by its zone: `::1%lo`.
  const plain = host.replace(/%.*$/, '');
  const family = isIP(plain);
  return family === 0 ? isLocalhost(plain) : loopback.check(plain, family === 4 ? 'ipv4' : 'ipv6');
}

/** RFC 6761, 6.3: the name, and all below it. */
function isLocalhost(name: string): boolean {
  return /^(?:.*\.)?localhost\.?$/i.test(name);
}
