import { koffi } from '../koffi.ts';
import type { Result } from '../libc.ts';
import { type Library, missing, type Native } from '../library.ts';
import type { Target } from '../target.ts';

/**
 * The parts that every group of calls in this folder shares.
 *
 * Each call looks its symbol up at its first use and keeps the function in a variable of its own. So a start costs nothing for
 * calls that are never made, and the path from a link event to an ioctl allocates nothing that koffi does not.
 */
export interface CallContext {
  readonly bind: Library['bind'];
  readonly target: Target;
  /** The value of a call, or the negated errno. Reads errno at once, before anything else can call the library. */
  result(call: Native, value: number): Result;
}

export function callContext({ bind }: Library, target: Target): CallContext {
  return {
    bind,
    target,
    result: (call, value) =>
      value >= 0 ? value : call === missing ? -target.errnoOf.ENOSYS : -koffi.errno(),
  };
}
