import { loadLibc } from '@ifdepd/libc';
import { enterNetworkNamespace } from '../../system/network-namespace.ts';
import { namespaceValue } from './option-values.ts';

/**
 * Enters the network namespace of `--netns NAME`; without the option it does nothing.
 *
 * @throws {ExitError} that says why it cannot
 */
export function enterNamespaceOf(value: string | null | undefined): void {
  const name = namespaceValue(value ?? undefined);
  if (name !== null) {
    enterNetworkNamespace(loadLibc(), name);
  }
}
