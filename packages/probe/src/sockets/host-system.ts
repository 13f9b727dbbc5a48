import { type Libc, SystemError } from '@ifdepd/libc';
import { probeAbiOf } from '../abi/index.ts';
import type { ProbeAbi } from '../abi/probe-abi.ts';

/** The system that probes: its calls and its numbers. */
export interface HostSystem {
  readonly libc: Libc;
  readonly abi: ProbeAbi;
}

export function hostSystem(libc: Libc): HostSystem {
  return { libc, abi: probeAbiOf(libc.target.platform) };
}

/** The index of an interface now. @throws {SystemError} ENODEV where there is none of that name */
export function interfaceIndex({ libc }: HostSystem, name: string): number {
  const all = libc.if_nameindex();
  const found =
    typeof all === 'number' ? undefined : all.find((one) => one.name === name || `${one.index}` === name);
  if (found === undefined) {
    throw new SystemError(libc.target, libc.target.errnoOf.ENODEV, 'if_nametoindex', name);
  }
  return found.index;
}
