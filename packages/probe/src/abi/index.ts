import type { Platform } from '@ifdepd/libc';
import { bsd, darwin } from './bsd.ts';
import { linux } from './linux.ts';
import type { ProbeAbi } from './probe-abi.ts';

const abis: Readonly<Record<Platform, ProbeAbi>> = {
  linux,
  freebsd: bsd,
  openbsd: bsd,
  netbsd: bsd,
  dragonfly: bsd,
  darwin,
};

/** The numbers of a system. */
export function probeAbiOf(platform: Platform): ProbeAbi {
  return abis[platform];
}
