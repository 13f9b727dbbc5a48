import type { InterfaceName } from '@ifdepd/libc';
import type { NetIf } from '@ifdepd/netif';
import { orNull } from '../system/kernel.ts';

/** The interface that a name means now: null where it means none. */
export type InterfaceOf = (name: string) => InterfaceName | null;

/** Names that are looked up before the event loop goes on: each takes some 20 µs. */
const NAMES_IN_A_TURN = 100;

/**
 * Which interfaces names mean now. The kernel is asked once for each name: the cost grows with the names, not with the
 * interfaces of the host. No name means anything where the system refuses to answer, or has no alternative names: there no
 * two names mean one interface.
 *
 * @param known looks a name up without asking the kernel. Default: finds nothing
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

/**
 * Asks for many names before they are needed, some in each turn of the event loop.
 *
 * @param turn waits for the next turn of the event loop
 */
export async function askForAll(
  names: readonly string[],
  interfaceOf: InterfaceOf,
  turn: () => Promise<void>,
): Promise<void> {
  for (const [at, name] of names.entries()) {
    if (at > 0 && at % NAMES_IN_A_TURN === 0) {
      await turn();
    }
    interfaceOf(name);
  }
}
