import type { LinkRecord } from '@ifdepd/linkwatch';
import type { NetIf } from '@ifdepd/netif';
import { orNull } from '../system/kernel.ts';
import type { Candidate } from './pattern-members.ts';

/** IFF_LOOPBACK, the same number on every system: linux/if.h, net/if.h. */
const IFF_LOOPBACK = 0x8;

/** Links as patterns look at them, by index. */
export function candidatesOf(
  links: Iterable<LinkRecord>,
  { hardware }: Pick<NetIf, 'hardware'>,
): readonly Candidate[] {
  return [...links]
    .sort((one, other) => one.index - other.index)
    .map(({ index, name, altNames, flags }) => {
      let known: ReturnType<Candidate['hardware']> | undefined;
      return {
        index,
        name,
        altNames,
        loopback: (flags & IFF_LOOPBACK) !== 0,
        hardware() {
          known ??= orNull(() => hardware(name));
          return known;
        },
      };
    });
}
