import { once } from 'node:events';
import { SystemError } from '@ifdepd/libc';
import { scriptedLibc } from '@ifdepd/libc/testing';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type LinkEvent, type LinkWatch, watchLinks } from '../src/index.ts';
import { processLoop } from '../src/reading-loop.ts';
import {
  bytes,
  done,
  linkRecord,
  newLink,
  type ScriptedBackend,
  scriptedBackend,
} from '../src/testing/index.ts';

const eth0 = { index: 2, name: 'eth0' };
const down = { ...eth0, carrier: false };
const up = { ...eth0, carrier: true };

let system: ScriptedBackend;
let watch: LinkWatch;
let events: LinkEvent[];
const note = (event: LinkEvent) => void events.push(event);

beforeEach(() => {
  system = scriptedBackend([{ index: 1, name: 'lo' }, eth0]);
  watch = watchLinks({ backend: system });
  events = [];
});

afterEach(() => {
  watch.close();
});

const types = () => events.map(({ type }) => type);

test('watchLinks returns with all links', () => {
  expect([...watch.links.keys()]).toEqual(['lo', 'eth0']);
  expect(watch.links.get('eth0')).toEqual(linkRecord(eth0));
  expect(watch.counters).toEqual({
    messages: 3,
    skipped: 0,
    snapshots: 1,
    overruns: 0,
    interrupted: 0,
    refused: 0,
    foreign: 0,
    truncated: 0,
    bad: 0,
  });
  expect([watch.backend, watch.backendReason]).toEqual(['rtnetlink', null]);
});

test('lookUp finds an alternative name', () => {
  system.set({ ...eth0, altNames: ['wan'] });
  expect([watch.lookUp('wan')?.name, watch.lookUp('eth0')?.name, watch.lookUp('x')]).toEqual([
    'eth0',
    'eth0',
    undefined,
  ]);
});

describe('subscribe', () => {
  test('subscribe reports the snapshot before it returns, then events as they are read', () => {
    watch.subscribe(note);
    expect(events).toEqual([{ type: 'snapshot', cause: 'start', links: [...watch.links.values()] }]);
    system.set(down);
    expect(events[1]).toEqual({ type: 'changed', link: linkRecord(down), was: linkRecord(eth0) });
  });

  test('the table has changed before the event is reported', () => {
    const seen: (boolean | null | undefined)[] = [];
    watch.subscribe(() => seen.push(watch.links.get('eth0')?.carrier));
    system.set(down);
    expect(seen).toEqual([true, false]);
  });

  test('a listener gets no event before the snapshot of a slow list', () => {
    const slow = scriptedBackend([eth0]);
    slow.answer('silence');
    using late = watchLinks({ backend: slow });
    late.subscribe(note);
    slow.set(down);
    expect([events, late.links.size]).toEqual([[], 1]);
    const header = { sequence: slow.requests, multi: true };
    slow.deliver(bytes(newLink(linkRecord({ index: 1, name: 'lo' }), header), done(header)));
    expect(events).toMatchObject([
      { type: 'snapshot', cause: 'start', links: [{ name: 'eth0' }, { name: 'lo' }] },
    ]);
    late.subscribe(note);
    expect(events).toHaveLength(2);
  });

  test('a disposed listener gets no more events, not even the current one', () => {
    const second = { subscription: undefined as Disposable | undefined };
    watch.subscribe((event) => {
      if (event.type === 'changed') {
        second.subscription?.[Symbol.dispose]();
      }
    });
    second.subscription = watch.subscribe(note);
    system.set(down);
    expect(types()).toEqual(['snapshot']);
  });

  test('a listener that is disposed leaves the others', () => {
    watch.subscribe(note);
    watch.subscribe(note)[Symbol.dispose]();
    watch.subscribe(note);
    events.length = 0;
    system.set(down);
    expect(types()).toEqual(['changed', 'changed']);
  });

  test('a listener that subscribes during an event gets a snapshot with it, and not the event', () => {
    let subscribed = false;
    watch.subscribe((event) => {
      if (event.type === 'changed' && !subscribed) {
        subscribed = true;
        watch.subscribe(note);
      }
    });
    system.set(down);
    expect(types()).toEqual(['snapshot']);
    system.set(up);
    expect(types()).toEqual(['snapshot', 'changed']);
  });

  test('subscribe after close reports nothing', () => {
    watch.close();
    watch.subscribe(note);
    watch.resync();
    expect([events, system.requests]).toEqual([[], 1]);
  });
});

