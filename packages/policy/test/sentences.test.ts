import { describe, expect, test } from 'vitest';
import { compile, explain } from '../src/index.ts';
import { drive } from '../src/testing/index.ts';
import { one } from './support/make.ts';

describe('sentences', () => {
  const policy = compile({
    groups: {
      gateway: {
        require: { all: ['em0', 'bge0'] },
        destinations: ['carp0'],
        downDelayMs: 500,
        upDelayMs: 3_000,
      },
    },
  });
  const sentence = (driver: ReturnType<typeof drive>): string | undefined =>
    explain(policy, driver.state).groups[0]?.sentence;
  const destination = (driver: ReturnType<typeof drive>): string | undefined =>
    explain(policy, driver.state).destinations[0]?.sentence;

  test('each phase of a group and its destination has a sentence', () => {
    const driver = drive(policy);
    expect(sentence(driver)).toBe(
      'gateway has been starting for 0 ms: em0 and bge0 are unknown. It waits for em0 and bge0.',
    );
    expect(destination(driver)).toBe('carp0 is unknown; group gateway is starting and leaves it alone.');
    driver.snapshot({ em0: 'active', bge0: 'active' });
    driver.wait(12_340);
    expect(sentence(driver)).toBe(
      'gateway has been up for 12.3 s: em0 and bge0 are active. It goes down 500 ms after em0 or bge0 fails.',
    );
    driver.source('em0', 'failed', 'no carrier');
    driver.wait(100);
    expect(sentence(driver)).toBe(
      'gateway has been going down for 100 ms because em0 failed (no carrier). It goes down in 400 ms unless em0 is active again.',
    );
    driver.wait(400 + 600_000);
    expect(sentence(driver)).toBe(
      'gateway has been down for 10 min because em0 failed (no carrier). It comes up 3 s after em0 is active again.',
    );
    expect(destination(driver)).toBe(
      'carp0 is down because em0 failed (no carrier). It comes up 3 s after em0 is active again.',
    );
    driver.source('em0', 'active', 'up');
    driver.wait(1_000);
    expect(sentence(driver)).toBe(
      'gateway has been coming up for 1 s: em0 and bge0 are active. It comes up in 2 s if nothing fails.',
    );
    expect(destination(driver)).toBe(
      'carp0 is down because gateway is coming up. It comes up in 2 s if nothing fails.',
    );
    driver.feed({ type: 'pause', group: 'gateway', until: driver.now + 60_000 });
    expect(sentence(driver)).toBe(
      'gateway has been paused for 0 ms and leaves its destinations alone. It is resumed in 60 s.',
    );
    driver.feed({ type: 'pause', group: 'gateway' });
    expect(sentence(driver)).toMatch(/ An operator has to resume it\.$/);
  });

  test('a start-delay and a suppression have sentences', () => {
    const slow = compile({ groups: { g: { require: 'em0', destinations: ['d'], startDelayMs: 5_000 } } });
    const driver = drive(slow);
    driver.snapshot({ em0: 'failed' });
    expect(explain(slow, driver.state).groups[0]).toMatchObject({
      sentence:
        'g has been starting for 0 ms because em0 failed. It goes down in 5 s unless em0 is active again.',
      release: { needs: ['em0'], at: 5_000, earliest: 0 },
    });
  });

  test('a group with an unknown requirement has a sentence in each phase', () => {
    const driver = drive(policy);
    driver.snapshot({ em0: 'active', bge0: 'active' });
    driver.source('em0', 'unknown');
    expect(sentence(driver)).toBe('gateway has been up for 0 ms: em0 is unknown. It waits for em0.');
    driver.source('bge0', 'failed');
    driver.source('bge0', 'unknown');
    expect(sentence(driver)).toBe(
      'gateway has been going down for 0 ms: em0 and bge0 are unknown. It goes down in 500 ms unless em0 and bge0 are active.',
    );
  });

  test('a destination that is not as wanted has a sentence with the reason', () => {
    const driver = drive(policy);
    driver.refuse('carp0', 'EPERM');
    driver.snapshot({ em0: 'failed', bge0: 'active' });
    expect(destination(driver)).toBe(
      'carp0 is up, but gateway wants it down because em0 failed. Setting it failed (EPERM); the next attempt is in 100 ms.',
    );
  });
});

