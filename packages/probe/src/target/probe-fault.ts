import type { Platform } from '@ifdepd/libc';
import { probeAbiOf } from '../abi/index.ts';
import { checkTarget, type ProbeTarget } from './target.ts';

/**
 * Why a target is wrong, or cannot be probed on a system; null where it can. Nothing is opened.
 *
 * @example
 * ```ts
 * import { probeFault } from '@ifdepd/probe/target';
 *
 * console.log(probeFault({ kind: 'tcp', host: '192.0.2.1', port: 443 }, 'linux')); // null
 * console.log(probeFault({ kind: 'arp', address: '192.0.2.1', interface: 'em0' }, 'freebsd') === null); // false
 * ```
 */
export function probeFault(target: ProbeTarget, platform: Platform): string | null {
  try {
    checkTarget(target, probeAbiOf(platform));
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}
