import { type InterfaceName, SystemError } from '@ifdepd/libc';
import type { NetIf } from '@ifdepd/netif';

/** The interface that a name means now: null where it means none. */
export type InterfaceOf = (name: string) => InterfaceName | null;

/**
 * Which interfaces names mean at this moment. Names that interfaces go by are looked up in one list; only the others, which
 * may be alternative names of Linux, are asked for one by one, each once. Where the system does not say, no name means anything.
 */
export function interfacesNow(netif: Pick<NetIf, 'features' | 'list' | 'resolve'>): InterfaceOf {
  const known = new Map<string, InterfaceName | null>();
  for (const one of orNull(() => netif.list()) ?? []) {
    known.set(one.name, one);
  }
  const { alternativeNames } = netif.features;
  return (name) => {
    let found = known.get(name);
    if (found === undefined) {
      found = alternativeNames === null ? null : orNull(() => netif.resolve(name));
      known.set(name, found);
    }
    return found;
  };
}

/** What a question to the system is answered with; null where the system refuses to answer. */
export function orNull<Answer>(ask: () => Answer): Answer | null {
  try {
    return ask();
  } catch (error) {
    if (error instanceof SystemError) {
      return null;
    }
    throw error;
  }
}
