import type { Platform } from '@ifdepd/libc';
import { probeAbiOf } from '../abi/index.ts';
import { checkTarget, type ProbeTarget } from './target.ts';

/** Why a target is wrong, or cannot be probed on a system; null where it can. Nothing is opened. */
export function probeFault(target: ProbeTarget, platform: Platform): string | null {
  try {
    checkTarget(target, probeAbiOf(platform));
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}
