import {
  asksCarp,
  asksMedia,
  health,
  healthOfCarp,
  type LinkHealth,
  type LinkRecord,
  type LinkWatch,
} from '@ifdepd/linkwatch';
import { type Carp, type Media, type NetIf, parseVhidName } from '@ifdepd/netif';

/** What a source is good for now, by its name. Synchronous: a few reads at most, and none where the link says it all. */
export type SourceHealth = (name: string) => LinkHealth;

/**
 * The judge of sources that are interfaces, carps or vhids: the link record first, and where that leaves something
 * open, whoever knows. The driver, for a link of unknown state; carp(4), for a carp whose link does not tell its state;
 * and for a vhid of FreeBSD, which is no interface at all, carp(4) alone.
 */
export function sourceHealth(
  links: Pick<LinkWatch, 'lookUp'>,
  netif: Pick<NetIf, 'features' | 'media' | 'carp'>,
): SourceHealth {
  return (name) => {
    const link = links.lookUp(name);
    if (link === undefined) {
      return isVhid(netif, name) ? vhidHealth(netif, name) : health(undefined);
    }
    return linkHealth(link, netif);
  };
}

/** The same of a link that is there. */
export function linkHealth(link: LinkRecord, netif: Pick<NetIf, 'media' | 'carp'>): LinkHealth {
  if (asksMedia(link)) {
    return health(link, mediaOf(netif, link.name));
  }
  const carp = asksCarp(link) ? carpOf(netif, link.name) : null;
  return carp === null ? health(link) : healthOfCarp(carp.state);
}

/** Whether a name means a vhid of another interface, here. */
export function isVhid({ features }: Pick<NetIf, 'features'>, name: string): boolean {
  return features.carp === 'vhid' && parseVhidName(name) !== null;
}

/** What the driver says; null where it says nothing, or there is no such interface by now. */
export function mediaOf(netif: Pick<NetIf, 'media'>, name: string): Media | null {
  try {
    return netif.media(name);
  } catch {
    return null;
  }
}

/** A vhid that cannot be read is not there: whatever the reason, it answers for nothing. */
function vhidHealth(netif: Pick<NetIf, 'carp'>, name: string): LinkHealth {
  const carp = carpOf(netif, name);
  return carp === null ? health(undefined) : healthOfCarp(carp.state);
}

function carpOf(netif: Pick<NetIf, 'carp'>, name: string): Carp | null {
  try {
    return netif.carp(name);
  } catch {
    return null;
  }
}
