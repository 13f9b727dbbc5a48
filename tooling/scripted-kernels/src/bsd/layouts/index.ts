import { darwinLayout } from './darwin.ts';
import { dragonflyLayout } from './dragonfly.ts';
import { freebsdLayout } from './freebsd.ts';
import { netbsd7Layout, netbsdLayout } from './netbsd.ts';
import { openbsdLayout } from './openbsd.ts';

/** The systems that can be scripted. Messages were captured from `netbsd7`. */
export const bsdLayouts = {
  freebsd: freebsdLayout,
  openbsd: openbsdLayout,
  netbsd: netbsdLayout,
  netbsd7: netbsd7Layout,
  dragonfly: dragonflyLayout,
  darwin: darwinLayout,
} as const;
