import { type NetIf, openNetIf } from '@ifdepd/netif';
import { type Cable, cable, enterNewNamespace, until } from '@ifdepd/netlab';

/** Cables in an empty network namespace, by name. */
export interface Host<Name extends string> extends Disposable {
  readonly cables: Readonly<Record<Name, Cable>>;
  readonly netif: NetIf;
  isUp(name: string): boolean;
  /** Waits until the kernel says that all of them are set this way. */
  allAre(to: 'up' | 'down', names: readonly string[]): Promise<void>;
}

/** A new namespace with a cable in each of these interfaces. */
export function host<Name extends string>(...names: readonly Name[]): Host<Name> {
  enterNewNamespace();
  const cables = Object.fromEntries(names.map((name) => [name, cable(name)])) as Record<Name, Cable>;
  const netif = openNetIf();
  const isUp = (name: string): boolean => netif.flags(name).up;
  return {
    cables,
    netif,
    isUp,
    async allAre(to, wanted) {
      await until(`${wanted.join(', ')} to be ${to}`, () =>
        wanted.every((name) => isUp(name) === (to === 'up')),
      );
    },
    [Symbol.dispose]: () => netif.close(),
  };
}
