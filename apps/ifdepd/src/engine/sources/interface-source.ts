import {
  asksCarp,
  asksMedia,
  health,
  healthOfCarp,
  type LinkHealth,
  type LinkRecord,
} from '@ifdepd/linkwatch';
import { interfaceNameFault, type Media, type NetIf, type NetIfFeatures, parseVhidName } from '@ifdepd/netif';
import type { SourceOf } from './source.ts';
import { carpOf } from './vhid-source.ts';

/** An interface, a carp interface among them, by its name or an alternative one. */
export function interfaceSource(id: string): SourceOf<'interface'> {
  return {
    kind: 'interface',
    id,
    label: id,
    names: [id],
    interface: id,
    followsCarrier: true,
    hasActiveReason: false,
    read({ links, netif }) {
      const link = links.lookUp(id);
      return link === undefined ? health(undefined) : linkHealth(link, netif);
    },
    /** A network card of a BSD whose driver keeps no link state, and answers SIOCGIFMEDIA. */
    isSilent({ links, netif }) {
      const link = links.lookUp(id);
      return link !== undefined && asksMedia(link) && mediaOf(netif, link.name)?.valid === true;
    },
    exists(netif) {
      netif.flags(id);
      return true;
    },
    fault: (features) => interfaceFault(id, features),
  };
}

/**
 * What a link is good for. The link record first; where that leaves something open, the driver of a link of unknown state,
 * and carp(4) of a carp whose link does not report its state.
 */
export function linkHealth(link: LinkRecord, netif: Pick<NetIf, 'media' | 'carp'>): LinkHealth {
  if (asksMedia(link)) {
    return health(link, mediaOf(netif, link.name));
  }
  const carp = asksCarp(link) ? carpOf(netif, link.name) : null;
  return carp === null ? health(link) : healthOfCarp(carp.state);
}

/** What the driver says; null where it says nothing, or there is no such interface by now. */
function mediaOf(netif: Pick<NetIf, 'media'>, name: string): Media | null {
  const media = askMedia(netif, name);
  return media === 'refused' ? null : media;
}

/** What the driver says; null where it says nothing, `refused` where the system does not ask it at this moment. */
export function askMedia(netif: Pick<NetIf, 'media'>, name: string): Media | null | 'refused' {
  try {
    return netif.media(name);
  } catch {
    return 'refused';
  }
}

/** A vhid where carp has interfaces of its own, or a name that is too long for this system; null where it is neither. */
export function interfaceFault(name: string, { carp, alternativeNames }: NetIfFeatures): string | null {
  return carp === 'interface' && parseVhidName(name) !== null
    ? 'carp has interfaces of its own on this system: name that one (carp0), and not a vhid of its parent'
    : interfaceNameFault(name, alternativeNames ?? undefined);
}
