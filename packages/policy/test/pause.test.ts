import { describe, expect, test } from 'vitest';
import { compile } from '../src/index.ts';
import { drive } from '../src/testing/index.ts';
import { one, phases, writes } from './support/make.ts';

describe('pause', () => {
  test('pause: the destinations stay as they are until the group is resumed', () => {
    const driver = one();
    driver.snapshot({ em0: 'active' });
    driver.feed({ type: 'pause', group: 'g' });
    driver.source('em0', 'failed');
    driver.wait(1_000_000);
    expect(driver.status).toMatchObject({
      groups: [{ phase: 'paused', until: null }],
      destinations: [{ want: 'none', is: 'up' }],
    });
    driver.feed({ type: 'resume', group: 'g' });
    expect(writes(driver)).toEqual(['1000000: carp0 down']);
  });

  test('pause: it ends at `until`, and a second pause moves the end', () => {
    const driver = one();
    driver.snapshot({ em0: 'failed' });
    driver.feed({ type: 'pause', group: 'g', until: 100 });
    driver.wait(50);
    driver.feed({ type: 'pause', group: 'g', until: 200 });
    driver.source('em0', 'active');
    driver.wait(149);
    expect(driver.status.groups[0]).toMatchObject({ phase: 'paused', since: 0, until: 200 });
    driver.wait(1);
    expect(writes(driver)).toEqual(['0: carp0 down', '200: carp0 up']);
  });

  test('pause: one with an end in the past, and a resume of a group that is not paused, have no effect', () => {
    const driver = one({}, 100);
    driver.snapshot({ em0: 'active' });
    driver.feed({ type: 'pause', group: 'g', until: 100 });
    driver.feed({ type: 'resume', group: 'g' });
    driver.feed({ type: 'pause', group: 'nobody' });
    expect(phases(driver)).toEqual(['100: g up']);
  });

  test('pause: a resumed group is still suppressed', () => {
    const driver = one({ dampening: { suppress: 900 } });
    driver.snapshot({ em0: 'active' });
    driver.source('em0', 'failed');
    driver.feed({ type: 'pause', group: 'g' });
    driver.source('em0', 'active');
    driver.feed({ type: 'resume', group: 'g' });
    expect(driver.status.groups[0]).toMatchObject({ phase: 'coming-up' });
  });

  test('pause: a group that is resumed with an unknown requirement starts again, without a start-delay', () => {
    const driver = one({ startDelayMs: 100 });
    driver.snapshot({ em0: 'unknown' });
    driver.feed({ type: 'pause', group: 'g' });
    driver.wait(10);
    driver.feed({ type: 'resume', group: 'g' });
    expect(driver.status.groups[0]).toMatchObject({ phase: 'starting' });
    driver.source('em0', 'failed');
    expect(writes(driver)).toEqual(['10: carp0 down']);
  });

  test('pause: a group that waits for a paused group names it, not the check for which that one waits', () => {
    const driver = drive(
      compile({
        groups: {
          p: { require: 'check:c', destinations: ['carp1'] },
          g: { require: { group: 'p' }, destinations: ['carp0'] },
        },
      }),
    );
    driver.snapshot({ 'check:c': 'unknown' });
    expect(driver.status.groups[1]?.blame).toMatchObject([{ kind: 'source', id: 'check:c' }]);
    driver.feed({ type: 'pause', group: 'p' });
    expect(driver.status.groups[1]?.blame).toMatchObject([{ kind: 'group', id: 'p', reason: 'paused' }]);
  });
});
