import { expect, test } from 'vitest';
import { catchUp } from '../../src/daemon/link-events.ts';
import { PendingLosses } from '../../src/engine/pending-losses.ts';

/**
 * Catches up after the kernel has acted on the loss of em0.
 *
 * @param all whether the queue is read to its end
 * @param reportedBy the loss is reported by the messages (0), by the first list (1), or by none
 */
function caughtUp(all: boolean, reportedBy: 0 | 1 | null) {
  let lists = 0;
  let read = false;
  const losses = new PendingLosses(() => read && reportedBy !== null && lists >= reportedBy);
  losses.add({
    to: 'down',
    sources: ['em0'],
    health: { health: 'failed', reason: 'no carrier' },
    destinations: [],
  });
  const links = {
    catchUp() {
      read = true;
      return all;
    },
    resync() {
      lists += 1;
      losses.listRead();
    },
  };
  return { result: catchUp(links, losses), lists, unread: losses.unread() };
}

test('catching up, the message of the loss is in the queue: no list is read', () => {
  expect(caughtUp(true, 0)).toEqual({ result: true, lists: 0, unread: [] });
});

test('catching up, the message was dropped and a list reports the loss: one list is read', () => {
  expect(caughtUp(true, 1)).toEqual({ result: true, lists: 1, unread: [] });
});

test('catching up, the message was dropped and the source is back: the second list is believed', () => {
  expect(caughtUp(true, null)).toEqual({ result: true, lists: 2, unread: [] });
});

test('catching up, the queue is not read to its end: no list is read, the loss stays unread', () => {
  expect(caughtUp(false, null)).toEqual({ result: false, lists: 0, unread: ['em0'] });
});
