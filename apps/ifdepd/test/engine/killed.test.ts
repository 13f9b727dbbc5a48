import { describe, expect, test } from 'vitest';
import { killableHost } from '../support/killed-at.ts';

const rule = (more: string) => `groups: {gateway: {sources: [em0], destinations: [lan0, lan1]${more}}}`;

describe.each(['raise: owned', 'on-exit: restore, raise: owned'])('%s', (knobs) => {
  test('killed right after a destination was set down: the next daemon knows that ifdepd did it', async () => {
    const host = await killableHost('freebsd', { config: rule(`, ${knobs}`) });
    host.killAt('after');
    host.kernel.carrier('em0', 'down');
    host.settle();
    expect(host.up()).toEqual(['lan1']);
    host.kernel.carrier('em0', 'up');
    await host.startAgain();
    expect(host.up()).toEqual(['lan0', 'lan1']);
  });

  test('killed right before: what an administrator lowers after the next start is left down', async () => {
    const host = await killableHost('freebsd', { config: rule(`, ${knobs}`) });
    host.killAt('before');
    host.kernel.carrier('em0', 'down');
    host.settle();
    host.kernel.carrier('em0', 'up');
    await host.startAgain();
    expect(host.up()).toEqual(['lan0', 'lan1']);
    host.kernel.setAdmin('lan0', 'down');
    host.settle();
    await host.crash();
    await host.start();
    expect(host.up()).toEqual(['lan1']);
    await host.stop();
    expect(host.up()).toEqual(['lan1']);
  });

  test('killed right after it was raised: a destination lowered after that is another program’s', async () => {
    const host = await killableHost('freebsd', { config: rule(`, ${knobs}`) });
    host.kernel.carrier('em0', 'down');
    host.settle();
    host.killAt('after');
    host.kernel.carrier('em0', 'up');
    host.settle();
    expect(host.up()).toEqual(['lan0']);
    await host.startAgain();
    expect(host.up()).toEqual(['lan0', 'lan1']);
    host.kernel.setAdmin('lan0', 'down');
    host.settle();
    await host.crash();
    await host.start();
    expect(host.up()).toEqual(['lan1']);
  });
});

test('on-exit: restore, killed right after it was set down: the next daemon restores it in the end', async () => {
  const host = await killableHost('openbsd', { config: rule(', on-exit: restore') });
  host.killAt('after');
  host.kernel.carrier('em0', 'down');
  host.settle();
  await host.startAgain();
  expect(host.up()).toEqual([]);
  await host.stop();
  expect(host.up()).toEqual(['lan0', 'lan1']);
});

describe.each(['before', 'after'] as const)('killed right %s a demotion counter was changed', (decision) => {
  test.each([
    ['freebsd', 240],
    ['openbsd', 1],
  ] as const)('%s: added once, taken away once, beside what others add', async (system, usual) => {
    const config = 'groups: {gateway: {sources: [em0], destinations: [{demote: carp}]}}';
    const host = await killableHost(system, { config });
    host.kernel.demote(7);
    host.killAt(decision);
    host.kernel.carrier('em0', 'down');
    host.settle();
    await host.startAgain();
    expect(host.kernel.demotion()).toBe(7 + usual);
    host.killAt(decision);
    host.kernel.carrier('em0', 'up');
    host.settle();
    await host.startAgain();
    expect(host.kernel.demotion()).toBe(7);
  });
});

test('killed right after a vhid was lowered: it gets back the advskew it had', async () => {
  const config = 'groups: {gateway: {sources: [bge0], destinations: [1@em0]}}';
  const host = await killableHost('freebsd', {
    config,
    before: (kernel) => kernel.createCarp('1@em0', 'em0', 1, 100),
  });
  host.killAt('after');
  host.kernel.carrier('bge0', 'down');
  host.settle();
  expect(host.kernel.carp('1@em0').advskew).toBe(240);
  host.kernel.carrier('bge0', 'up');
  await host.startAgain();
  expect(host.kernel.carp('1@em0').advskew).toBe(100);
});

describe('what another configuration has set down', () => {
  const other = 'groups: {gateway: {sources: [em0], destinations: [lan1], raise: owned}}';

  test('is raised where it is named, also after the records of both were written in turn', async () => {
    const host = await killableHost('freebsd', { config: rule(', raise: owned') });
    host.kernel.carrier('em0', 'down');
    host.settle();
    await host.crash();
    await host.start(other, '/etc/other.conf');
    host.kernel.carrier('em0', 'up');
    host.settle();
    expect(host.up()).toEqual(['lan1']);
    // Lowered by an administrator: the record of the first daemon is older than the raise of the second.
    host.kernel.setAdmin('lan1', 'down');
    host.settle();
    await host.crash();
    await host.start();
    expect(host.up()).toEqual(['lan0']);
  });

  test('is reported with the way out where it is not named', async () => {
    const host = await killableHost('freebsd', { config: rule('') });
    host.kernel.carrier('em0', 'down');
    host.settle();
    await host.crash();
    await host.start(other, '/etc/other.conf');
    expect(
      host.log
        .filter(({ event, level }) => event === 'notice' && level === 'warning')
        .map(({ message }) => message),
    ).toEqual([
      "lan0: an earlier ifdepd set it down, and no group names it any more: it remains DOWN; raise it with 'ifconfig lan0 up', or name it as a destination again",
    ]);
  });
});
