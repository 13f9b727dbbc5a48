import type { NetIf } from '@ifdepd/netif';
import type { DestinationSettings } from '../config/settings.ts';
import { vfDestination } from '../engine/destinations/vf.ts';
import { orNull } from '../system/kernel.ts';
import type { Finding } from './finding.ts';

/** Virtual functions that a card that is there does not have: `{vf: eth0/8}` where it has eight, for they are counted from 0. */
export function vfFindings(
  destinations: Iterable<readonly [id: string, destination: DestinationSettings]>,
  netif: Pick<NetIf, 'resolve' | 'vfLinkState' | 'setVfLinkState'>,
): readonly Finding[] {
  return [...destinations].flatMap(([id, one]): readonly Finding[] => {
    if (
      one.action !== 'vf' ||
      orNull(() => netif.resolve(one.parent)) === null ||
      vfDestination(netif, one).read() !== 'missing'
    ) {
      return [];
    }
    const message = `${one.parent} has no virtual function ${one.vf} now, so nothing is set; ip link show ${one.parent} lists those that it has, from 0`;
    return [{ level: 'warning', code: 'no-function', subject: id, message }];
  });
}
