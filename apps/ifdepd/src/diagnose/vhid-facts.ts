import type { NetIf } from '@ifdepd/netif';
import { compiled } from '../config/compiled-policy.ts';
import type { Settings } from '../config/settings.ts';
import { sourceOf } from '../engine/sources/index.ts';

/** The existing vhids of a configuration, with their advskew: they are not links, but not missing either. */
export function vhidFacts(
  { policy, destinations }: Settings,
  netif: Pick<NetIf, 'features' | 'carp'>,
): ReadonlyMap<string, number> {
  const named = [
    ...compiled(policy).sources,
    ...[...destinations.values()].flatMap((one) => ('interface' in one ? [one.interface] : [])),
  ];
  return new Map(
    named.flatMap((name): [string, number][] => {
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
