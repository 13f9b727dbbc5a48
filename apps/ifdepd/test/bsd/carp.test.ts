import type { ScriptedBsd } from '@ifdepd/scripted-kernels';
import { describe, expect, test } from 'vitest';
import { bsdHost } from '../support/bsd-host.ts';

/** carp0 over em0 and carp1 over bge0, masters both. */
function masters(kernel: ScriptedBsd): void {
  for (const [carp, parent] of [
    ['carp0', 'em0'],
    ['carp1', 'bge0'],
  ] as const) {
    kernel.createCarp(carp, parent, 51);
    kernel.elect(carp, 'master');
  }
}

const gateway = 'groups: {gateway: {sources: [em0, bge0], destinations: [carp0, carp1]}}';
const follower = 'groups: {wan: {sources: [carp0], destinations: [lan0]}}';

describe.each(['openbsd', 'netbsd', 'netbsd7', 'dragonfly'] as const)('%s', (system) => {
  test('the manual page’s example: one cable, and both carps bow out; the peer is master of both', async () => {
    const { kernel, settle, isUp } = await bsdHost(system, { config: gateway, before: masters });
    kernel.carrier('em0', 'down');
    settle();
    expect([isUp('carp0'), isUp('carp1')]).toEqual([false, false]);
    expect(kernel.carp('carp1')).toMatchObject({ state: 'init', bowOuts: 1 });
    kernel.carrier('em0', 'up');
    settle();
    expect([isUp('carp0'), isUp('carp1')]).toEqual([true, true]);
    expect([kernel.carp('carp0').state, kernel.carp('carp1').state]).toEqual(['backup', 'backup']);
  });

  test('a carp that the kernel raises with an address is set down again', async () => {
    const { kernel, settle, isUp } = await bsdHost(system, { config: gateway, before: masters });
    kernel.carrier('bge0', 'down');
    settle();
    kernel.addAddress('carp0');
    expect(isUp('carp0')).toBe(true);
    settle();
    expect(isUp('carp0')).toBe(false);
    expect(kernel.carp('carp0').state).toBe('init');
  });

  test('carp interfaces as sources: only the master is active', async () => {
    const { kernel, settle, isUp, daemon } = await bsdHost(system, { config: follower, before: masters });
    const reason = () => daemon.status.groups[0]?.sources[0]?.reason;
    expect(isUp('lan0')).toBe(true);
    kernel.elect('carp0', 'backup');
    settle();
    expect([isUp('lan0'), reason()]).toEqual([false, 'carp backup']);
    kernel.elect('carp0', 'master');
    settle();
    expect(isUp('lan0')).toBe(true);
    kernel.setAdmin('em0', 'down');
    settle();
    expect([isUp('lan0'), reason()]).toEqual([false, 'carp init']);
    kernel.setAdmin('em0', 'up');
    settle();
    // Backup, and by way of states that last for no time at all on NetBSD.
    expect([isUp('lan0'), reason()]).toEqual([false, 'carp backup']);
    kernel.elect('carp0', 'master');
    settle();
    expect(isUp('lan0')).toBe(true);
    kernel.setAdmin('carp0', 'down');
    settle();
    expect([isUp('lan0'), reason()]).toEqual([false, 'admin down']);
  });

  test('a carp whose link says nothing is asked itself (SIOCGVH)', async () => {
    const before = (kernel: ScriptedBsd) => {
      masters(kernel);
      kernel.link('carp0', 'unknown');
    };
    const { kernel, settle, isUp, daemon } = await bsdHost(system, { config: follower, before });
    expect(isUp('lan0')).toBe(true);
    kernel.detach('em0');
    settle();
    expect(isUp('lan0')).toBe(false);
    expect(daemon.status.groups[0]?.sources[0]?.reason).toBe('carp init');
  });
});

test('DragonFly’s carp does not follow the carrier of its parent: the daemon does', async () => {
  const { kernel, settle } = await bsdHost('dragonfly', {
    config: 'groups: {g: {sources: [em0], destinations: [carp0]}}',
    before: masters,
  });
  kernel.carrier('em0', 'down');
  expect(kernel.carp('carp0').state).toBe('master');
  settle();
  expect(kernel.carp('carp0')).toMatchObject({ state: 'init', bowOuts: 1 });
});

test.each(['netbsd', 'netbsd7'] as const)(
  '%s: states of a carp that bounce within one transition end in one decision each way',
  async (system) => {
    const { kernel, settle, isUp, daemon } = await bsdHost(system, { config: follower, before: masters });
    const transitions = () => daemon.status.counters.transitions;
    const before = transitions();
    // DOWN, UNKNOWN, DOWN: backup, init, backup.
    kernel.elect('carp0', 'backup');
    settle();
    expect(isUp('lan0')).toBe(false);
    expect(transitions()).toBe(before + 1);
    kernel.elect('carp0', 'master');
    settle();
    expect(isUp('lan0')).toBe(true);
    expect(transitions()).toBe(before + 2);
  },
);
