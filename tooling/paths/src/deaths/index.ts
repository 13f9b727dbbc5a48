import type { Death } from '../death.ts';
import { blackHole } from './beyond.ts';
import { wireErrors } from './errors.ts';
import { carrierLost, farEndDead } from './link.ts';
import { addressGone, routeGone, serviceDead } from './local.ts';
import { latency, loss } from './quality.ts';
import { isBackup, peerDead } from './virtual-router.ts';

/** The deaths that network namespaces can make, by their numbers. */
export const deaths: readonly Death[] = [
  carrierLost,
  farEndDead,
  blackHole,
  loss,
  latency,
  routeGone,
  addressGone,
  wireErrors,
  isBackup,
  peerDead,
  serviceDead,
];
