import type { Platform } from '@ifdepd/libc';
import { darwin } from './darwin.ts';
import { dragonfly } from './dragonfly.ts';
import { freebsd } from './freebsd.ts';
import { netbsd } from './netbsd.ts';
import { openbsd } from './openbsd.ts';
import type { RouteAbi } from './route-abi.ts';

export { netbsd7 } from './netbsd.ts';

/**
 * The table of each system that reports links on a routing socket, for its current versions. With getters a program may load them later,
 * or never.
 */
export const routeAbis: Readonly<Record<Exclude<Platform, 'linux'>, RouteAbi>> = {
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

/** The table of a system; null for a system without routing sockets for links. */
export function routeAbiOf(platform: Platform): RouteAbi | null {
  return platform === 'linux' ? null : routeAbis[platform];
}
