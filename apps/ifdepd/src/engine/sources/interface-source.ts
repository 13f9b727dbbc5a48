import {
  asksCarp,
  asksMedia,
  health,
  healthOfCarp,
  type LinkHealth,
  type LinkRecord,
} from '@ifdepd/linkwatch';
import { interfaceNameFault, type Media, type NetIf, type NetIfFeatures, parseVhidName } from '@ifdepd/netif';
import type { SourceHealth, SourceHost, SourceOf } from './source.ts';
import { carpOf } from './vhid-source.ts';

/** An interface, a carp interface among them, by its name or an alternative one. A class: there may be thousands. */
export class InterfaceSource implements SourceOf<'interface'> {
  readonly kind = 'interface';
  readonly id: string;
  readonly followsCarrier = true;
  readonly hasActiveReason = false;

  constructor(id: string) {
    this.id = id;
  }

  get label(): string {
    return this.id;
  }

  get names(): readonly string[] {
    return [this.id];
  }

  get interface(): string {
    return this.id;
  }

  read({ links, netif }: SourceHost): SourceHealth {
    const link = links.lookUp(this.id);
    return link === undefined ? health(undefined) : linkHealth(link, netif);
  }

  /** A network card of a BSD whose driver keeps no link state, and answers SIOCGIFMEDIA. */
  isSilent({ links, netif }: SourceHost): boolean {
    const link = links.lookUp(this.id);
    return link !== undefined && asksMedia(link) && mediaOf(netif, link.name)?.valid === true;
  }

  exists(netif: Pick<NetIf, 'flags'>): boolean {
    netif.flags(this.id);
    return true;
  }

  fault(features: NetIfFeatures): string | null {
    return interfaceFault(this.id, features);
  }
}

/**
 * The health of a link. The link record first; where that leaves something open, the driver of a link of unknown state,
 * and carp(4) of a carp whose link does not report its state.
 */
export function linkHealth(link: LinkRecord, netif: Pick<NetIf, 'media' | 'carp'>): LinkHealth {
  if (asksMedia(link)) {
    return health(link, mediaOf(netif, link.name));
  }
  const carp = asksCarp(link) ? carpOf(netif, link.name) : null;
  return carp === null ? health(link) : healthOfCarp(carp.state);
}

/** The answer of the driver; null if it has none, or if there is no such interface by now. */
function mediaOf(netif: Pick<NetIf, 'media'>, name: string): Media | null {
  const media = askMedia(netif, name);
  return media === 'refused' ? null : media;
}

/** The answer of the driver; null if it has none, `refused` if the system does not ask it now. */
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
