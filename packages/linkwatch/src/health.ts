import { objectWith, oneOf } from '@ifdepd/libc';
import type { LinkRecord } from './link.ts';

/** Why a link is good or not, in words for a person. */
export type HealthReason =
  | 'up'
  | 'missing'
  | 'admin down'
  | 'no carrier'
  | 'not running'
  | 'dormant'
  | 'testing'
  | 'lower layer down'
  | 'not present'
  | 'carp backup'
  | 'carp init';

/** What the driver says of the link, where the messages do not know: SIOCGIFMEDIA of a BSD. */
export interface LinkMedia {
  /** IFM_AVALID: whether the driver knows. */
  readonly valid: boolean;
  /** IFM_ACTIVE: whether there is a link. */
  readonly active: boolean;
}

/** What carp(4) says of itself when asked (SIOCGVH), for a link that does not say it. */
export type LinkCarp = 'init' | 'backup' | 'master';

/** What a link is good for. `unknown` is for who has not asked the kernel yet: {@link health} never answers it. */
export interface LinkHealth {
  readonly health: 'active' | 'failed' | 'unknown';
  readonly reason: HealthReason;
}

const operstates: ReadonlySet<string> = new Set([
  'unknown',
  'notpresent',
  'down',
  'lowerlayerdown',
  'testing',
  'dormant',
  'up',
]);

const active: LinkHealth = Object.freeze({ health: 'active', reason: 'up' });
const missing = failed('missing');
const adminDown = failed('admin down');
const noCarrier = failed('no carrier');
const notRunning = failed('not running');
const dormant = failed('dormant');
const testing = failed('testing');
const lowerLayerDown = failed('lower layer down');
const notPresent = failed('not present');
const carpBackup = failed('carp backup');
const carpInit = failed('carp init');

function failed(reason: HealthReason): LinkHealth {
  return Object.freeze({ health: 'failed', reason });
}

/**
 * Whether an interface can be relied on. Pure, and without allocation.
 *
 * It is *active* when it exists, is up for its administrator, and its link is good: operational state up, or unknown
 * with a carrier, running and not dormant, as drivers that keep no state have it (loopback, tun, tap): the rule of
 * Documentation/networking/operstates.rst in the Linux kernel. Everything else is *failed*. Administratively down
 * comes first, as the kernel then calls the link down too and the cable is not to blame.
 *
 * On a BSD an unknown link state is good too, unless the driver knows better (`media`) or, on FreeBSD, has not been
 * started: a vlan without a parent, a gif without a tunnel. Of a carp(4) only the master is active.
 *
 * @param link undefined for an interface that does not exist
 * @param media what the driver says; null or left out where it was not asked, or the interface has no media. It is
 *   heeded only where neither the operational state nor the carrier is known: ask then
 */
export function health(link: LinkRecord | undefined, media: LinkMedia | null = null): LinkHealth {
  if (link === undefined) {
    return missing;
  }
  checkLink('health', link);
  if (!link.adminUp) {
    return adminDown;
  }
  if (link.kind === 'carp') {
    return carpHealth(link);
  }
  switch (link.operstate) {
    case 'up':
      // The kernel may take a second to lower the state of a link that has lost its carrier (net/core/link_watch.c).
      return link.carrier === false ? noCarrier : active;
    case 'unknown':
      if (link.dormant) {
        return dormant;
      }
      if (link.carrier === null && media !== null && media.valid && !media.active) {
        return noCarrier;
      }
      if (link.carrier === null && link.running === false) {
        return notRunning;
      }
      return link.carrier === false || link.running === false ? noCarrier : active;
    case 'dormant':
      return dormant;
    case 'testing':
      return testing;
    case 'lowerlayerdown':
      return lowerLayerDown;
    case 'notpresent':
      return notPresent;
    case 'down':
      return noCarrier;
  }
}

/**
 * Whether only the driver knows of a carrier: the `media` that {@link health} takes should then be asked for. On Linux
 * never: the kernel tells every carrier.
 */
export function asksMedia(link: LinkRecord): boolean {
  checkLink('asksMedia', link);
  return link.adminUp && link.operstate === 'unknown' && link.carrier === null && link.kind !== 'carp';
}

/** Whether a carp does not tell its state by its link, or is in INIT: it should be asked, for {@link healthOfCarp}. */
export function asksCarp(link: LinkRecord): boolean {
  checkLink('asksCarp', link);
  return link.adminUp && link.operstate === 'unknown' && link.kind === 'carp';
}

/** What a carp is good for by its own word: only a master answers for the shared address. */
export function healthOfCarp(state: LinkCarp): LinkHealth {
  switch (oneOf('healthOfCarp: state', state, ['init', 'backup', 'master'])) {
    case 'master':
      return active;
    case 'backup':
      return carpBackup;
    case 'init':
      return carpInit;
  }
}

/** A record has a name and a state. Quick: it is looked at with each event. @throws {TypeError} where it has none */
function checkLink(call: string, link: LinkRecord): void {
  if (typeof link !== 'object' || link === null || typeof link.adminUp !== 'boolean') {
    objectWith(`${call}: link`, link, 'adminUp', 'operstate');
    throw new TypeError(`${call}: link is a LinkRecord, whose adminUp is true or false`);
  }
  if (!operstates.has(link.operstate)) {
    oneOf(`${call}: link.operstate`, link.operstate, [...operstates]);
  }
}

/**
 * The link state of a carp stands for its state (carp_set_state() in netinet/ip_carp.c): up for MASTER, down for BACKUP;
 * INIT is unknown on NetBSD and DragonFly and invalid, down without a word on the carrier, on OpenBSD.
 */
function carpHealth(link: LinkRecord): LinkHealth {
  if (link.operstate === 'up') {
    return active;
  }
  return link.operstate === 'down' && link.carrier === false ? carpBackup : carpInit;
}
