import type { AdvertTarget, ProbeTarget } from '@ifdepd/probe/target';
import { isLocal } from './local-target.ts';
import type { ProbeSettings } from './settings.ts';

/** Whether a probe listens for the advertisements of a virtual router. */
export function isAdvert(target: ProbeSettings['target']): target is AdvertTarget {
  return target.kind === 'peer' || target.kind === 'vrrp';
}

/** Whether a probe asks a host. */
export function isHost(target: ProbeSettings['target']): target is ProbeTarget {
  return !isLocal(target) && !isAdvert(target);
}
