import type { Platform } from '@ifdepd/libc';
import { linux } from './linux.ts';
import type { NetIfAbi } from './netif-abi.ts';

/** The table of each system. */
export const abis: Readonly<Record<Platform, NetIfAbi>> = { linux };
