import type { LinkRecord } from './link.ts';

/** Why a link is good or not, in words for a person. */
export type HealthReason =
  | 'up'
  | 'missing'
  | 'admin down'
  | 'no carrier'
  | 'dormant'
  | 'testing'
  | 'lower layer down'
  | 'not present';

/** What a link is good for. `unknown` is for who has not asked the kernel yet: {@link health} never answers it. */
export interface LinkHealth {
  readonly health: 'active' | 'failed' | 'unknown';
  readonly reason: HealthReason;
}

const active: LinkHealth = Object.freeze({ health: 'active', reason: 'up' });
const missing = failed('missing');
const adminDown = failed('admin down');
const noCarrier = failed('no carrier');
const dormant = failed('dormant');
const testing = failed('testing');
const lowerLayerDown = failed('lower layer down');
const notPresent = failed('not present');

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
 * @param link undefined for an interface that does not exist
 */
export function health(link: LinkRecord | undefined): LinkHealth {
  if (link === undefined) {
    return missing;
  }
  if (!link.adminUp) {
    return adminDown;
  }
  switch (link.operstate) {
    case 'up':
      // The kernel may take a second to lower the state of a link that has lost its carrier (net/core/link_watch.c).
      return link.carrier === false ? noCarrier : active;
    case 'unknown':
      if (link.dormant) {
        return dormant;
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
