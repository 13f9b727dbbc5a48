import { isIP } from 'node:net';

/**
 * Whether a request that says it is for `host` may be answered by who listens on `address`. A web page that has its own
 * name resolved to 127.0.0.1 (DNS rebinding) makes a browser on this host read what only this host should: its requests
 * are for that name. On loopback nobody but `localhost` and numbers is answered; who listens on another address is
 * asked by whatever name it has there.
 *
 * @param host the Host header, with its port; null where there is none, which no browser does
 */
export function isForUs(address: string, host: string | null): boolean {
  if (host === null || !isLoopback(address)) {
    return true;
  }
  const name = /^\[(?<six>[^\]]*)\](?::\d*)?$/.exec(host)?.groups?.['six'] ?? host.replace(/:\d*$/, '');
  return isIP(name) !== 0 || isLocalhost(name);
}

function isLoopback(address: string): boolean {
  return isLocalhost(address) || /^127\.|^(?:0*:)*:?0*1$/.test(address);
}

/** RFC 6761, 6.3: the name, and all below it. */
function isLocalhost(name: string): boolean {
  return /^(?:.*\.)?localhost\.?$/i.test(name);
}
