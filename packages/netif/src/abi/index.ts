import type { Platform } from '@ifdepd/libc';
import { darwin } from './darwin.ts';
import { dragonfly } from './dragonfly.ts';
import { freebsd } from './freebsd.ts';
import { linux } from './linux.ts';
import { netbsd } from './netbsd.ts';
import type { NetIfAbi } from './netif-abi.ts';
import { openbsd } from './openbsd.ts';

export { netbsd8 } from './netbsd.ts';

/** The table of each system, for its current versions. With getters a program may load those of other systems later, or never. */
export const abis: Readonly<Record<Platform, NetIfAbi>> = {
  linux,
  get freebsd() {
    return freebsd;
  },
  get openbsd() {
    return openbsd;
  },
  get netbsd() {
    return netbsd;
  },
  get dragonfly() {
    return dragonfly;
  },
  get darwin() {
    return darwin;
  },
};
