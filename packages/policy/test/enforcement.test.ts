import { describe, expect, test } from 'vitest';
import { held, one, writes } from './support/make.ts';

describe('enforcement', () => {
  test('enforce: down sets a destination that another program raises down at once, then after 1 s, 2 s and more', () => {
    const driver = held();
    const began = driver.now;
    for (let i = 0; i < 100; i += 1) {
      driver.set('carp0', 'up');
      driver.wait(1_000);
    }
    const waits = driver.effects.slice(1).map(({ at }) => at - began);
    expect(waits).toEqual([0, 1_000, 3_000, 7_000, 15_000, 31_000, 61_000, 91_000]);
    expect(driver.effects[1]?.because).toMatchObject({
      cause: 'enforce',
      group: 'g',
      from: 'starting',
      to: 'down',
    });
    expect(driver.status).toMatchObject({ counters: { foreignChanges: 9 } });
  });

  test('a re-assertion a minute after the last one is made at once', () => {
    const driver = held();
    driver.set('carp0', 'up');
    driver.wait(59_999);
    driver.set('carp0', 'up');
    driver.wait(60_000);
    driver.set('carp0', 'up');
    driver.wait(500);
    driver.set('carp0', 'up');
    expect(writes(driver).slice(1)).toEqual([
      '100000: carp0 down',
      '159999: carp0 down',
      '219999: carp0 down',
    ]);
    expect(driver.status.destinations[0]).toMatchObject({ retryAt: 220_999 });
  });

  test('enforce: down leaves a destination that an administrator sets down while the group is up', () => {
    const driver = one();
    driver.snapshot({ em0: 'active' });
    driver.set('carp0', 'down');
    driver.wait(1_000_000);
    expect(driver.effects).toEqual([]);
    expect(driver.status.destinations[0]).toMatchObject({ foreignChanges: 1, owned: false });
  });

  test('enforce: down still leaves it after a transition that had nothing to write', () => {
    const driver = one();
    driver.set('carp0', 'down');
    driver.snapshot({ em0: 'failed' });
    driver.set('carp0', 'up');
    driver.source('em0', 'active');
    driver.set('carp0', 'down');
    expect(writes(driver)).toEqual(['0: carp0 down', '0: carp0 up']);
  });

  test('enforce: always re-asserts in both directions', () => {
    const driver = one({ enforce: 'always' });
    driver.snapshot({ em0: 'active' });
    driver.wait(100_000);
    driver.set('carp0', 'down');
    driver.set('carp0', 'down');
    driver.wait(1_000);
    expect(writes(driver)).toEqual(['100000: carp0 up', '101000: carp0 up']);
  });

  test('enforce: never writes on transitions only', () => {
    const driver = held('never');
    driver.set('carp0', 'up');
    driver.wait(1_000_000);
    expect(writes(driver)).toEqual(['0: carp0 down']);
    driver.source('em0', 'active');
    driver.source('em0', 'failed');
    expect(writes(driver)).toEqual(['0: carp0 down', '1100000: carp0 down']);
  });

  test('a new transition is written without the wait of a re-assertion', () => {
    const driver = held();
    driver.set('carp0', 'up');
    driver.set('carp0', 'up');
    expect(driver.status.destinations[0]).toMatchObject({ retryAt: 101_000 });
    driver.source('em0', 'active');
    driver.source('em0', 'failed');
    expect(writes(driver).slice(1)).toEqual(['100000: carp0 down', '100000: carp0 down']);
  });
});

describe('a destination that the system raised by itself, though what holds it down still holds', () => {
  const slip = (driver: ReturnType<typeof one>): void =>
    driver.feed({ type: 'destination', id: 'carp0', is: 'up', slipped: true });

  test.each(['down', 'always', 'never'] as const)(
    'enforce: %s: set down again at once each time, and no foreign change',
    (enforce) => {
      const driver = one({ enforce });
      driver.snapshot({ em0: 'failed' });
      for (let times = 3; times > 0; times -= 1) {
        driver.wait(10);
        slip(driver);
      }
      expect(writes(driver)).toEqual(['0: carp0 down', '10: carp0 down', '20: carp0 down', '30: carp0 down']);
      expect(driver.effects.at(-1)?.because.cause).toBe('slip');
      expect(driver.status.destinations[0]).toMatchObject({ foreignChanges: 0, retryAt: null });
    },
  );

  test('a slipped reading of a destination that is wanted up has no effect', () => {
    const driver = one();
    driver.snapshot({ em0: 'active' });
    slip(driver);
    expect(writes(driver)).toEqual([]);
  });
});

describe('raise: owned', () => {
  test('raise: owned raises only a destination that the policy set down', () => {
    const driver = one({ raise: 'owned' });
    driver.set('carp0', 'down');
    driver.snapshot({ em0: 'active' });
    expect(driver.effects).toEqual([]);
    driver.set('carp0', 'up');
    driver.source('em0', 'failed');
    expect(driver.status.destinations[0]).toMatchObject({ owned: true });
    driver.source('em0', 'active');
    expect(writes(driver)).toEqual(['0: carp0 down', '0: carp0 up']);
    expect(driver.status.destinations[0]).toMatchObject({ owned: false });
  });

  test('raise: owned leaves a destination that another program set down meanwhile', () => {
    const driver = one({ raise: 'owned' });
    driver.set('carp0', 'down');
    driver.snapshot({ em0: 'failed' });
    driver.source('em0', 'active');
    expect(driver.effects).toEqual([]);
  });

  test('raise: owned raises a destination that a journal says is owned', () => {
    const driver = one({ raise: 'owned' });
    driver.set('carp0', 'down');
    driver.feed({ type: 'destination', id: 'carp0', is: 'down', owned: true });
    driver.snapshot({ em0: 'active' });
    expect(writes(driver)).toEqual(['0: carp0 up']);
  });

  test('raise: owned leaves a destination that went away and returned', () => {
    const driver = one({ raise: 'owned' });
    driver.snapshot({ em0: 'failed' });
    driver.set('carp0', 'missing');
    driver.set('carp0', 'down');
    driver.source('em0', 'active');
    expect(writes(driver)).toEqual(['0: carp0 down']);
  });
});
