import type { Libc } from '@ifdepd/libc';
import type { NetIf } from '@ifdepd/netif';
import type { DestinationSettings } from '../../config/settings.ts';
import { sourceOf } from '../sources/index.ts';
import { adminDestination } from './admin.ts';
import { demotionDestination } from './demotion.ts';
import type { DestinationDriver } from './driver.ts';
import { fileDestination } from './file.ts';
import { protodownDestination } from './protodown.ts';
import { vfDestination } from './vf.ts';
import { vhidDestination } from './vhid.ts';
import { weightDestination } from './weight.ts';

export type { BeforeWrite, DestinationDriver, Setting, Undo, Weighed } from './driver.ts';

/** What destinations are set through. */
export interface Tools {
  readonly libc: Libc;
  readonly netif: NetIf;
}

/**
 * How a destination is set.
 *
 * @param undoValue what it takes to undo what an earlier process did
 */
export function destinationDriver(
  settings: DestinationSettings,
  { libc, netif }: Tools,
  undoValue?: number,
): DestinationDriver {
  switch (settings.action) {
    case 'admin': {
      const { interface: name } = settings;
      if (sourceOf(name, netif.features).kind === 'vhid') {
        return vhidDestination(libc, netif, name, undoValue);
      }
      return adminDestination(netif, name);
    }
    case 'protodown':
      return protodownDestination(netif, settings.interface);
    case 'file':
      return fileDestination(settings);
    case 'weight':
      return weightDestination(settings.path);
    case 'vf':
      return vfDestination(netif, settings, undoValue);
    case 'demote':
      return demotionDestination(netif, settings, undoValue);
  }
}
