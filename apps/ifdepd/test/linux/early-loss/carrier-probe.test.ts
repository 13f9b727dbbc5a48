import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { EarlyLossMode } from '../../../src/config/settings.ts';
import { type CarrierProbeOptions, carrierProbe } from '../../../src/linux/early-loss/carrier-probe.ts';
import { realLoop } from '../../../src/system/loop.ts';

/** A sensor whose events are made by hand. */
function handSensor() {
  let waiting: (() => void) | null = null;
  let events = 0;
  return {
    get armed() {
      return waiting !== null;
    },
    arm(callback: () => void) {
      waiting = callback;
      wake();
    },
    drain() {
      const found = events > 0;
      events = 0;
      return found;
    },
    /** An event of an interface that nobody watches. */
    event() {
      events += 1;
      wake();
    },
    [Symbol.dispose]: () => undefined,
  };

  function wake(): void {
    const callback = events > 0 ? waiting : null;
    if (callback !== null) {
      waiting = null;
      callback();
    }
  }
}

/** A driver and a kernel whose words can be set apart. */
function world(mode: EarlyLossMode, { counters = false, questionMs = 0, followedSources = 1 } = {}) {
  const sensor = handSensor();
  const carrier = new Map<string, boolean | null | 'refused'>([['em0', true]]);
  const reported = new Map<string, boolean>([['em0', true]]);
  const changes: string[] = [];
  /** Sources whose carrier has moved since it was looked at; null where nothing counts. */
  const counted = counters ? new Set<string>() : null;
  const followed: (readonly string[])[] = [];
  /** Sources whose driver was asked, in order. */
  const asked: string[] = [];
  /** Sources whose counter was looked at, in order. */
  const looked: string[] = [];
  let sources: Iterable<string>;
  /** How often the health of a source was asked for. */
  let questions = 0;
  let behind = false;
  const replaceSources = () => {
    sources = { [Symbol.iterator]: () => reported.keys() };
  };
  replaceSources();
  const options: CarrierProbeOptions = {
    mode,
    sensor,
    sources: () => sources,
    isActive: (name) => {
      questions += 1;
      return reported.get(name) === true;
    },
    counts: {
      size: followedSources,
      follow: (names) => followed.push(names),
      followMore: () => {},
      isStill: (name) => {
        looked.push(name);
        return counted?.has(name) === false;
      },
      moved: (name) => counted === null || counted.delete(name),
      counts: () => counted !== null,
    },
    read: (name) => {
      asked.push(name);
      if (questionMs > 0) {
        vi.setSystemTime(Date.now() + questionMs);
      }
      const active = carrier.get(name) ?? null;
      return active === null || active === 'refused' ? active : { valid: true, active };
    },
    isBehind: () => behind,
    believe: (name, health) => changes.push(`${name} ${health === null ? 'found' : 'lost'}`),
  };
  const subject = carrierProbe(options, { ...realLoop, now: () => Date.now() });
  return {
    carrier,
    reported,
    changes,
    subject,
    sensor,
    counted,
    followed,
    asked,
    looked,
    replaceSources,
    questions: () => questions,
    setBehind: (now: boolean) => {
      behind = now;
    },
  };
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setImmediate', 'clearImmediate', 'Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('auto', () => {
  test('auto, no event: no driver is asked', () => {
    const { subject } = world('auto');
    vi.advanceTimersByTime(60_000);
    expect(subject).toMatchObject({ reads: 0, running: false });
  });

  test('auto, an event: drivers are asked every 10 ms for 2.1 s, then no more', () => {
    const { subject } = world('auto');
    subject.heard();
    vi.advanceTimersByTime(2095);
    expect(subject).toMatchObject({ reads: 209, running: true });
    vi.advanceTimersByTime(10_000);
    expect(subject).toMatchObject({ reads: 210, running: false });
  });

  test('auto, an action of the daemon: drivers are asked for 2.1 s', () => {
    const { subject } = world('auto');
    subject.heard();
    vi.advanceTimersByTime(60_000);
    subject.acted();
    vi.advanceTimersByTime(60_000);
    expect(subject).toMatchObject({ reads: 420, running: false });
  });

  test('auto, an event of an unwatched interface: a look every 40 ms', () => {
    const { subject, sensor } = world('auto');
    sensor.event();
    expect(sensor.armed).toBe(false);
    vi.advanceTimersByTime(2095);
    expect(subject).toMatchObject({ reads: 52, running: true });
    vi.advanceTimersByTime(10_000);
    expect(subject).toMatchObject({ reads: 53, running: false });
    expect(sensor.armed).toBe(true);
    sensor.event();
    expect(subject.running).toBe(true);
  });

  test('auto, 1,200 sources: a look every 30 ms after an event', () => {
    const { subject } = world('auto', { followedSources: 1200 });
    subject.heard();
    vi.advanceTimersByTime(305);
    expect(subject.looks).toBe(10);
  });

  test('auto, 200 sources: it rests after the window, although each look takes several turns of the event loop', () => {
    const { subject, sensor, reported, looked } = world('auto', { counters: true });
    for (let more = 0; more < 200; more += 1) {
      reported.set(`s${more}`, true);
    }
    subject.heard();
    vi.advanceTimersByTime(2200);
    expect(subject.running).toBe(false);
    expect(sensor.armed).toBe(true);
    expect(looked.length).toBeGreaterThan(200 * 201);
    const { looks } = subject;
    vi.advanceTimersByTime(10_000);
    expect(subject.looks).toBe(looks);
  });

  test('auto, 200 sources, a loss that a late turn of the last look finds: it goes on looking', () => {
    const { subject, reported, counted, carrier, changes } = world('auto', { counters: true });
    for (let more = 0; more < 200; more += 1) {
      reported.set(`s${more}`, true);
      carrier.set(`s${more}`, true);
    }
    subject.heard();
    vi.advanceTimersByTime(2095);
    carrier.set('s199', false);
    counted?.add('s199');
    vi.advanceTimersByTime(10);
    expect(changes).toEqual(['s199 lost']);
    vi.advanceTimersByTime(1000);
    expect(subject.running).toBe(true);
    reported.set('s199', false);
    subject.heard();
    vi.advanceTimersByTime(3000);
    expect(subject.running).toBe(false);
  });

  test('auto, a storm of other interfaces: only the looks wake the probe, and they end at most two windows after it', () => {
    const { subject, sensor } = world('auto');
    for (let storm = 0; storm < 1000; storm += 1) {
      sensor.event();
      vi.advanceTimersByTime(5);
      expect(sensor.armed).toBe(false);
    }
    expect(subject.looks).toBe(125);
    vi.advanceTimersByTime(4240);
    expect(subject.running).toBe(false);
    expect(sensor.armed).toBe(true);
  });

  test('auto, an event of a watched interface in a storm: a look every 10 ms for 2.1 s, then every 40 ms', () => {
    const { subject, sensor } = world('auto');
    const storm = (ms: number) => {
      const { looks } = subject;
      for (let passed = 0; passed < ms; passed += 5) {
        sensor.event();
        vi.advanceTimersByTime(5);
      }
      return subject.looks - looks;
    };
    storm(600);
    subject.heard();
    expect(storm(2100)).toBe(210);
    expect(storm(1600)).toBe(40);
    subject.acted();
    expect(storm(2100)).toBe(210);
    expect(storm(1600)).toBe(40);
  });

  test('auto, no source is an interface: no event wakes the probe, until a reload names one', () => {
    const { subject, sensor, reported, replaceSources } = world('auto');
    reported.clear();
    replaceSources();
    sensor.event();
    subject.heard();
    subject.acted();
    expect(subject.running).toBe(false);
    reported.set('em0', true);
    replaceSources();
    subject.heard();
    vi.advanceTimersByTime(2095);
    expect(subject).toMatchObject({ reads: 209, running: true });
  });

  test('auto, the only source has failed: one look, and no storm wakes the probe until the source is active again', () => {
    const { subject, sensor, reported } = world('auto');
    subject.heard();
    vi.advanceTimersByTime(100);
    reported.set('em0', false);
    subject.heard();
    subject.acted();
    const { looks } = subject;
    for (let ms = 0; ms < 5000; ms += 5) {
      sensor.event();
      vi.advanceTimersByTime(5);
    }
    expect(subject.looks - looks).toBe(1);
    expect(subject.running).toBe(false);
    reported.set('em0', true);
    subject.heard();
    vi.advanceTimersByTime(105);
    expect(subject.looks - looks).toBe(11);
  });

  test('auto, one of two sources has failed: a look every 10 ms as before', () => {
    const { subject, reported } = world('auto');
    reported.set('bge0', false);
    subject.heard();
    vi.advanceTimersByTime(1005);
    expect(subject.looks).toBe(100);
  });

  test('auto, an event during the last look of a window: another window opens', () => {
    const { subject, sensor } = world('auto');
    sensor.event();
    vi.advanceTimersByTime(2099);
    sensor.event();
    vi.advanceTimersByTime(2100);
    expect(subject).toMatchObject({ running: true });
    vi.advanceTimersByTime(41);
    expect(subject).toMatchObject({ running: false });
    expect(sensor.armed).toBe(true);
  });

  test('several sources: each driver is asked; when one source is gone, the others still are', () => {
    const { subject, carrier, reported, changes } = world('auto');
    carrier.set('bge0', true);
    reported.set('bge0', true);
    subject.heard();
    vi.advanceTimersByTime(100);
    expect(subject.reads).toBe(20);
    reported.delete('em0');
    carrier.delete('em0');
    vi.advanceTimersByTime(100);
    expect(subject.reads).toBe(30);
    carrier.set('bge0', false);
    vi.advanceTimersByTime(11);
    expect(changes).toEqual(['bge0 lost']);
  });

  test('asking the driver makes the kernel report the loss: the message is believed', () => {
    const { subject, carrier, reported, changes } = world('auto');
    subject.heard();
    carrier.set('em0', false);
    vi.advanceTimersToNextTimer();
    reported.set('em0', false);
    vi.advanceTimersByTime(2000);
    expect(changes).toEqual([]);
    expect(subject.early).toBe(1);
  });

  test('the kernel reports a loss and a recovery before the loss is confirmed: nothing is believed', () => {
    const { subject, carrier, reported, changes } = world('auto');
    subject.heard();
    carrier.set('em0', false);
    // The read, and what it makes the kernel tell, before anything else runs.
    vi.advanceTimersToNextTimer();
    reported.set('em0', false);
    subject.heard();
    carrier.set('em0', true);
    reported.set('em0', true);
    subject.heard();
    vi.advanceTimersByTime(100);
    expect(changes).toEqual([]);
  });

  test('the driver has its carrier back at the next event: the loss is no longer believed', () => {
    const { subject, carrier, changes } = world('auto');
    subject.heard();
    carrier.set('em0', false);
    vi.advanceTimersByTime(11);
    expect(changes).toEqual(['em0 lost']);
    carrier.set('em0', true);
    subject.recheck();
    expect(changes).toEqual(['em0 lost', 'em0 found']);
  });

  test('the kernel delays a loss: the driver is believed until the message comes', () => {
    const { subject, carrier, reported, changes } = world('auto');
    subject.heard();
    carrier.set('em0', false);
    vi.advanceTimersByTime(11);
    expect(changes).toEqual(['em0 lost']);
    vi.advanceTimersByTime(500);
    expect(changes).toEqual(['em0 lost']);
    reported.set('em0', false);
    vi.advanceTimersByTime(20);
    expect(changes).toEqual(['em0 lost', 'em0 found']);
  });

  test('the carrier returns before the kernel has reported its loss: the loss is no longer believed', () => {
    const { subject, carrier, changes } = world('auto');
    subject.heard();
    carrier.set('em0', false);
    vi.advanceTimersByTime(50);
    carrier.set('em0', true);
    vi.advanceTimersByTime(50);
    expect(changes).toEqual(['em0 lost', 'em0 found']);
  });

  test('a driver contradicts the kernel for three seconds: it is no longer believed or asked', () => {
    const { subject, carrier, changes } = world('auto');
    subject.heard();
    carrier.set('em0', false);
    vi.advanceTimersByTime(60_000);
    expect(changes).toEqual(['em0 lost', 'em0 found']);
    expect(subject.running).toBe(false);
  });

  test('a driver contradicts messages that are long past, of a queue that takes minutes to read: it is believed', () => {
    const { subject, carrier, changes, setBehind } = world('auto');
    subject.heard();
    carrier.set('em0', false);
    setBehind(true);
    vi.advanceTimersByTime(60_000);
    expect(changes).toEqual(['em0 lost']);
    setBehind(false);
    vi.advanceTimersByTime(2500);
    expect(changes).toEqual(['em0 lost']);
    vi.advanceTimersByTime(1000);
    expect(changes).toEqual(['em0 lost', 'em0 found']);
  });

  test('a driver that does not answer is asked once, and again when the interface is another one', () => {
    const { subject, carrier, reported } = world('auto');
    carrier.set('em0', null);
    subject.heard();
    vi.advanceTimersByTime(500);
    expect(subject.reads).toBe(1);
    reported.set('em0', false);
    vi.advanceTimersByTime(20);
    reported.set('em0', true);
    carrier.set('em0', true);
    vi.advanceTimersByTime(100);
    expect(subject.reads).toBeGreaterThan(5);
  });

  test('a question that the system refuses once is asked again at the next look, and the loss is found', () => {
    const { subject, carrier, changes } = world('auto');
    carrier.set('em0', 'refused');
    subject.heard();
    vi.advanceTimersByTime(20);
    carrier.set('em0', false);
    vi.advanceTimersByTime(20);
    expect(changes).toEqual(['em0 lost']);
  });
});

describe('drivers that wait for the lock of the kernel', () => {
  const names = Array.from({ length: 6 }, (_, at) => `em${at}`);

  test.each([true, false])(
    'counters %s, six drivers that take 1 ms each: a look asks one, and each is asked in its turn',
    (counters) => {
      const { subject, asked, carrier, reported } = world('auto', { counters, questionMs: 1 });
      for (const name of names) {
        carrier.set(name, true);
        reported.set(name, true);
      }
      subject.heard();
      vi.advanceTimersToNextTimer();
      expect(asked).toHaveLength(1);
      for (let looks = 1; looks < names.length; looks += 1) {
        vi.advanceTimersToNextTimer();
      }
      expect(asked).toEqual(names);
    },
  );

  test('with counters, drivers wait for their turn and one counter moves: its driver is asked at the next look', () => {
    const { subject, asked, carrier, reported, counted } = world('auto', { counters: true, questionMs: 1 });
    for (const name of names) {
      carrier.set(name, true);
      reported.set(name, true);
    }
    subject.heard();
    vi.advanceTimersToNextTimer();
    counted?.add('em5');
    vi.advanceTimersToNextTimer();
    expect(asked).toEqual(['em0', 'em5', 'em1']);
  });
});

describe('where carriers are counted', () => {
  const counters = true;

  test('with counters, an open window: a look every 10 ms, a question to the driver every 250 ms', () => {
    const { subject } = world('auto', { counters });
    subject.heard();
    vi.advanceTimersByTime(2095);
    expect(subject).toMatchObject({ looks: 209, reads: 9, running: true });
    vi.advanceTimersByTime(10_000);
    expect(subject).toMatchObject({ looks: 210, reads: 9, running: false });
  });

  test('with counters, none has moved: the look asks for nothing else', () => {
    const { subject, questions, counted } = world('auto', { counters });
    subject.heard();
    vi.advanceTimersByTime(105);
    const before = questions();
    vi.advanceTimersByTime(100);
    expect({ looks: subject.looks, questions: questions() }).toEqual({ looks: 20, questions: before });
    counted?.add('em0');
    vi.advanceTimersByTime(10);
    expect(questions()).toBeGreaterThan(before);
  });

  test('with counters, 200 sources: a look divides them into turns of the event loop, and reads each once', () => {
    const { subject, looked, reported, carrier } = world('auto', { counters });
    for (let at = 1; at < 200; at += 1) {
      reported.set(`em${at}`, true);
      carrier.set(`em${at}`, true);
    }
    subject.heard();
    // The first look of a window is a sweep, which asks every driver.
    vi.advanceTimersByTime(15);
    looked.length = 0;
    vi.advanceTimersToNextTimer();
    const turns = [looked.length];
    while (looked.length < 200) {
      vi.advanceTimersToNextTimer();
      turns.push(looked.length);
    }
    expect(turns).toEqual([64, 128, 192, 200]);
    expect(looked).toEqual([...reported.keys()]);
    expect(subject.looks).toBe(2);
  });

  test('with counters, the probe is closed within a look at 200 sources: the look ends', () => {
    const { subject, looked, reported } = world('auto', { counters });
    for (let at = 1; at < 200; at += 1) {
      reported.set(`em${at}`, true);
    }
    subject.heard();
    vi.advanceTimersByTime(15);
    looked.length = 0;
    vi.advanceTimersToNextTimer();
    subject[Symbol.dispose]();
    vi.advanceTimersByTime(1000);
    expect(looked).toHaveLength(64);
  });

  test('with counters, one has moved: its driver is asked at the next look', () => {
    const { subject, carrier, changes, counted } = world('auto', { counters });
    subject.heard();
    vi.advanceTimersByTime(105);
    const { reads } = subject;
    carrier.set('em0', false);
    counted?.add('em0');
    vi.advanceTimersByTime(6);
    expect(changes).toEqual(['em0 lost']);
    // Once by the look, once before it is acted on.
    expect(subject.reads).toBe(reads + 2);
  });

  test('with counters, driver and kernel differ: the driver is asked at each look', () => {
    const { subject, carrier, changes, counted } = world('auto', { counters });
    subject.heard();
    carrier.set('em0', false);
    counted?.add('em0');
    vi.advanceTimersByTime(50);
    carrier.set('em0', true);
    vi.advanceTimersByTime(11);
    expect(changes).toEqual(['em0 lost', 'em0 found']);
  });

  test('with counters, a driver knows of a loss before it is counted: found within 250 ms', () => {
    const { subject, carrier, changes } = world('auto', { counters });
    subject.heard();
    vi.advanceTimersByTime(20);
    carrier.set('em0', false);
    vi.advanceTimersByTime(200);
    expect(changes).toEqual([]);
    vi.advanceTimersByTime(60);
    expect(changes).toEqual(['em0 lost']);
  });

  test('with counters, a window stays open: a look every 40 ms after 3.5 s, every 10 ms in the next window', () => {
    const { subject } = world('auto', { counters });
    const keepOpen = (seconds: number) => {
      for (let second = 0; second < seconds; second += 1) {
        subject.heard();
        vi.advanceTimersByTime(1000);
      }
    };
    keepOpen(4);
    const { looks } = subject;
    keepOpen(3);
    expect(subject.looks - looks).toBe(75);
    vi.advanceTimersByTime(5000);
    expect(subject.running).toBe(false);
    const { looks: before } = subject;
    keepOpen(1);
    expect(subject.looks - before).toBe(100);
    keepOpen(3);
    const { looks: again } = subject;
    keepOpen(3);
    expect(subject.looks - again).toBe(75);
  });

  test('with counters, a reload changes the sources: their counters are followed from the next look on', () => {
    const { subject, reported, followed, replaceSources } = world('auto', { counters });
    subject.heard();
    vi.advanceTimersByTime(100);
    reported.set('bge0', true);
    vi.advanceTimersByTime(100);
    expect(followed).toEqual([['em0']]);
    replaceSources();
    vi.advanceTimersByTime(100);
    expect(followed).toEqual([['em0'], ['em0', 'bge0']]);
  });

  test('with counters, a link event: the active sources are followed from the next look on', () => {
    const { subject, reported, followed } = world('auto', { counters });
    reported.set('bge0', false);
    subject.heard();
    expect(followed).toEqual([]);
    vi.advanceTimersByTime(100);
    expect(followed).toEqual([['em0']]);
    reported.set('bge0', true);
    subject.heard();
    vi.advanceTimersByTime(100);
    expect(followed).toEqual([['em0'], ['em0', 'bge0']]);
  });
});

test('off: no driver is asked', () => {
  const { subject, sensor } = world('off');
  expect(sensor.armed).toBe(false);
  subject.heard();
  subject.acted();
  vi.advanceTimersByTime(5000);
  expect(subject).toMatchObject({ reads: 0, running: false });
});

test('a period: drivers are asked all the time, until the probe is disposed', () => {
  const { subject } = world({ everyMs: 50 });
  vi.advanceTimersByTime(1010);
  expect(subject.reads).toBe(20);
  subject[Symbol.dispose]();
  vi.advanceTimersByTime(1000);
  expect(subject.reads).toBe(20);
});
