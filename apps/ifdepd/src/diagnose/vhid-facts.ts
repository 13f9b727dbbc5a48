import type { NetIf } from '@ifdepd/netif';
import type { Settings } from '../config/settings.ts';
import { sourceOf } from '../engine/sources/index.ts';
import { interfacesOf } from './check-host.ts';

/** The existing vhids of a configuration, with their advskew: they are not links, but not missing either. */
export function vhidFacts(
  settings: Settings,
  netif: Pick<NetIf, 'features' | 'carp'>,
): ReadonlyMap<string, number> {
  const { sources, destinations } = interfacesOf(settings);
  return new Map(
    [...sources, ...destinations].flatMap((name): [string, number][] => {
      const advskew = sourceOf(name, netif.features).kind === 'vhid' ? advskewOf(netif, name) : undefined;
      return advskew === undefined ? [] : [[name, advskew]];
    }),
  );
}

function advskewOf(netif: Pick<NetIf, 'carp'>, name: string): number | undefined {
  try {
    return netif.carp(name)?.nodes[0]?.advskew;
  } catch {
    return undefined;
  }
}
