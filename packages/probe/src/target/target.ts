import { objectWith, oneOf, text, wholeNumber } from '@ifdepd/libc';
import type { ProbeAbi } from '../abi/probe-abi.ts';
import { type Criteria, fullCriteria } from '../judge/criteria.ts';
import type { Pace } from '../timing/rounds.ts';
import { encodeDnsQuery } from '../wire/dns.ts';
import { isLinkLocal, parseIpAddress } from './ip-address.ts';
import { type ProbePath, pathFault } from './path.ts';
import { hostOf } from './url-host.ts';

/** What is probed, and how. */
export type ProbeTarget = Partial<Pace> &
  ProbePath &
  Criteria &
  (
    | {
        readonly kind: 'ping';
        /** An address, `fe80::1%eth0` among them, or a name. */
        readonly host: string;
      }
    | {
        /** ARP, or neighbour discovery of an IPv6 address. */
        readonly kind: 'arp';
        readonly address: string;
        readonly interface: string;
      }
    | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
    | {
        readonly kind: 'http';
        /** http: or https: */
        readonly url: string;
        /** The status that is wanted. Default: any from 200 to 399. */
        readonly expect?: number;
      }
    | {
        readonly kind: 'dns';
        readonly name: string;
        /** The address of the server. */
        readonly server: string;
        /** Default: 53. */
        readonly port?: number;
      }
  );

export type ProbeKind = ProbeTarget['kind'];

const KINDS: readonly ProbeKind[] = ['ping', 'arp', 'tcp', 'http', 'dns'];

/** The pace of a target that names none. The timeout is `everyMs`, and 1 s at most. */
const EVERY_MS = 1000;
const MOST_TIMEOUT_MS = 1000;

const PORT = { least: 1, most: 65_535 } as const;
const MS = { least: 10, most: 86_400_000 } as const;
/** Linux: an interface has 1 to 15 bytes. */
const MARK = { least: 1, most: 0xffff_ffff } as const;

/** The pace of a target, with its defaults. */
export function paceOf({ everyMs = EVERY_MS, timeoutMs }: Partial<Pace>): Pace {
  return { everyMs, timeoutMs: timeoutMs ?? Math.min(everyMs, MOST_TIMEOUT_MS) };
}

/**
 * Checks a target.
 *
 * @throws {TypeError | RangeError} that says what is wrong, in words that a user of the program understands
 */
export function checkTarget(target: ProbeTarget, abi: Pick<ProbeAbi, 'device' | 'mark' | 'packet'>): void {
  objectWith('probe', target, 'kind');
  oneOf('kind', target.kind, KINDS);
  fullCriteria(target);
  const { everyMs, timeoutMs } = paceOf(target);
  wholeNumber('everyMs', everyMs, MS);
  wholeNumber('timeoutMs', timeoutMs, MS);
  if (target.mark !== undefined) {
    wholeNumber('mark', target.mark, MARK);
  }
  const fault =
    pathFault(abi, target.kind === 'arp' ? {} : target) ?? sourceFault(target) ?? kindFault(target, abi);
  if (fault !== null) {
    throw new RangeError(fault);
  }
}

/** The target in words: `192.0.2.1 on eth0`, `198.51.100.7 port 443`. */
export function targetLabel(target: ProbeTarget): string {
  objectWith('targetLabel: target', target, 'kind');
  const through = target.interface === undefined ? '' : ` on ${target.interface}`;
  switch (target.kind) {
    case 'ping':
      return `${target.host}${through}`;
    case 'arp':
      return `${target.address}${through}`;
    case 'tcp':
      return `${target.host} port ${target.port}${through}`;
    case 'http':
      return `${target.url}${through}`;
    case 'dns':
      return `${target.server} asked for ${target.name}${through}`;
  }
}

function sourceFault({ source }: ProbePath): string | null {
  return source === undefined || parseIpAddress(text('source', source)) !== null
    ? null
    : `source must be an address, not '${source}'`;
}

function kindFault(target: ProbeTarget, abi: Pick<ProbeAbi, 'packet'>): string | null {
  switch (target.kind) {
    case 'ping':
      return hostFault(text('host', target.host), target);
    case 'arp':
      return arpFault(text('address', target.address), target.interface, abi);
    case 'tcp':
      wholeNumber('port', target.port, PORT);
      return hostFault(text('host', target.host), target);
    case 'http':
      return urlFault(text('url', target.url), target);
    case 'dns':
      encodeDnsQuery(0, text('name', target.name));
      wholeNumber('port', target.port ?? 53, PORT);
      return parseIpAddress(text('server', target.server)) === null
        ? `server must be an address, not '${target.server}'`
        : hostFault(target.server, target);
  }
}

function hostFault(host: string, { interface: through, source }: ProbePath): string | null {
  const address = parseIpAddress(host);
  if (address === null) {
    return /^[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9])?\.?$/i.test(host) && !/^[0-9.]+$/.test(host)
      ? null
      : `'${host}' is neither an address nor the name of a host`;
  }
  if (isLinkLocal(address) && address.zone === null && through === undefined) {
    return `${host} belongs to one link: name its interface, as in ${host}%eth0`;
  }
  const from = source === undefined ? null : parseIpAddress(source);
  return from !== null && from.family !== address.family
    ? `the source ${source} and ${host} are of different families`
    : null;
}

function arpFault(address: string, through: unknown, { packet }: Pick<ProbeAbi, 'packet'>): string | null {
  text('interface', through);
  const parsed = parseIpAddress(address);
  if (parsed === null) {
    return `'${address}' is no address`;
  }
  return parsed.family === 'ipv4' && packet === null ? 'only Linux probes by ARP: use ping' : null;
}

function urlFault(text: string, target: ProbePath & { readonly expect?: number }): string | null {
  if (target.expect !== undefined) {
    wholeNumber('expect', target.expect, { least: 100, most: 599 });
  }
  const url = URL.canParse(text) ? new URL(text) : null;
  return url === null || !(url.protocol === 'http:' || url.protocol === 'https:')
    ? `'${text}' is no URL of http: or https:`
    : hostFault(hostOf(url), target);
}