describe('settled', () => {
  const settled = () => void events.push({ type: 'snapshot', cause: 'periodic', links: [] });

  test('settled is called after the snapshot, and once after all messages of a read', () => {
    watch.subscribe(note, settled);
    expect(events.map((event) => event.type === 'snapshot' && event.cause)).toEqual(['start', 'periodic']);
    events.length = 0;
    system.batch(() => {
      system.set(down);
      system.set(up);
    });
    expect(types()).toEqual(['changed', 'changed', 'snapshot']);
  });

  test('settled is not called when there were no events', () => {
    watch.subscribe(note, settled);
    events.length = 0;
    system.deliver(bytes(newLink(linkRecord(eth0))));
    expect(events).toEqual([]);
  });

  test('settled is called after the list that follows a loss', () => {
    watch.subscribe(note, settled);
    events.length = 0;
    system.lose(() => system.set(down));
    expect(events).toMatchObject([{ cause: 'overrun' }, { cause: 'periodic' }]);
  });

  test('settled of a disposed listener is not called', () => {
    const other = watch.subscribe(note, settled);
    watch.subscribe((event) => {
      if (event.type === 'changed') {
        other[Symbol.dispose]();
      }
    });
    events.length = 0;
    system.set(down);
    expect(types()).toEqual(['changed']);
  });

  test('settled waits for the end of 25,000 messages however slow the machine is', async () => {
    const { uptime } = process;
    let now = uptime();
    // A second passes whenever the reader looks at the clock.
    process.uptime = () => ++now;
    try {
      let left = 0;
      const queue: typeof system = {
        ...system,
        receive() {
          left -= 1;
          return left < 0 ? system.receive() : bytes(newLink(linkRecord(left % 2 === 0 ? up : down)));
        },
      };
      const seen: boolean[] = [];
      using slow = watchLinks({ backend: queue });
      slow.subscribe(note, () => seen.push(slow.lookUp('eth0')?.carrier === true));
      seen.length = 0;
      left = 25_000;
      expect(slow.catchUp()).toBe(false);
      await vi.waitFor(() => expect(seen.length).toBeGreaterThan(0), { timeout: 20_000 });
      expect(seen).toEqual([true]);
      expect(slow.behind).toBe(false);
    } finally {
      process.uptime = uptime;
    }
  });

  test('the event loop runs while messages keep coming, and settled is called in time', async () => {
    let left = Number.POSITIVE_INFINITY;
    let at = true;
    const endless: typeof system = {
      ...system,
      receive() {
        if (--left < 0) {
          return { type: 'nothing' };
        }
        at = !at;
        return left === Number.POSITIVE_INFINITY && busy
          ? bytes(newLink(linkRecord(at ? up : down)))
          : system.receive();
      },
    };
    let busy = false;
    let calls = 0;
    using storm = watchLinks({ backend: endless });
    storm.subscribe(note, () => {
      calls += 1;
    });
    calls = 0;
    busy = true;
    expect(storm.behind).toBe(false);
    expect(storm.catchUp()).toBe(false);
    await vi.waitFor(() => expect(calls).toBeGreaterThan(0), { timeout: 20_000 });
    // Called because it was long enough, not because all was read.
    expect(storm.behind).toBe(true);
    left = 0;
    await vi.waitFor(() => expect(storm.behind).toBe(false), { timeout: 20_000 });
  });
});

describe('catchUp', () => {
  test('catchUp reads messages before the event loop would', () => {
    watch.subscribe(note);
    events.length = 0;
    const silent = scriptedBackend([eth0]);
    using other = watchLinks({
      backend: { ...silent, onReadable: () => ({ [Symbol.dispose]: () => undefined }) },
    });
    other.subscribe(note);
    events.length = 0;
    silent.set(down);
    expect(events).toEqual([]);
    expect(other.catchUp()).toBe(true);
    expect(types()).toEqual(['changed']);
    expect(other.catchUp()).toBe(true);
  });

  test('catchUp does nothing within a listener', () => {
    const answers: boolean[] = [];
    watch.subscribe(() => answers.push(watch.catchUp()));
    system.set(down);
    expect(answers).toEqual([true, false]);
  });

  test('catchUp after close reads nothing', () => {
    watch.close();
    expect(watch.catchUp()).toBe(true);
  });
});

