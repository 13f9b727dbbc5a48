import type { Platform } from '@ifdepd/libc';
import { darwin } from './darwin.ts';
import { dragonfly } from './dragonfly.ts';
import { freebsd } from './freebsd.ts';
import { netbsd } from './netbsd.ts';
import { openbsd } from './openbsd.ts';
import type { RouteAbi } from './route-abi.ts';

export { netbsd7 } from './netbsd.ts';

/** The table of each system that tells about its links on a routing socket, for its present versions. */
export const routeAbis: Readonly<Record<Exclude<Platform, 'linux'>, RouteAbi>> = {
  freebsd,
  openbsd,
  netbsd,
  dragonfly,
  darwin,
};

/** The table of a system; null where links are not told on a routing socket. */
export function routeAbiOf(platform: Platform): RouteAbi | null {
  return platform === 'linux' ? null : routeAbis[platform];
}