describe('times', () => {
  test('delays and suppression count in `earliest`, and time alone in `at`', () => {
    const policy = compile({
      groups: { g: { require: 'em0', destinations: ['d'], upDelayMs: 1_000, dampening: { suppress: 900 } } },
    });
    const driver = drive(policy);
    driver.snapshot({ em0: 'active' });
    driver.source('em0', 'failed');
    const held = explain(policy, driver.state).groups[0];
    expect(held).toMatchObject({ until: null, suppressedUntil: 6_226 });
    expect(held?.release).toEqual({ needs: ['em0'], at: null, earliest: 6_226, alternatives: [] });
    driver.source('em0', 'active');
    expect(explain(policy, driver.state).groups[0]?.release).toEqual({
      needs: [],
      at: 6_226,
      earliest: 6_226,
      alternatives: [],
    });
  });

  test('a destination of two groups comes up with both and goes down with the first', () => {
    const policy = compile({
      groups: {
        a: { require: { any: ['em0', 'em1'] }, destinations: ['d'] },
        b: { require: 'em2', destinations: ['d'], upDelayMs: 500 },
      },
    });
    const driver = drive(policy);
    driver.snapshot({ em0: 'active', em1: 'active', em2: 'active' });
    const free = explain(policy, driver.state).destinations[0];
    expect(free?.release.needs).toEqual(['em2']);
    expect(free?.blame.map(({ id }) => id)).toEqual(['em0', 'em2']);
    driver.snapshot({});
    const held = explain(policy, driver.state).destinations[0];
    expect(held?.blame.map(({ id }) => id)).toEqual(['em0', 'em1']);
    expect(held?.release).toEqual({ needs: ['em0', 'em2'], at: null, earliest: 500, alternatives: [] });
    driver.source('em2', 'active');
    expect(explain(policy, driver.state).destinations[0]?.release).toEqual({
      needs: ['em0'],
      at: null,
      earliest: 500,
      alternatives: [],
    });
    driver.source('em0', 'active');
    expect(explain(policy, driver.state).destinations[0]?.release).toEqual({
      needs: [],
      at: 500,
      earliest: 500,
      alternatives: [],
    });
    driver.feed({ type: 'pause', group: 'a' });
    driver.feed({ type: 'pause', group: 'b' });
    expect(explain(policy, driver.state).destinations[0]).toMatchObject({ want: 'none', blame: [] });
  });

  test('of two groups that go down equally soon the release names the first', () => {
    const policy = compile({
      groups: { a: { require: 'em0', destinations: ['d'] }, b: { require: 'em1', destinations: ['d'] } },
    });
    const driver = drive(policy);
    driver.snapshot({ em0: 'active', em1: 'active' });
    expect(explain(policy, driver.state).destinations[0]?.release.needs).toEqual(['em0']);
  });

  test('describe shows groups, destinations and counters', () => {
    const driver = one();
    driver.snapshot({ em0: 'failed' });
    expect(driver.status).toEqual({
      now: 0,
      ready: true,
      nextDeadline: null,
      groups: [
        {
          name: 'g',
          phase: 'down',
          since: 0,
          requirement: 'failed',
          weight: 0,
          until: null,
          blame: [{ kind: 'source', id: 'em0', health: 'failed', reason: 'failed', since: 0 }],
          hidden: 0,
          penalty: 0,
          suppressedUntil: null,
          latched: false,
          sources: [{ id: 'em0', health: 'failed', reason: 'failed', since: 0 }],
          destinations: ['carp0'],
        },
      ],
      destinations: [
        {
          id: 'carp0',
          want: 'down',
          is: 'down',
          since: 0,
          heldBy: ['g'],
          owned: true,
          pending: null,
          error: null,
          cause: 'transition',
          retryAt: null,
          foreignChanges: 0,
          differs: null,
        },
      ],
      counters: { events: 2, transitions: 1, effects: 1, failures: 0, foreignChanges: 0 },
    });
  });
});
