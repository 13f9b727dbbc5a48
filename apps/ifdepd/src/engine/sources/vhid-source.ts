import { health, healthOfCarp } from '@ifdepd/linkwatch';
import { type Carp, interfaceNameFault, type NetIf, type NetIfFeatures, parseVhidName } from '@ifdepd/netif';
import type { SourceOf } from './source.ts';

/** A vhid of FreeBSD, `1@em0`, which is no interface: carp(4) alone knows it. No message reports its changes for certain. */
export function vhidSource(id: string, { carp }: Pick<NetIfFeatures, 'carp'>): SourceOf<'vhid'> | null {
  const parent = carp === 'vhid' ? parseVhidName(id)?.parent : undefined;
  if (parent === undefined) {
    return null;
  }
  return {
    kind: 'vhid',
    id,
    label: id,
    names: [id, parent],
    interface: id,
    followsCarrier: false,
    hasActiveReason: false,
    read({ netif }) {
      // One that cannot be read is missing, whatever the reason: it answers for nothing.
      const found = carpOf(netif, id);
      return found === null ? health(undefined) : healthOfCarp(found.state);
    },
    isSilent: () => true,
    exists: (netif) => netif.carp(id) !== null,
    fault: ({ alternativeNames }) => interfaceNameFault(parent, alternativeNames ?? undefined),
  };
}

/** The state of a carp; null where the system does not say. */
export function carpOf(netif: Pick<NetIf, 'carp'>, name: string): Carp | null {
  try {
    return netif.carp(name);
  } catch {
    return null;
  }
}
