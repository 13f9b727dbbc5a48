import { describe, expect, test } from 'vitest';
import { compile, explain, type GroupConfig, recompile } from '../src/index.ts';
import { drive } from '../src/testing/index.ts';
import { one, phases, writes } from './support/make.ts';

const latching = (group: Partial<GroupConfig> = {}) => one({ restore: 'manual', ...group });
const policyOf = (group: Partial<GroupConfig> = {}) =>
  compile({ groups: { g: { require: 'em0', destinations: ['carp0'], restore: 'manual', ...group } } });

describe('restore: manual', () => {
  test('a group that went down stays down after its source returns, until it is restored', () => {
    const driver = latching();
    driver.snapshot({ em0: 'active' });
    driver.source('em0', 'failed');
    driver.source('em0', 'active');
    driver.wait(1_000_000);
    expect(driver.status.groups[0]).toMatchObject({ phase: 'down', requirement: 'active', latched: true });
    driver.feed({ type: 'restore', group: 'g' });
    expect(driver.status.groups[0]).toMatchObject({ phase: 'up', latched: false });
    expect(writes(driver)).toEqual(['0: carp0 down', '1000000: carp0 up']);
  });

  test('a first start: up with an active source, latched with a failed one', () => {
    const good = latching();
    good.snapshot({ em0: 'active' });
    expect(good.status.groups[0]).toMatchObject({ phase: 'up', latched: false });
    const bad = latching();
    bad.snapshot({ em0: 'failed' });
    bad.source('em0', 'active');
    expect(bad.status.groups[0]).toMatchObject({ phase: 'down', latched: true });
  });

  test('a failure within the start-delay, or during a start-hold that ends active, does not latch', () => {
    const delayed = latching({ startDelayMs: 100 });
    delayed.snapshot({ em0: 'failed' });
    delayed.source('em0', 'active');
    expect(delayed.status.groups[0]).toMatchObject({ phase: 'up', latched: false });
    const held = latching({ startHoldMs: 100 });
    held.snapshot({ em0: 'active' });
    held.wait(100);
    expect(held.status.groups[0]).toMatchObject({ phase: 'up', latched: false });
  });

  test('a failure that the down-delay hides does not latch; one that becomes unknown in it does', () => {
    const driver = latching({ downDelayMs: 100 });
    driver.snapshot({ em0: 'active' });
    driver.source('em0', 'failed');
    driver.source('em0', 'active');
    expect(driver.status.groups[0]).toMatchObject({ phase: 'up', latched: false });
    driver.source('em0', 'failed');
    driver.source('em0', 'unknown');
    driver.wait(100);
    expect(driver.status.groups[0]).toMatchObject({ phase: 'down', latched: true });
  });

  test('a restore while the source has failed has no effect: the group latches again', () => {
    const driver = latching();
    driver.snapshot({ em0: 'failed' });
    driver.feed({ type: 'restore', group: 'g' });
    driver.source('em0', 'active');
    expect(driver.status.groups[0]).toMatchObject({ phase: 'down', latched: true });
  });

  test('a restored group comes up after its up-delay, and a failure within it latches again', () => {
    const driver = latching({ upDelayMs: 100 });
    driver.snapshot({ em0: 'failed' });
    driver.source('em0', 'active');
    driver.feed({ type: 'restore', group: 'g' });
    expect(phases(driver).at(-1)).toBe('0: g coming-up');
    driver.source('em0', 'failed');
    driver.source('em0', 'active');
    driver.wait(1_000);
    expect(driver.status.groups[0]).toMatchObject({ phase: 'down', latched: true });
  });

  test('a group that is paused while it is latched stays latched when it is resumed', () => {
    const driver = latching();
    driver.snapshot({ em0: 'failed' });
    driver.feed({ type: 'pause', group: 'g' });
    driver.source('em0', 'active');
    driver.feed({ type: 'resume', group: 'g' });
    expect(driver.status.groups[0]).toMatchObject({ phase: 'down', latched: true });
  });

  test('a drain does not latch, and what fails and returns during it does not either', () => {
    const driver = latching();
    driver.snapshot({ em0: 'active' });
    driver.feed({ type: 'drain', group: 'g' });
    driver.source('em0', 'failed');
    driver.source('em0', 'active');
    driver.feed({ type: 'resume', group: 'g' });
    expect(driver.status.groups[0]).toMatchObject({ phase: 'up', latched: false });
  });

  test('a latched group is latched after a drain, too', () => {
    const driver = latching();
    driver.snapshot({ em0: 'failed' });
    driver.feed({ type: 'drain', group: 'g' });
    driver.source('em0', 'active');
    driver.feed({ type: 'resume', group: 'g' });
    expect(driver.status.groups[0]).toMatchObject({ phase: 'down', latched: true });
  });

  test('explain names the command that brings the group up, and what it needs before', () => {
    const policy = policyOf();
    const driver = drive(policy);
    driver.snapshot({ em0: 'active' });
    driver.source('em0', 'failed', 'no carrier');
    const sentences = () => {
      const { groups, destinations } = explain(policy, driver.state);
      return [...groups, ...destinations].map(({ sentence }) => sentence);
    };
    expect(sentences()).toEqual([
      'g has been down for 0 ms because em0 failed (no carrier). It needs em0, and an operator: `ifdepd restore g` brings it up.',
      'carp0 is down because em0 failed (no carrier). It needs em0, and an operator: `ifdepd restore g` brings it up.',
    ]);
    driver.source('em0', 'active');
    expect(sentences()).toEqual([
      'g has been down for 0 ms; all sources are active. `ifdepd restore g` brings it up.',
      'carp0 is down because g is latched. `ifdepd restore g` brings it up.',
    ]);
  });

  test('a reload without it releases a latched group; a reload with it latches a group that is down', () => {
    const [manual, auto] = [policyOf(), policyOf({ restore: 'auto' })];
    const driver = drive(manual);
    driver.snapshot({ em0: 'failed' });
    driver.source('em0', 'active');
    expect(recompile(manual, driver.state, auto, 10).transitions).toMatchObject([{ to: 'up' }]);
    const down = drive(auto);
    down.snapshot({ em0: 'failed' });
    const { state } = recompile(auto, down.state, manual, 10);
    expect(explain(manual, state).groups[0]).toMatchObject({ phase: 'down', latched: true });
  });
});

test('a group without destinations is a named result with its own delay for other groups', () => {
  const driver = drive(
    compile({
      groups: {
        steady: { require: 'em0', downDelayMs: 100 },
        g: { require: { any: [{ group: 'steady' }, 'em1'] }, destinations: ['carp0'] },
      },
    }),
  );
  driver.snapshot({ em0: 'active', em1: 'failed' });
  driver.source('em0', 'failed');
  driver.wait(99);
  expect(writes(driver)).toEqual([]);
  driver.wait(1);
  expect(writes(driver)).toEqual(['100: carp0 down']);
});
