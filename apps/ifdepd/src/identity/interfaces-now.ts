import { type InterfaceName, SystemError } from '@ifdepd/libc';
import type { NetIf } from '@ifdepd/netif';

/** The interface that a name means now: null where it means none. */
export type InterfaceOf = (name: string) => InterfaceName | null;

/**
 * Which interfaces names mean at this moment, each asked for once: what it costs grows with the names that are asked for,
 * not with the interfaces of the host. Where the system does not say, no name means anything; nor where there are no
 * alternative names, for there no two names mean one interface.
 *
 * @param known what is known without asking, of the names that interfaces go by. Default: nothing
 */
export function interfacesNow(
  { features, resolve }: Pick<NetIf, 'features' | 'resolve'>,
  known: (name: string) => InterfaceName | undefined = () => undefined,
): InterfaceOf {
  const found = new Map<string, InterfaceName | null>();
  return (name) => {
    let one = found.get(name);
    if (one === undefined) {
      one = features.alternativeNames === null ? null : (known(name) ?? orNull(() => resolve(name)));
      found.set(name, one);
    }
    return one;
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
