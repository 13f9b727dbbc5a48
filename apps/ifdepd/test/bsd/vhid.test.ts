import type { ScriptedBsd } from '@ifdepd/scripted-kernels';
import { describe, expect, test } from 'vitest';
import { bsdHost } from '../support/bsd-host.ts';

/** vhid 1 on em0 and vhid 2 on bge0, masters both, each with an advskew of its own. */
function vhids(kernel: ScriptedBsd): void {
  kernel.createCarp('1@em0', 'em0', 1, 100);
  kernel.createCarp('2@bge0', 'bge0', 2, 0);
  kernel.elect('1@em0', 'master');
  kernel.elect('2@bge0', 'master');
}

const gateway = 'groups: {gateway: {sources: [em0, bge0], destinations: [1@em0, 2@bge0]}}';
const skews = (kernel: ScriptedBsd) => [kernel.carp('1@em0').advskew, kernel.carp('2@bge0').advskew];

describe('as destinations', () => {
  test('down is an advskew of 240, up is what it was', async () => {
    const { kernel, settle } = await bsdHost('freebsd', { config: gateway, before: vhids });
    expect(skews(kernel)).toEqual([100, 0]);
    kernel.carrier('bge0', 'down');
    settle();
    expect(skews(kernel)).toEqual([240, 240]);
    kernel.carrier('bge0', 'up');
    settle();
    expect(skews(kernel)).toEqual([100, 0]);
  });

  test('after a crash the next daemon puts back what the one before had found', async () => {
    const host = await bsdHost('freebsd', { config: gateway, before: vhids });
    host.kernel.carrier('bge0', 'down');
    host.settle();
    await host.crash();
    expect(skews(host.kernel)).toEqual([240, 240]);
    host.kernel.carrier('bge0', 'up');
    await host.start();
    host.settle();
    expect(skews(host.kernel)).toEqual([100, 0]);
  });

  test('a crash and another start while the cable is still cut: nothing is forgotten, nothing written twice', async () => {
    const host = await bsdHost('freebsd', { config: gateway, before: vhids });
    host.kernel.carrier('bge0', 'down');
    host.settle();
    for (let crashes = 3; crashes > 0; crashes -= 1) {
      await host.crash();
      await host.start();
      host.settle();
      expect(skews(host.kernel)).toEqual([240, 240]);
    }
    host.kernel.carrier('bge0', 'up');
    host.settle();
    expect(skews(host.kernel)).toEqual([100, 0]);
  });

  test.each([
    ['leave', [240, 240]],
    ['restore', [100, 0]],
    ['up', [100, 0]],
  ])('on-exit %s', async (onExit, expected) => {
    const config = gateway.replace('}}', `, on-exit: ${onExit}}}`);
    const host = await bsdHost('freebsd', { config, before: vhids });
    host.kernel.carrier('em0', 'down');
    host.settle();
    await host.stop();
    expect(skews(host.kernel)).toEqual(expected);
  });

  test('one that the configuration names no more is put back at the next start', async () => {
    const host = await bsdHost('freebsd', { config: gateway, before: vhids });
    host.kernel.carrier('em0', 'down');
    host.settle();
    await host.crash();
    await host.start('groups: {gateway: {sources: [em0, bge0], destinations: [1@em0]}}');
    expect(skews(host.kernel)).toEqual([240, 0]);
  });

  test('one that a reload names no more, and one that stays: each is what it should be', async () => {
    const host = await bsdHost('freebsd', { config: gateway, before: vhids });
    host.kernel.carrier('em0', 'down');
    host.settle();
    const { daemon } = host;
    daemon.reload({ policy: { groups: { gateway: { require: 'em0', destinations: ['1@em0'] } } } });
    host.settle();
    host.kernel.carrier('em0', 'up');
    host.settle();
    expect(host.kernel.carp('1@em0').advskew).toBe(100);
  });

  test('a vhid that does not exist is missing, and never made', async () => {
    const { kernel, settle, daemon } = await bsdHost('freebsd', {
      config: 'groups: {g: {sources: [em0], destinations: [9@bge0]}}',
    });
    kernel.carrier('em0', 'down');
    settle();
    expect(() => kernel.carp('9@bge0')).toThrow('there is no carp');
    expect(daemon.status.destinations[0]?.is).toBe('missing');
    kernel.createCarp('9@bge0', 'bge0', 9, 20);
    // An address comes with it, which touches the parent.
    kernel.elect('9@bge0', 'master');
    settle();
    expect(kernel.carp('9@bge0').advskew).toBe(240);
    kernel.carrier('em0', 'up');
    settle();
    expect(kernel.carp('9@bge0').advskew).toBe(20);
  });

  test('one that is lower than 240 already is not raised to it', async () => {
    const { kernel, settle } = await bsdHost('freebsd', {
      config: 'groups: {g: {sources: [em0], destinations: [9@bge0]}}',
      before: (kernel) => kernel.createCarp('9@bge0', 'bge0', 9, 254),
    });
    kernel.carrier('em0', 'down');
    settle();
    expect(kernel.carp('9@bge0').advskew).toBe(254);
    kernel.carrier('em0', 'up');
    settle();
    expect(kernel.carp('9@bge0').advskew).toBe(254);
  });
});

describe('as sources', () => {
  const config = 'groups: {wan: {sources: [1@em0], destinations: [lan0]}}';

  test('only the master is active; its parent’s addresses and carrier tell', async () => {
    const { kernel, settle, isUp, daemon } = await bsdHost('freebsd', { config, before: vhids });
    const reason = () => daemon.status.groups[0]?.sources[0]?.reason;
    expect(isUp('lan0')).toBe(true);
    kernel.elect('1@em0', 'backup');
    settle();
    expect([isUp('lan0'), reason()]).toEqual([false, 'carp backup']);
    kernel.elect('1@em0', 'master');
    settle();
    expect(isUp('lan0')).toBe(true);
    kernel.carrier('em0', 'down');
    settle();
    expect([isUp('lan0'), reason()]).toEqual([false, 'carp init']);
    kernel.carrier('em0', 'up');
    settle();
    expect([isUp('lan0'), reason()]).toEqual([false, 'carp backup']);
    kernel.detach('em0');
    settle();
    expect([isUp('lan0'), reason()]).toEqual([false, 'missing']);
  });

  test('one that does not exist has failed: missing', async () => {
    const { isUp, daemon } = await bsdHost('freebsd', { config });
    expect(isUp('lan0')).toBe(false);
    expect(daemon.status.groups[0]?.sources[0]).toMatchObject({ health: 'failed', reason: 'missing' });
  });
});
