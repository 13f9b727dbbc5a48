import { SystemError, targetOf } from '@ifdepd/libc';
import { describe, expect, test } from 'vitest';
import type { Received } from '../src/backends/backend.ts';
import { type WatchLinksOptions, watchLinks } from '../src/index.ts';
import { bytes, linkRecord, newLink, scriptedBackend } from '../src/testing/index.ts';

const OVERRUN: Received = { type: 'overrun' };
const EBADF = 9;

const unreadable = (): Received => {
  throw new SystemError(targetOf('linux'), EBADF, 'recvfrom', 'socket');
};

/** Something that waits, and whether it keeps the process alive. */
class Waiting {
  readonly callback: () => void;
  readonly isReadable: boolean;
  holds = true;
  ends = false;

  constructor(callback: () => void, isReadable: boolean) {
    this.callback = callback;
    this.isReadable = isReadable;
  }

  ref(): void {
    this.holds = true;
  }

  unref(): void {
    this.holds = false;
  }

  [Symbol.dispose](): void {
    this.ends = true;
  }
}

/** A watch of so many links, by a clock of its own: `passing` milliseconds pass with each look at it. */
function scripted(links = 1, passing = 1, options: WatchLinksOptions = {}, first?: () => Received) {
  const system = scriptedBackend(
    Array.from({ length: links }, (_, at) => ({ index: at + 1, name: `eth${at}` })),
  );
  const waiting: Waiting[] = [];
  const wait = (callback: () => void, isReadable = false) => {
    const one = new Waiting(callback, isReadable);
    waiting.push(one);
    return one;
  };
  const waitOnce = (callback: () => void) => {
    const one = wait(() => {
      one.ends = true;
      callback();
    });
    return one;
  };
  const end = (one: object | undefined) => {
    if (one instanceof Waiting) {
      one.ends = true;
    }
  };
  let receive = first ?? system.receive;
  let reads = 0;
  let ms = 0;
  const watch = watchLinks({
    ...options,
    backend: {
      ...system,
      receive() {
        reads += 1;
        return receive();
      },
      onReadable: (callback) => wait(callback, true),
    },
    loop: {
      now() {
        ms += passing;
        return ms;
      },
      setTimer: waitOnce,
      clearTimer: end,
      defer: waitOnce,
      cancel: end,
    },
  });
  return {
    system,
    watch,
    /** Of all that waits: whether it keeps the process alive. */
    get held() {
      return waiting.flatMap(({ ends, holds }) => (ends ? [] : [holds]));
    },
    /** The descriptor is readable. */
    wake() {
      waiting.find(({ ends, isReadable }) => isReadable && !ends)?.callback();
    },
    /** All that waits is due. */
    turn() {
      for (const { ends, callback } of [...waiting]) {
        if (!ends) {
          callback();
        }
      }
    },
    get reads() {
      return reads;
    },
    receiveBy(other: () => Received) {
      receive = other;
    },
  };
}

describe.each<[string, (watched: ReturnType<typeof scripted>) => void]>([
  ['for messages', () => {}],
  [
    'for a list that hangs',
    ({ system, watch }) => {
      system.answer('silence');
      watch.resync();
    },
  ],
  [
    'for its turn to read the rest',
    ({ receiveBy, watch }) => {
      receiveBy(() => bytes(newLink(linkRecord({ index: 1, name: 'eth0' }))));
      watch.catchUp();
    },
  ],
  [
    'until a broken socket may be read again',
    ({ receiveBy, watch }) => {
      receiveBy(unreadable);
      watch.catchUp();
    },
  ],
])('a watch that waits %s', (_for, begin) => {
  test('a watch keeps the process alive by what it waits for, until it is unreferenced', () => {
    const watched = begun();
    expect(watched.held).not.toContain(false);
    watched.watch.unref();
    expect(watched.held).not.toContain(true);
  });

  test('a watch that was unreferenced before it waits keeps no process alive, until it is referenced', () => {
    const watched = scripted();
    watched.watch.unref();
    begin(watched);
    expect(watched.held).not.toContain(true);
    watched.watch.ref();
    expect(watched.held).not.toContain(false);
  });

  test('a watch that is closed waits for nothing more', () => {
    const watched = begun();
    expect(watched.held).not.toEqual([]);
    watched.watch.close();
    expect(watched.held).toEqual([]);
  });

  function begun() {
    const watched = scripted();
    begin(watched);
    return watched;
  }
});