describe('a listener that throws', () => {
  const uncaught: unknown[] = [];
  const catchIt = (error: unknown) => void uncaught.push(error);
  let others: NodeJS.UncaughtExceptionListener[];

  beforeEach(() => {
    uncaught.length = 0;
    others = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.on('uncaughtException', catchIt);
  });

  afterEach(() => {
    process.removeAllListeners('uncaughtException');
    for (const other of others) {
      process.on('uncaughtException', other);
    }
  });

  test('an exception of a listener stops no other listener and is uncaught', async () => {
    const error = new Error('thrown by a listener');
    watch.subscribe((event) => {
      if (event.type !== 'snapshot') {
        throw error;
      }
    });
    watch.subscribe(note);
    system.batch(() => {
      system.set(down);
      system.set(up);
    });
    expect(types()).toEqual(['snapshot', 'changed', 'changed']);
    expect(watch.links.get('eth0')?.carrier).toBe(true);
    expect(uncaught).toEqual([]);
    await vi.waitFor(() => expect(uncaught).toEqual([error, error]));
  });

  test('an exception of settled stops no other listener and is uncaught', async () => {
    const error = new Error('thrown by settled');
    let calls = 0;
    watch.subscribe(note, () => {
      throw error;
    });
    watch.subscribe(note, () => {
      calls += 1;
    });
    system.set(down);
    expect([calls, uncaught]).toEqual([2, []]);
    await vi.waitFor(() => expect(uncaught).toEqual([error, error]));
  });
});

describe('resync', () => {
  test('resync reports its snapshot before it returns', () => {
    watch.subscribe(note);
    watch.resync();
    expect(events[1]).toEqual({ type: 'snapshot', cause: 'requested', links: [...watch.links.values()] });
  });

  test('resync within a listener follows the messages being read', () => {
    watch.subscribe((event) => {
      note(event);
      if (event.type === 'changed' && system.requests === 1) {
        watch.resync();
      }
    });
    system.deliver(bytes(newLink(linkRecord(down)), newLink(linkRecord(up))));
    expect(types()).toEqual(['snapshot', 'changed', 'changed', 'snapshot']);
  });

  test('resync during a list requests the next list after it', () => {
    system.answer('silence');
    watch.resync();
    watch.resync();
    expect(system.requests).toBe(2);
    system.answer('list');
    watch.subscribe(note);
    system.deliver(bytes(done({ sequence: 2, multi: true })));
    expect(system.requests).toBe(3);
    expect(events.map((event) => event.type === 'snapshot' && event.links.length)).toEqual([2, 0, 2]);
  });
});

describe('losses', () => {
  test('an overrun is followed by all queued messages, then one list', () => {
    watch.subscribe(note);
    system.lose(() => system.remove(2));
    expect(events[1]).toMatchObject({ type: 'snapshot', cause: 'overrun', links: [{ name: 'lo' }] });
    expect([watch.counters.overruns, system.requests]).toEqual([1, 2]);
  });

  test('queued messages are reported before the list after an overrun is requested', () => {
    watch.subscribe(note);
    system.deliver({ type: 'overrun' }, bytes(newLink(linkRecord(down))));
    expect(types()).toEqual(['snapshot', 'changed', 'snapshot']);
    expect(watch.links.get('eth0')?.carrier).toBe(true);
  });
});

test('a watch with a loop of its own requests a list that hangs again when the timer of that loop is due', () => {
  const timers: { readonly callback: () => void; readonly ms: number }[] = [];
  const loop = {
    now: () => 0,
    setTimer(callback: () => void, ms: number) {
      timers.push({ callback, ms });
      return {};
    },
    clearTimer: () => {},
    defer: () => ({}),
    cancel: () => {},
  };
  using other = watchLinks({ backend: system, loop });
  system.answer('silence');
  other.resync();
  const asked = system.requests;
  system.answer('list');
  timers.at(-1)?.callback();
  expect([timers.at(-1)?.ms, system.requests - asked]).toEqual([1000, 1]);
});

