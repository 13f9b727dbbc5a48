import type { NetIf } from '@ifdepd/netif';
import type { DestinationSettings } from '../../config/settings.ts';
import { type DestinationDriver, orMissing } from './driver.ts';

/** Which virtual function: its card, and its number. */
export type VfWords = Pick<Extract<DestinationSettings, { action: 'vf' }>, 'parent' | 'vf'>;

/** The journal has a number for what to go back to. */
const ENABLED = 1;

/**
 * Linux: a virtual function of an SR-IOV card, by its link state: down is `disable`, which takes the carrier of the guest that has
 * the function. Up is the state before, or `auto`, which follows the port.
 *
 * @param undoValue what an earlier process found
 */
export function vfDestination(
  netif: Pick<NetIf, 'vfLinkState' | 'setVfLinkState'>,
  { parent, vf }: VfWords,
  undoValue?: number,
): DestinationDriver {
  let wasEnabled = undoValue === ENABLED;

  return {
    needsUndo: true,
    read: () => orMissing(() => (netif.vfLinkState(parent, vf) === 'disable' ? 'down' : 'up')),
    set(to, before) {
      const now = netif.vfLinkState(parent, vf);
      if ((now === 'disable') === (to === 'down')) {
        return { changed: false, is: to };
      }
      if (to === 'down') {
        wasEnabled = now === 'enable';
        const undo = { undoValue: wasEnabled ? ENABLED : 0 };
        before?.(undo);
        netif.setVfLinkState(parent, vf, 'disable');
        return { changed: true, is: to, ...undo };
      }
      before?.();
      netif.setVfLinkState(parent, vf, wasEnabled ? 'enable' : 'auto');
      return { changed: true, is: to };
    },
  };
}
