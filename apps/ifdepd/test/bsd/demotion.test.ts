import { describe, expect, test } from 'vitest';
import { bsdHost } from '../support/bsd-host.ts';

const config = 'groups: {gateway: {sources: [em0, bge0], destinations: [{demote: carp}]}}';

/** What each kernel itself adds for a carp whose parent has failed. */
describe.each([
  ['freebsd', 240],
  ['openbsd', 1],
] as const)('%s', (system, usual) => {
  test('a demotion destination is demoted once while a source has failed, by as much as the kernel itself would', async () => {
    const { kernel, settle } = await bsdHost(system, { config });
    expect(kernel.demotion()).toBe(0);
    kernel.carrier('em0', 'down');
    settle();
    kernel.carrier('bge0', 'down');
    settle();
    expect(kernel.demotion()).toBe(usual);
    kernel.carrier('em0', 'up');
    kernel.carrier('bge0', 'up');
    settle();
    expect(kernel.demotion()).toBe(0);
  });

  test('a demotion by another amount is added to the amounts of other programs', async () => {
    const by = config.replace('{demote: carp}', '{demote: carp, by: 30}');
    const { kernel, settle } = await bsdHost(system, { config: by });
    kernel.carrier('em0', 'down');
    settle();
    kernel.demote(7);
    expect(kernel.demotion()).toBe(37);
    kernel.carrier('em0', 'up');
    settle();
    expect(kernel.demotion()).toBe(7);
  });

  test('ended in order, it takes its part away; unless on-exit says leave', async () => {
    for (const [onExit, left] of [
      ['', 0],
      [', on-exit: leave', usual],
    ] as const) {
      const host = await bsdHost(system, { config: config.replace('}]}}', `}]${onExit}}}`) });
      host.kernel.carrier('em0', 'down');
      host.settle();
      expect(host.kernel.demotion()).toBe(usual);
      await host.stop();
      expect(host.kernel.demotion()).toBe(left);
    }
  });

  test('after a crash the next daemon takes away what the one before had added', async () => {
    const host = await bsdHost(system, { config });
    host.kernel.carrier('em0', 'down');
    host.settle();
    await host.crash();
    expect(host.kernel.demotion()).toBe(usual);
    host.kernel.carrier('em0', 'up');
    await host.start();
    expect(host.kernel.demotion()).toBe(0);
  });

  test('the next daemon adds nothing to a counter that holds its demotion, while the source has failed', async () => {
    const host = await bsdHost(system, { config });
    host.kernel.carrier('em0', 'down');
    host.settle();
    await host.crash();
    await host.start();
    expect(host.kernel.demotion()).toBe(usual);
    await host.crash();
    await host.start();
    await host.stop();
    expect(host.kernel.demotion()).toBe(0);
  });

  test('also where the configuration speaks of it no more', async () => {
    const host = await bsdHost(system, { config });
    host.kernel.carrier('em0', 'down');
    host.settle();
    await host.crash();
    await host.start('groups: {gateway: {sources: [em0], destinations: [lan0]}}');
    expect(host.kernel.demotion()).toBe(0);
    await host.crash();
    await host.start('groups: {gateway: {sources: [em0], destinations: [lan0]}}');
    expect(host.kernel.demotion()).toBe(0);
  });

  test('a system that has started anew has forgotten its counter: nothing is taken away from that', async () => {
    let boot = 1;
    const host = await bsdHost(system, {
      config,
      calls: (libc) => ({
        // CTL_KERN: the time of the start.
        sysctl(mib, into, from) {
          if (mib[0] !== 1) {
            return libc.sysctl(mib, into, from);
          }
          into?.fill(boot);
          return 16;
        },
      }),
    });
    host.kernel.carrier('em0', 'down');
    host.settle();
    await host.crash();
    host.kernel.demote(-usual);
    boot = 2;
    host.kernel.carrier('em0', 'up');
    await host.start();
    host.settle();
    expect(host.kernel.demotion()).toBe(0);
  });
});

test('OpenBSD keeps the sum in 0 to 255: a larger one is refused and reported, and set as soon as there is room', async () => {
  const host = await bsdHost('openbsd', {
    config: config.replace('{demote: carp}', '{demote: carp, by: 128}'),
  });
  host.kernel.demote(200);
  host.kernel.carrier('em0', 'down');
  host.settle();
  expect(host.kernel.demotion()).toBe(200);
  expect(host.daemon.failures.get('demote:carp')?.message).toContain('EINVAL');
});

test('OpenBSD: an amount that a person has taken away by hand is not taken away again', async () => {
  const { kernel, settle, daemon } = await bsdHost('openbsd', {
    config: config.replace('{demote: carp}', '{demote: carp, by: 32}'),
  });
  kernel.carrier('em0', 'down');
  settle();
  kernel.demote(-32);
  kernel.carrier('em0', 'up');
  settle();
  expect(kernel.demotion()).toBe(0);
  expect([...daemon.failures]).toEqual([]);
});
