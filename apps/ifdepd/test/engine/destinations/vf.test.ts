import { SystemError, targetOf } from '@ifdepd/libc';
import type { VfLinkState } from '@ifdepd/netif';
import { expect, test } from 'vitest';
import { parseSettings } from '../../../src/config/parse-settings.ts';
import { vfDestination } from '../../../src/engine/destinations/vf.ts';

/** A card whose function 3 has this link state; null: it has no such function. */
function card(state: VfLinkState | null) {
  const target = targetOf('linux');
  const held = { state, writes: [] as string[] };
  const netif = {
    vfLinkState() {
      if (held.state === null) {
        throw new SystemError(target, target.errnoOf.ENODEV, 'RTM_GETLINK', 'eth0/3');
      }
      return held.state;
    },
    setVfLinkState(name: string, vf: number, to: VfLinkState) {
      const before = netif.vfLinkState();
      held.writes.push(`${name}/${vf} ${to}`);
      held.state = to;
      return { changed: true, before };
    },
  };
  const driver = (undoValue?: number) => vfDestination(netif, { parent: 'eth0', vf: 3 }, undoValue);
  return { held, driver };
}

test.each(['auto', 'enable'] as const)(
  'a virtual function that was %s is so again when it is set up',
  (state) => {
    const { held, driver } = card(state);
    const vf = driver();
    const announced: unknown[] = [];
    expect(vf.read()).toBe('up');
    const { undoValue, ...setting } = vf.set('down', (undo) => announced.push(undo, held.state));
    expect(setting).toEqual({ changed: true, is: 'down' });
    expect([vf.read(), held.state, announced]).toEqual(['down', 'disable', [{ undoValue }, state]]);
    expect(vf.set('down')).toEqual({ changed: false, is: 'down' });
    // The next process has the journal alone.
    expect(driver(undoValue).set('up')).toEqual({ changed: true, is: 'up' });
    expect([held.state, held.writes]).toEqual([state, ['eth0/3 disable', `eth0/3 ${state}`]]);
  },
);

test('a virtual function that another program disabled follows the port when it is set up', () => {
  const { held, driver } = card('disable');
  expect(driver().read()).toBe('down');
  driver().set('up');
  expect(held.state).toBe('auto');
});

test('a virtual function is set down where nobody has to know beforehand', () => {
  const { held, driver } = card('auto');
  driver().set('down');
  expect(held.state).toBe('disable');
});

test('a virtual function that the card does not have is missing', () => {
  const { driver } = card(null);
  expect(driver().read()).toBe('missing');
  expect(() => driver().set('down')).toThrow(expect.objectContaining({ kind: 'not-found' }));
});

test('a file names a virtual function by its card and number', () => {
  const { destinations } = parseSettings(
    'groups: {g: {sources: [eth1], destinations: {vf: eth0/3}}}',
    'x.conf',
  );
  expect([...destinations.values()]).toEqual([
    { id: 'vf:eth0/3', action: 'vf', parent: 'eth0', vf: 3, onExit: 'leave' },
  ]);
});
