import { BlockList, isIP } from 'node:net';

/** Loopback, in every way to write it: `::ffff:127.0.0.1` counts as 127.0.0.1. */
const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Where a server listens. */
export interface Listening {
  /** As it was asked for: a name or an address. */
  readonly asked: string;
  /** The address that came of it. */
  readonly address: string;
}

/**
 * Whether a request that says it is for `host` may be answered. A web page that has its own name resolved to 127.0.0.1
 * (DNS rebinding) makes a browser on this host read what only this host should: its requests are for that name. On
 * loopback nobody but `localhost`, numbers and the name that was asked for is answered; who listens on another address is
 * asked by whatever name it has there.
 *
 * @param host the Host header, with its port; null where there is none, which no browser does
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
