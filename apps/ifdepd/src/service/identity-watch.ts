import type { InterfaceName } from '@ifdepd/libc';
import type { Settings } from '../config/settings.ts';
import { interfacesOf } from '../diagnose/check-host.ts';
import { type Identities, identitiesOf } from '../identity/identities.ts';
import { askForAll, type InterfaceOf, interfacesNow } from '../identity/interfaces-now.ts';
import type { DestinationLocks } from '../state/destination-locks.ts';
import { openKernel, orNull } from '../system/kernel.ts';
import { type Loop, nextTurn, realLoop } from '../system/loop.ts';
import { realPath } from '../system/trusted-path.ts';
import { followNames, type NamesFollowed } from './follow-names.ts';
import { patternWatch } from './pattern-watch.ts';
import type { Running } from './running.ts';

/** Which interfaces the names of a configuration mean, from before the start of a daemon to its end. */
export type IdentityWatch = ReturnType<typeof identityWatch>;

/** Looks names up; from the first decision on, {@link followNames} follows what they mean. */
export function identityWatch(libc: Running['libc'], tables: Running['tables'], loop: Loop = realLoop) {
  const kernel = openKernel(libc, tables, loop);
  const { netif } = kernel;
  const moves = netif.features.alternativeNames !== null;
  const meaning: { now: Identities | undefined } = { now: undefined };
  let followed: NamesFollowed | undefined;
  /** The table of links, once there is one; on other systems a name does not move while both interfaces exist. */
  let links: Running['daemon']['links'] | undefined;
  const patterns = patternWatch(kernel, () => followed?.matchAgain(), loop);

  /** The interface that has a name as its own, by the table of links. */
  function known(name: string): InterfaceName | undefined {
    const link = links?.lookUp(name);
    return link?.name === name ? link : undefined;
  }

  return {
    /** The name of the interface of a destination now, or the path of its file without symbolic links; null where it has none. */
    ownNameOf(destination: string): string | null {
      if (destination.startsWith('/')) {
        return realPath(destination);
      }
      return moves ? (orNull(() => netif.resolve(destination))?.name ?? null) : null;
    },
    /** Lists the interfaces for settings with patterns, while the event loop goes on. */
    listed: patterns.listed,
    /** Asks which interfaces all names of settings mean, without holding the event loop. */
    async resolveAll(written: Settings): Promise<InterfaceOf> {
      await patterns.listed(written);
      const interfaceOf = interfacesNow(netif, known);
      const { sources, destinations } = interfacesOf(written);
      await askForAll([...sources, ...destinations], interfaceOf, () => nextTurn(loop));
      return interfaceOf;
    },
    /**
     * What the names of settings mean now.
     *
     * @param interfaceOf what they mean. Default: the system is asked
     */
    look(
      written: Settings,
      locks: DestinationLocks | null,
      interfaceOf: InterfaceOf = interfacesNow(netif, known),
    ): Identities {
      return identitiesOf(written, interfaceOf, locks, patterns.candidates(written));
    },
    /** Makes these the identities of the daemon. */
    adopt(identities: Identities): void {
      followed?.reportMembers(identities);
      meaning.now = identities;
      // What has come and gone since they were looked up was for the settings before.
      patterns.adopt(identities.settings);
    },
    /** Begins to follow what the names mean. */
    follow(running: Running): void {
      links = moves ? running.daemon.links : undefined;
      followed = followNames(running, { netif, loop, meaning, known, candidates: patterns.candidates });
    },
    /** Why a destination must not be set at present; null where it may. */
    leftAlone: (destination: string): string | null => meaning.now?.leftAlone.get(destination) ?? null,
    [Symbol.dispose]() {
      followed?.[Symbol.dispose]();
      patterns[Symbol.dispose]();
      netif.close();
    },
  };
}
