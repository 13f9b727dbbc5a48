import { darwinLayout } from './darwin.ts';
import { dragonflyLayout } from './dragonfly.ts';
import { freebsdLayout } from './freebsd.ts';
import { netbsd7Layout, netbsdLayout } from './netbsd.ts';
import { openbsdLayout } from './openbsd.ts';

/** The systems that can be scripted; `netbsd7` is the one that bytes were captured from. */
export const bsdLayouts = {
  freebsd: freebsdLayout,
  openbsd: openbsdLayout,
  netbsd: netbsdLayout,
  netbsd7: netbsd7Layout,
  dragonfly: dragonflyLayout,
  darwin: darwinLayout,
} as const;