describe('a first list that takes longer than one turn', () => {
  test('a long first list is complete when watchLinks returns', () => {
    const { watch } = scripted(1000);
    expect([watch.links.size, watch.behind]).toEqual([1000, false]);
  });

  test('a long first list that is not waited for is read in later turns', () => {
    const { watch, wake } = scripted(1000, 1, { waitForList: false });
    expect([watch.links.size, watch.behind]).toEqual([0, true]);
    for (let round = 0; watch.behind && round < 100; round += 1) {
      wake();
    }
    expect(watch.links.size).toBe(1000);
  });

  test('a first list is not waited for beyond two seconds', () => {
    const { watch } = scripted(1000, 500);
    expect([watch.links.size, watch.behind]).toEqual([0, true]);
  });
});

describe('a socket that fails', () => {
  test('a socket of which each read is a loss is read 101 times, and then not before a pause is over', () => {
    const watched = scripted();
    const before = watched.reads;
    watched.receiveBy(() => OVERRUN);
    expect(watched.watch.catchUp()).toBe(true);
    expect(watched.reads - before).toBe(101);
    watched.watch.resync();
    expect(watched.watch.catchUp()).toBe(true);
    expect(watched.reads - before).toBe(101);
    watched.receiveBy(watched.system.receive);
    watched.turn();
    expect(watched.reads - before).toBeGreaterThan(101);
  });

  test('a socket is read on when a message comes between losses', () => {
    const watched = scripted();
    let left = 400;
    watched.receiveBy(() => {
      left -= 1;
      return left < 0
        ? watched.system.receive()
        : left % 100 === 0
          ? bytes(newLink(linkRecord({ index: 1, name: 'eth0' })))
          : OVERRUN;
    });
    for (let round = 0; left >= 0 && round < 100; round += 1) {
      watched.watch.catchUp();
    }
    expect(left).toBeLessThan(0);
  });

  test('a socket that loses something behind each list is listed 100 times, and then not before a pause is over', () => {
    // Its clock stands still: no budget of time ends the reading.
    const watched = scripted(1, 0);
    let wasLoss = false;
    watched.receiveBy(() => {
      const received = watched.system.receive();
      wasLoss = received.type === 'nothing' && !wasLoss;
      return wasLoss ? OVERRUN : received;
    });
    expect(watched.watch.catchUp()).toBe(true);
    const { reads } = watched;
    expect(watched.watch.counters.snapshots).toBe(101);
    watched.watch.resync();
    expect(watched.reads).toBe(reads);
    watched.receiveBy(watched.system.receive);
    watched.turn();
    expect(watched.reads).toBeGreaterThan(reads);
  });

  test('an error of a backend that is not of the system is thrown to the caller', () => {
    const watched = scripted();
    const error = new Error('a fault of the backend');
    watched.receiveBy(() => {
      throw error;
    });
    expect(() => watched.watch.catchUp()).toThrow(error);
  });

  test('a socket of which each read is a loss from the start is read 101 times, and again when a pause is over', () => {
    const watched = scripted(1, 1, {}, () => OVERRUN);
    expect([watched.reads, watched.watch.links.size]).toEqual([101, 0]);
    watched.receiveBy(watched.system.receive);
    watched.turn();
    expect([watched.watch.links.size, watched.held]).toEqual([1, [true]]);
  });

  test('a socket that fails by the first wake-up after a pause begins one pause', () => {
    const watched = scripted();
    watched.receiveBy(unreadable);
    watched.watch.catchUp();
    const { length } = watched.held;
    watched.receiveBy(() => ({ type: 'nothing' }));
    watched.turn();
    watched.receiveBy(unreadable);
    watched.wake();
    expect(watched.held).toHaveLength(length);
  });

  test('a watch does not start on a socket that cannot be read', () => {
    const system = scriptedBackend();
    expect(() => watchLinks({ backend: { ...system, receive: unreadable } })).toThrow(SystemError);
    expect(system.disposed).toBe(true);
  });
});
