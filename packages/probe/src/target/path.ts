import type { ProbeAbi } from '../abi/probe-abi.ts';

/** The way that probes of a target take out of this machine. */
export interface ProbePath {
  /** The interface that sends and receives. Default: by the route. */
  readonly interface?: string;
  /** The source address. Default: the kernel chooses. */
  readonly source?: string;
  /** The mark of the packets (Linux), for policy routing and firewalls. Default: none. */
  readonly mark?: number;
}

/** Why a path is not possible on this system, and what to do; null where it is. */
export function pathFault(
  { device, mark }: Pick<ProbeAbi, 'device' | 'mark'>,
  path: ProbePath,
): string | null {
  if (path.interface !== undefined && device === null) {
    return 'this system cannot bind a socket to an interface: give the source address instead';
  }
  return path.mark !== undefined && mark === null ? 'only Linux marks packets' : null;
}
