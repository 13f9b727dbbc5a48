import { expect, test } from 'vitest';
import { compile, explain, recompile } from '../src/index.ts';
import { drive } from '../src/testing/index.ts';
import { one, phases, writes } from './support/make.ts';

const sentences = (driver: ReturnType<typeof one>, policy = compile(CONFIG)) => {
  const { groups, destinations } = explain(policy, driver.state);
  return [...groups, ...destinations].map(({ sentence }) => sentence);
};
const CONFIG = { groups: { g: { require: 'em0', destinations: ['carp0'] } } } as const;

test('drain: the destinations are set down and stay down until the group is resumed', () => {
  const driver = one();
  driver.snapshot({ em0: 'active' });
  driver.feed({ type: 'drain', group: 'g' });
  driver.source('em0', 'failed');
  driver.source('em0', 'active');
  driver.wait(1_000_000);
  expect(driver.status).toMatchObject({
    groups: [{ phase: 'drained', until: null }],
    destinations: [{ want: 'down', is: 'down', heldBy: ['g'] }],
  });
  driver.feed({ type: 'resume', group: 'g' });
  expect(writes(driver)).toEqual(['0: carp0 down', '1000000: carp0 up']);
});

test('drain: another program raises the destination, and it is set down again', () => {
  const driver = one();
  driver.snapshot({ em0: 'active' });
  driver.feed({ type: 'drain', group: 'g' });
  driver.wait(100_000);
  driver.set('carp0', 'up');
  expect(writes(driver)).toEqual(['0: carp0 down', '100000: carp0 down']);
});

test('drain with an end: it ends by itself, and the group comes up after its up-delay', () => {
  const driver = one({ upDelayMs: 50 });
  driver.snapshot({ em0: 'active' });
  driver.feed({ type: 'drain', group: 'g', until: 1_000 });
  driver.wait(2_000);
  expect(phases(driver)).toEqual(['0: g up', '0: g drained', '1000: g coming-up', '1050: g up']);
});

test('the end of a drain with a failed or unknown source leaves the group down', () => {
  for (const health of ['failed', 'unknown'] as const) {
    const driver = one();
    driver.snapshot({ em0: 'active' });
    driver.feed({ type: 'drain', group: 'g', until: 1_000 });
    driver.source('em0', health);
    driver.wait(2_000);
    expect(phases(driver).at(-1)).toBe('1000: g down');
    driver.source('em0', 'active');
    expect(phases(driver).at(-1)).toBe('2000: g up');
  }
});

test('a drain adds no penalty', () => {
  const driver = one({ dampening: {} });
  driver.snapshot({ em0: 'active' });
  driver.feed({ type: 'drain', group: 'g', until: 10 });
  driver.wait(10);
  expect(driver.status.groups[0]).toMatchObject({ phase: 'up', penalty: 0 });
});

test('a drain of a paused group, and a pause of a drained one: the later command counts', () => {
  const driver = one();
  driver.snapshot({ em0: 'active' });
  driver.feed({ type: 'pause', group: 'g', until: 10 });
  driver.feed({ type: 'drain', group: 'g' });
  driver.wait(100);
  expect(driver.status.groups[0]).toMatchObject({ phase: 'drained', until: null });
  driver.feed({ type: 'pause', group: 'g' });
  expect(driver.status).toMatchObject({
    groups: [{ phase: 'paused' }],
    destinations: [{ want: 'none', is: 'down' }],
  });
  driver.feed({ type: 'resume', group: 'g' });
  expect(writes(driver)).toEqual(['0: carp0 down', '100: carp0 up']);
});

test('a drain with an end in the past has no effect', () => {
  const driver = one({}, 100);
  driver.snapshot({ em0: 'active' });
  driver.feed({ type: 'drain', group: 'g', until: 100 });
  expect(phases(driver)).toEqual(['100: g up']);
});

test('a group that requires a drained group goes down, blames it and needs it', () => {
  const policy = compile({
    groups: {
      wan: { require: 'eth0', destinations: ['wan0'] },
      site: { require: { group: 'wan' }, destinations: ['site0'] },
    },
  });
  const driver = drive(policy);
  driver.snapshot({ eth0: 'failed' });
  driver.feed({ type: 'drain', group: 'wan' });
  const [, site] = explain(policy, driver.state).groups;
  expect(site).toMatchObject({ phase: 'down', blame: [{ kind: 'group', id: 'wan', reason: 'drained' }] });
  expect(site?.sentence).toBe(
    'site has been down for 0 ms because wan is drained. It needs wan, and more than that.',
  );
});

test('explain of a drained group names the command that ends it, or the time', () => {
  const driver = one();
  driver.snapshot({ em0: 'active' });
  driver.feed({ type: 'drain', group: 'g' });
  expect(sentences(driver)).toEqual([
    'g has been drained for 0 ms and holds its destinations down. `ifdepd up g` brings it up.',
    'carp0 is down because g is drained. `ifdepd up g` brings it up.',
  ]);
  driver.feed({ type: 'drain', group: 'g', until: 5_000 });
  expect(sentences(driver)).toEqual([
    'g has been drained for 0 ms and holds its destinations down. It is released in 5 s.',
    'carp0 is down because g is drained. It comes up in 5 s if nothing fails.',
  ]);
});

test('a drained group keeps that under a changed policy', () => {
  const old = compile(CONFIG);
  const next = compile({ groups: { g: { require: { any: ['em0', 'em1'] }, destinations: ['carp0'] } } });
  const driver = drive(old);
  driver.snapshot({ em0: 'active' });
  driver.feed({ type: 'drain', group: 'g', until: 5_000 });
  const { effects, nextDeadline } = recompile(old, driver.state, next, 10);
  expect([effects, nextDeadline]).toEqual([[], 5_000]);
});
