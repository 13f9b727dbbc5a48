import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { EarlyLossMode } from '../../../src/config/settings.ts';
import { type CarrierProbeOptions, carrierProbe } from '../../../src/linux/early-loss/carrier-probe.ts';

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
function world(mode: EarlyLossMode, { counters = false } = {}) {
  const sensor = handSensor();
  const carrier = new Map<string, boolean | null>([['em0', true]]);
  const told = new Map<string, boolean>([['em0', true]]);
  const changes: string[] = [];
  /** Sources whose carrier has moved since it was looked at; null where nothing counts. */
  const counted = counters ? new Set<string>() : null;
  const followed: (readonly string[])[] = [];
  let sources: Iterable<string>;
  /** How often the health of a source was asked for. */
  let questions = 0;
  const replaceSources = () => {
    sources = { [Symbol.iterator]: () => told.keys() };
  };
  replaceSources();
  const options: CarrierProbeOptions = {
    mode,
    sensor,
    sources: () => sources,
    isActive: (name) => {
      questions += 1;
      return told.get(name) === true;
    },
    counts: {
      follow: (names) => followed.push(names),
      still: () => counted?.size === 0,
      moved: (name) => counted === null || counted.delete(name),
    },
    read: (name) => {
      const active = carrier.get(name) ?? null;
      return active === null ? null : { valid: true, active };
    },
    believe: (name, health) => changes.push(`${name} ${health === null ? 'found' : 'lost'}`),
  };
  const subject = carrierProbe(options, () => Date.now());
  return {
    carrier,
    told,
    changes,
    subject,
    sensor,
    counted,
    followed,
    replaceSources,
    questions: () => questions,
  };
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setImmediate', 'Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('auto', () => {
  test('reads nothing while nothing is heard', () => {
    const { subject } = world('auto');
    vi.advanceTimersByTime(60_000);
    expect(subject).toMatchObject({ reads: 0, running: false });
  });

  test('reads every 10 ms for 1.1 s after an event, then stops by itself', () => {
    const { subject } = world('auto');
    subject.heard();
    vi.advanceTimersByTime(1095);
    expect(subject).toMatchObject({ reads: 109, running: true });
    vi.advanceTimersByTime(10_000);
    expect(subject).toMatchObject({ reads: 110, running: false });
  });

  test('reads for 2.1 s after an action', () => {
    const { subject } = world('auto');
    subject.acted();
    subject.heard();
    vi.advanceTimersByTime(60_000);
    expect(subject).toMatchObject({ reads: 210, running: false });
  });

  test('an event of an interface that nobody watches opens the window too, for a look every 30 ms', () => {
    const { subject, sensor } = world('auto');
    sensor.event();
    expect(sensor.armed).toBe(false);
    vi.advanceTimersByTime(1095);
    expect(subject).toMatchObject({ reads: 36, running: true });
    vi.advanceTimersByTime(10_000);
    expect(subject).toMatchObject({ reads: 37, running: false });
    expect(sensor.armed).toBe(true);
    sensor.event();
    expect(subject.running).toBe(true);
  });

  test('in a storm it goes on, wakes for nothing but its reads, and ends at most two windows after it', () => {
    const { subject, sensor } = world('auto');
    for (let storm = 0; storm < 1000; storm += 1) {
      sensor.event();
      vi.advanceTimersByTime(5);
      expect(sensor.armed).toBe(false);
    }
    expect(subject.looks).toBe(166);
    vi.advanceTimersByTime(2230);
    expect(subject.running).toBe(false);
    expect(sensor.armed).toBe(true);
  });

  test('a watched interface in a storm has a look every 10 ms for its 1.1 s, then every 30 ms again', () => {
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
    expect(storm(1100)).toBe(110);
    expect(storm(1500)).toBe(50);
    subject.acted();
    expect(storm(2100)).toBe(210);
    expect(storm(1500)).toBe(50);
  });

  test('an event while the last reads are made is not lost', () => {
    const { subject, sensor } = world('auto');
    sensor.event();
    vi.advanceTimersByTime(1109);
    sensor.event();
    vi.advanceTimersByTime(1100);
    expect(subject).toMatchObject({ running: true });
    vi.advanceTimersByTime(30);
    expect(subject).toMatchObject({ running: false });
    expect(sensor.armed).toBe(true);
  });

  test('several sources: each is read; one that is gone meanwhile is not, and the others are', () => {
    const { subject, carrier, told, changes } = world('auto');
    carrier.set('bge0', true);
    told.set('bge0', true);
    subject.heard();
    vi.advanceTimersByTime(100);
    expect(subject.reads).toBe(20);
    told.delete('em0');
    carrier.delete('em0');
    vi.advanceTimersByTime(100);
    expect(subject.reads).toBe(30);
    carrier.set('bge0', false);
    vi.advanceTimersByTime(11);
    expect(changes).toEqual(['bge0 lost']);
  });

  test('a loss that the read makes the kernel tell is left to the message', () => {
    const { subject, carrier, told, changes } = world('auto');
    subject.heard();
    carrier.set('em0', false);
    vi.advanceTimersToNextTimer();
    told.set('em0', false);
    vi.advanceTimersByTime(2000);
    expect(changes).toEqual([]);
    expect(subject.early).toBe(1);
  });

  test('a loss and a return that the kernel tells before it is confirmed are left to the messages', () => {
    const { subject, carrier, told, changes } = world('auto');
    subject.heard();
    carrier.set('em0', false);
    // The read, and what it makes the kernel tell, before anything else runs.
    vi.advanceTimersToNextTimer();
    told.set('em0', false);
    subject.heard();
    carrier.set('em0', true);
    told.set('em0', true);
    subject.heard();
    vi.advanceTimersByTime(100);
    expect(changes).toEqual([]);
  });

  test('a return that the kernel tells ends the doubt at once', () => {
    const { subject, carrier, changes } = world('auto');
    subject.heard();
    carrier.set('em0', false);
    vi.advanceTimersByTime(11);
    expect(changes).toEqual(['em0 lost']);
    carrier.set('em0', true);
    subject.recheck();
    expect(changes).toEqual(['em0 lost', 'em0 found']);
  });

  test('a loss that the kernel goes on holding back is acted on, until the kernel has told', () => {
    const { subject, carrier, told, changes } = world('auto');
    subject.heard();
    carrier.set('em0', false);
    vi.advanceTimersByTime(11);
    expect(changes).toEqual(['em0 lost']);
    vi.advanceTimersByTime(500);
    expect(changes).toEqual(['em0 lost']);
    told.set('em0', false);
    vi.advanceTimersByTime(20);
    expect(changes).toEqual(['em0 lost', 'em0 found']);
  });

  test('a carrier that returns before the kernel has told anything is found again', () => {
    const { subject, carrier, changes } = world('auto');
    subject.heard();
    carrier.set('em0', false);
    vi.advanceTimersByTime(50);
    carrier.set('em0', true);
    vi.advanceTimersByTime(50);
    expect(changes).toEqual(['em0 lost', 'em0 found']);
  });

  test('a driver that goes on contradicting the kernel is not believed for ever', () => {
    const { subject, carrier, changes } = world('auto');
    subject.heard();
    carrier.set('em0', false);
    vi.advanceTimersByTime(60_000);
    expect(changes).toEqual(['em0 lost', 'em0 found']);
    expect(subject.running).toBe(false);
  });

  test('a driver that cannot be asked is asked once, and again when the interface is another one', () => {
    const { subject, carrier, told } = world('auto');
    carrier.set('em0', null);
    subject.heard();
    vi.advanceTimersByTime(500);
    expect(subject.reads).toBe(1);
    told.set('em0', false);
    vi.advanceTimersByTime(20);
    told.set('em0', true);
    carrier.set('em0', true);
    vi.advanceTimersByTime(100);
    expect(subject.reads).toBeGreaterThan(5);
  });
});

describe('where carriers are counted', () => {
  const counters = true;

  test('counters are looked at every 10 ms, drivers read four times a second', () => {
    const { subject } = world('auto', { counters });
    subject.heard();
    vi.advanceTimersByTime(1095);
    expect(subject).toMatchObject({ looks: 109, reads: 5, running: true });
    vi.advanceTimersByTime(10_000);
    expect(subject).toMatchObject({ looks: 110, reads: 5, running: false });
  });

  test('a look at which nothing has moved asks for nothing else', () => {
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

  test('a carrier that has moved is read from its driver at the next look', () => {
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

  test('while a driver and the kernel differ, the driver is read at each look', () => {
    const { subject, carrier, changes, counted } = world('auto', { counters });
    subject.heard();
    carrier.set('em0', false);
    counted?.add('em0');
    vi.advanceTimersByTime(50);
    carrier.set('em0', true);
    vi.advanceTimersByTime(11);
    expect(changes).toEqual(['em0 lost', 'em0 found']);
  });

  test('a driver that knows before it says so is found out within a quarter of a second', () => {
    const { subject, carrier, changes } = world('auto', { counters });
    subject.heard();
    vi.advanceTimersByTime(20);
    carrier.set('em0', false);
    vi.advanceTimersByTime(200);
    expect(changes).toEqual([]);
    vi.advanceTimersByTime(60);
    expect(changes).toEqual(['em0 lost']);
  });

  test('a window that stays open is looked at every 30 ms after 3.5 s, the next one every 10 ms again', () => {
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
    expect(subject.looks - looks).toBe(100);
    vi.advanceTimersByTime(5000);
    expect(subject.running).toBe(false);
    const { looks: before } = subject;
    keepOpen(1);
    expect(subject.looks - before).toBe(100);
    keepOpen(3);
    const { looks: again } = subject;
    keepOpen(3);
    expect(subject.looks - again).toBe(100);
  });

  test('counters are chosen anew when the sources are others: a reload', () => {
    const { subject, told, followed, replaceSources } = world('auto', { counters });
    subject.heard();
    vi.advanceTimersByTime(100);
    told.set('bge0', true);
    vi.advanceTimersByTime(100);
    expect(followed).toEqual([['em0']]);
    replaceSources();
    vi.advanceTimersByTime(100);
    expect(followed).toEqual([['em0'], ['em0', 'bge0']]);
  });

  test('counters are chosen anew at the first look after a link event, among the active sources', () => {
    const { subject, told, followed } = world('auto', { counters });
    told.set('bge0', false);
    subject.heard();
    expect(followed).toEqual([]);
    vi.advanceTimersByTime(100);
    expect(followed).toEqual([['em0']]);
    told.set('bge0', true);
    subject.heard();
    vi.advanceTimersByTime(100);
    expect(followed).toEqual([['em0'], ['em0', 'bge0']]);
  });
});

test('off never reads', () => {
  const { subject, sensor } = world('off');
  expect(sensor.armed).toBe(false);
  subject.heard();
  subject.acted();
  vi.advanceTimersByTime(5000);
  expect(subject).toMatchObject({ reads: 0, running: false });
});

test('a period reads all the time, until it is disposed of', () => {
  const { subject } = world({ everyMs: 50 });
  vi.advanceTimersByTime(1010);
  expect(subject.reads).toBe(20);
  subject[Symbol.dispose]();
  vi.advanceTimersByTime(1000);
  expect(subject.reads).toBe(20);
});
