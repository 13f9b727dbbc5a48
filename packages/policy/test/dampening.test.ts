import { describe, expect, test } from 'vitest';
import { one } from './support/make.ts';

describe('dampening', () => {
  const flap = (driver: ReturnType<typeof one>): void => {
    driver.source('em0', 'failed');
    driver.source('em0', 'active');
  };

  test('dampening: the second loss in a short time holds the group down until the penalty has decayed to reuse', () => {
    const driver = one({ dampening: {} });
    driver.snapshot({ em0: 'active' });
    flap(driver);
    expect(driver.status.groups[0]).toMatchObject({ phase: 'up', penalty: 1_000, suppressedUntil: null });
    flap(driver);
    // 2000 decays to 750 in 15 s * log2(2000 / 750).
    const until = Math.ceil(15_000 * Math.log2(2_000 / 750));
    expect(until).toBe(21_226);
    expect(driver.status.groups[0]).toMatchObject({
      phase: 'coming-up',
      penalty: 2_000,
      suppressedUntil: until,
      until,
    });
    driver.wait(15_000);
    expect(driver.status.groups[0]).toMatchObject({ phase: 'coming-up', penalty: 1_000 });
    driver.wait(until - 15_000 - 1);
    expect(driver.status.groups[0]).toMatchObject({ phase: 'coming-up' });
    driver.wait(1);
    expect(driver.status.groups[0]).toMatchObject({ phase: 'up', suppressedUntil: null, penalty: 750 });
  });

  test('dampening: losses of a suppressed group count, up to the cap of max-suppress', () => {
    const driver = one({
      dampening: { halfLifeMs: 1_000, suppress: 2_000, reuse: 1_000, maxSuppressMs: 3_000 },
    });
    driver.snapshot({ em0: 'active' });
    for (let i = 0; i < 20; i += 1) flap(driver);
    expect(driver.status.groups[0]).toMatchObject({ penalty: 8_000, suppressedUntil: 3_000, hidden: 18 });
    driver.wait(3_000);
    expect(driver.status.groups[0]).toMatchObject({ phase: 'up', penalty: 1_000 });
  });

  test('dampening: a max-suppress below the half-life suppresses for that long', () => {
    const driver = one({ dampening: { maxSuppressMs: 500 } });
    driver.snapshot({ em0: 'active' });
    flap(driver);
    flap(driver);
    expect(driver.status.groups[0]).toMatchObject({ penalty: 2_000, suppressedUntil: 500 });
  });

  test('dampening: losses far apart do not suppress', () => {
    const driver = one({ dampening: {} });
    driver.snapshot({ em0: 'active' });
    for (let i = 0; i < 10; i += 1) {
      flap(driver);
      driver.wait(60_000);
    }
    expect(driver.status.groups[0]).toMatchObject({ phase: 'up', suppressedUntil: null, hidden: 0 });
  });

  test('dampening: a failure that a down-delay has hidden is no loss', () => {
    const driver = one({ dampening: {}, downDelayMs: 10 });
    driver.snapshot({ em0: 'active' });
    for (let i = 0; i < 10; i += 1) flap(driver);
    expect(driver.status.groups[0]).toMatchObject({ phase: 'up', penalty: 0, hidden: 10 });
  });

  test('dampening: a failure longer than the down-delay is a loss, even if it ends before the next event', () => {
    const driver = one({ dampening: {}, downDelayMs: 10 });
    driver.snapshot({ em0: 'active' });
    driver.source('em0', 'failed');
    driver.source('em0', 'unknown');
    driver.wait(10);
    expect(driver.status.groups[0]).toMatchObject({ phase: 'down', penalty: 1_000 });
  });

  test('dampening: the later end of up-delay and suppression counts', () => {
    const driver = one({ dampening: { suppress: 900 }, upDelayMs: 30_000 });
    driver.snapshot({ em0: 'active' });
    flap(driver);
    expect(driver.status.groups[0]).toMatchObject({ until: 30_000, suppressedUntil: 6_226 });
  });
});

describe('counted losses', () => {
  test('dampening: going down from starting or from a pause is no loss', () => {
    const driver = one({ dampening: {} });
    driver.snapshot({ em0: 'failed' });
    driver.feed({ type: 'pause', group: 'g' });
    driver.feed({ type: 'resume', group: 'g' });
    expect(driver.status.groups[0]).toMatchObject({ phase: 'down', penalty: 0 });
  });

  test('dampening: an unknown reading interrupts coming up and is no loss', () => {
    const driver = one({ dampening: {}, upDelayMs: 100 });
    driver.snapshot({ em0: 'failed' });
    driver.source('em0', 'active');
    driver.source('em0', 'unknown');
    expect(driver.status.groups[0]).toMatchObject({ phase: 'down', hidden: 1, penalty: 0 });
  });

  test('dampening: a loss prolongs a suppression even below the threshold', () => {
    const driver = one({ dampening: {} });
    driver.snapshot({ em0: 'active' });
    for (let i = 0; i < 2; i += 1) {
      driver.source('em0', 'failed');
      driver.source('em0', 'active');
    }
    driver.wait(16_000);
    driver.source('em0', 'failed');
    const [group] = driver.status.groups;
    expect(group?.penalty).toBeLessThan(2_000);
    expect(group?.suppressedUntil).toBe(
      16_000 + Math.ceil(15_000 * Math.log2((2_000 * 2 ** (-16 / 15) + 1_000) / 750)),
    );
  });

  test('a resume of a group that is not paused does not end its start-delay', () => {
    const driver = one({ startDelayMs: 100 });
    driver.snapshot({ em0: 'failed' });
    driver.feed({ type: 'resume', group: 'g' });
    expect(driver.status.groups[0]).toMatchObject({ phase: 'starting', until: 100 });
  });

  test('a new reason for the same health is shown, and is no new failure', () => {
    const driver = one();
    driver.snapshot({ em0: 'failed' });
    driver.wait(10);
    driver.source('em0', 'failed', 'no carrier');
    expect(driver.status.groups[0]?.sources).toEqual([
      { id: 'em0', health: 'failed', reason: 'no carrier', since: 0 },
    ]);
    const { sources } = driver.state;
    driver.source('em0', 'failed', 'no carrier');
    expect(driver.state.sources).toBe(sources);
  });
});
