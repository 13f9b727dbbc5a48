import type { Libc } from '@ifdepd/libc';
import type { NetIf } from '@ifdepd/netif';
import type { Presence } from '@ifdepd/policy';
import type { DestinationSettings } from '../../config/settings.ts';
import { sourceOf } from '../sources/index.ts';
import { adminDestination } from './admin.ts';
import { demotionDestination } from './demotion.ts';
import type { AnyDriver } from './driver.ts';
import { execDestination, type Programs } from './exec.ts';
import { fileDestination } from './file.ts';
import { protodownDestination } from './protodown.ts';
import { vfDestination } from './vf.ts';
import { vhidDestination } from './vhid.ts';
import { weightDestination } from './weight.ts';

export type { AnyDriver, BeforeWrite, DestinationDriver, Setting, Undo, Weighed } from './driver.ts';
export type { Programs } from './exec.ts';

/**
 * What is known of a destination that programs set, before any of them has run: `unknown` where an earlier process may have set
 * it down; undefined for nothing.
 */
export type PresenceOf = (destination: string) => Presence | 'unknown' | undefined;

/** The tools that set destinations. */
export interface Tools {
  readonly libc: Libc;
  readonly netif: NetIf;
  /** What runs the programs of destinations; null where there are none. Default: null */
  readonly programs?: () => Programs | null;
  /** What is known of a destination of programs. Default: nothing */
  readonly presenceOf?: PresenceOf;
}

/**
 * How a destination is set.
 *
 * @param undoValue what it takes to undo what an earlier process did
 */
export function destinationDriver(
  settings: DestinationSettings,
  { libc, netif, programs, presenceOf }: Tools,
  undoValue?: number,
): AnyDriver {
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
    case 'exec': {
      const runner = programs?.() ?? null;
      if (runner === null) {
        throw new Error(`nothing runs the programs of ${settings.id}`);
      }
      return execDestination(settings, runner, presenceOf?.(settings.id));
    }
  }
}