describe('lists that fail', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  test('after three failed lists in a row, the next request waits, with a delay that doubles up to a second', () => {
    watch.subscribe(note);
    system.answer(105);
    watch.resync();
    const asked = () => system.requests - 1;
    expect(asked()).toBe(3);
    const pauses = [10, 20, 40, 80, 160, 320, 640, 1000, 1000];
    for (const [at, pause] of pauses.entries()) {
      vi.advanceTimersByTime(pause - 1);
      expect(asked()).toBe(3 + at);
      vi.advanceTimersByTime(1);
      expect(asked()).toBe(4 + at);
    }
    system.set(down);
    expect(types()).toEqual(['snapshot', 'changed']);
    system.answer('list');
    vi.advanceTimersByTime(1000);
    expect(types()).toEqual(['snapshot', 'changed', 'snapshot']);
    expect(watch.counters.refused).toBe(12);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('other messages do not delay the next request after failed lists', () => {
    system.answer(105);
    watch.resync();
    expect(system.requests).toBe(4);
    vi.advanceTimersByTime(9);
    system.set(down);
    vi.advanceTimersByTime(1);
    expect(system.requests).toBe(5);
  });

  test('resync requests a list at once during the delay after failed lists', () => {
    system.answer(105);
    watch.resync();
    system.answer('list');
    watch.subscribe(note);
    watch.resync();
    expect(types()).toEqual(['snapshot', 'snapshot']);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('a list that hangs is requested again after a second', () => {
    system.answer('silence');
    watch.resync();
    expect(system.requests).toBe(2);
    vi.advanceTimersByTime(999);
    expect(system.requests).toBe(2);
    system.answer('list');
    watch.subscribe(note);
    vi.advanceTimersByTime(1);
    expect(system.requests).toBe(3);
    expect(types()).toEqual(['snapshot', 'snapshot']);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('close stops every timer', () => {
    system.answer('silence');
    watch.resync();
    expect(vi.getTimerCount()).toBe(1);
    watch.close();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('the end of a watch', () => {
  test('close disposes the backend once, and the last known links stay', () => {
    expect(system.disposed).toBe(false);
    watch.close();
    watch[Symbol.dispose]();
    expect(system.disposed).toBe(true);
    expect(watch.links.size).toBe(2);
  });

  test('a watch that a listener closes reports nothing more', () => {
    watch.subscribe((event) => {
      note(event);
      if (event.type === 'changed') {
        watch.close();
      }
    });
    system.batch(() => {
      system.set(down);
      system.set(up);
    });
    expect(types()).toEqual(['snapshot', 'changed']);
  });

  test('watchLinks throws the reason of a signal that is already aborted', () => {
    const reason = new Error('too late');
    expect(() => watchLinks({ backend: system, signal: AbortSignal.abort(reason) })).toThrow(reason);
  });

  test('an aborted signal closes the watch', () => {
    const controller = new AbortController();
    const other = scriptedBackend();
    watchLinks({ backend: other, signal: controller.signal });
    controller.abort();
    expect(other.disposed).toBe(true);
  });

  test('a closed watch leaves no listener on its signal', async () => {
    const controller = new AbortController();
    const remove = vi.spyOn(controller.signal, 'removeEventListener');
    watchLinks({ backend: scriptedBackend(), signal: controller.signal }).close();
    expect(remove).toHaveBeenCalledOnce();
    const aborted = once(controller.signal, 'abort');
    controller.abort();
    await aborted;
  });
});

describe('a refused start', () => {
  test('watchLinks throws when a backend of the caller refuses the list', () => {
    const refusing = scriptedBackend();
    refusing.answer(1);
    expect(() => watchLinks({ backend: refusing })).toThrow(
      expect.objectContaining({
        name: SystemError.name,
        message: 'links: operation not permitted (list of links: EPERM)',
      }),
    );
    expect(refusing.disposed).toBe(true);
  });

  test('watchLinks throws when descriptors run out, and does not poll', () => {
    const EMFILE = 24;
    const libc = scriptedLibc({ socket: () => -EMFILE });
    expect(() => watchLinks({ libc })).toThrow('rtnetlink socket: too many open files (socket: EMFILE)');
  });
});

describe('wrong numbers in the options', () => {
  test.each(['receiveBufferBytes', 'queueLimit', 'pollIntervalMs'])('%s', (name) => {
    for (const value of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31]) {
      expect(() => watchLinks({ backend: system, [name]: value })).toThrow(
        new RangeError(`watchLinks: ${name} must be a whole number from 1 to 2147483647, not ${value}`),
      );
    }
  });
});

test('a turn that reads datagrams of 32 KiB ends by the clock after 5 ms, however few they are', () => {
  const links = Array.from({ length: 400 }, (_, at) =>
    newLink(linkRecord({ index: at + 1, name: `eth${at}` })),
  );
  const part = bytes(...links);
  const backend = scriptedBackend();
  let isEndless = false;
  let ms = 0;
  const receive = () => {
    if (!isEndless) {
      return backend.receive();
    }
    ms += 1;
    return part;
  };
  using reading = watchLinks({ backend: { ...backend, receive }, loop: { ...processLoop, now: () => ms } });
  isEndless = true;
  expect(reading.catchUp()).toBe(false);
  // Two until the first look at the clock, then 5 ms, and a look after each second one.
  expect(ms).toBe(8);
});
