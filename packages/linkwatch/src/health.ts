import { objectWith, oneOf } from '@ifdepd/libc';
import type { LinkRecord } from './link.ts';

/** The reason for the health of a link. */
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

/** The link as the driver of a BSD reports it (SIOCGIFMEDIA), for links whose messages lack it. */
export interface LinkMedia {
  /** IFM_AVALID: whether the driver knows the state of the link. */
  readonly valid: boolean;
  /** IFM_ACTIVE: whether there is a link. */
  readonly active: boolean;
}

/** The state of a carp(4) as SIOCGVH reports it, for a link whose messages lack it. */
export type LinkCarp = 'init' | 'backup' | 'master';

/** The health of a link. `unknown` is for callers that have not asked the kernel yet: {@link health} never returns it. */
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
 * The health of a link. Pure, and without allocation.
 *
 * A link is *active* when it exists, is administratively up, and its link works: the operational state is up; or it is unknown, and
 * the link has a carrier, runs and is not dormant. The second case is for drivers that keep no state (loopback, tun, tap). This is
 * the rule of Documentation/networking/operstates.rst in the Linux kernel. Every other link is *failed*. Administratively down comes
 * first, because the kernel then reports the link as down too, although the cable is not the cause.
 *
 * On a BSD an unknown link state counts as working too, unless the driver reports otherwise (`media`) or, on FreeBSD, has not been
 * started (a vlan without a parent, a gif without a tunnel). Of a carp(4) only the master is active.
 *
 * @param link undefined for an interface that does not exist
 * @param media the answer of the driver; null when it was not asked, and for an interface without media. It matters only when
 *   neither the operational state nor the carrier is known ({@link asksMedia})
 *
 * @example
 * ```ts
 * import { health } from '@ifdepd/linkwatch';
 * import { linkRecord } from '@ifdepd/linkwatch/testing';
 *
 * console.log(health(undefined).reason); // missing
 * console.log(health(linkRecord({ index: 2, name: 'eth0', adminUp: false })).reason); // admin down
 * ```
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
 * Whether only the driver knows the carrier. The caller should then read the `media` for {@link health}. Never true on Linux, where
 * messages report every carrier.
 */
export function asksMedia(link: LinkRecord): boolean {
  checkLink('asksMedia', link);
  return link.adminUp && link.operstate === 'unknown' && link.carrier === null && link.kind !== 'carp';
}

/** Whether the link of a carp does not show its state, or shows INIT. The caller should then read the state for {@link healthOfCarp}. */
export function asksCarp(link: LinkRecord): boolean {
  checkLink('asksCarp', link);
  return link.adminUp && link.operstate === 'unknown' && link.kind === 'carp';
}

/** The health of a carp by its state. Only a master answers for the shared address. */
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

/** Checks a record quickly, because every event is checked. @throws {TypeError} when it is not a LinkRecord */
function checkLink(call: string, link: LinkRecord): void {
  if (typeof link !== 'object' || link === null || typeof link.adminUp !== 'boolean') {
    objectWith(`${call}: link`, link, 'adminUp', 'operstate');
    throw new TypeError(`${call}: link must be a LinkRecord, whose adminUp is true or false`);
  }
  if (!operstates.has(link.operstate)) {
    oneOf(`${call}: link.operstate`, link.operstate, [...operstates]);
  }
}

/**
 * The link state of a carp shows its state (carp_set_state() in netinet/ip_carp.c): up for MASTER, down for BACKUP. INIT is unknown on
 * NetBSD and DragonFly, and invalid (down with an unknown carrier) on OpenBSD.
 */
function carpHealth(link: LinkRecord): LinkHealth {
  if (link.operstate === 'up') {
    return active;
  }
  return link.operstate === 'down' && link.carrier === false ? carpBackup : carpInit;
}
