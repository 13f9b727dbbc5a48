import { watchLinks } from '@ifdepd/linkwatch';
import { ip, until } from '@ifdepd/netlab';
import { expect, test } from 'vitest';
import { host } from '../support/host.ts';
import { daemon } from '../support/program.ts';

/** Each takes 5 to 15 ms to be set: the kernel waits for an RCU grace period (synchronize_rcu). */
const macvlans = Array.from({ length: 24 }, (_, at) => `mv${at}`);

test.each([
  ['off', 'down'],
  ['off', 'up'],
  ['auto', 'down'],
  ['auto', 'up'],
] as const)(
  '--kernel-failover %s: 2,000 losses while it is stopped, and at last %s: no other state is set',
  async (kernelFailover, last) => {
    using lab = host('em0', 'em1');
    for (const name of macvlans) {
      ip('link', 'add', name, 'link', 'em1', 'type', 'macvlan', 'mode', 'bridge');
      ip('link', 'set', name, 'up');
    }
    await using running = await daemon([
      '-v',
      '--kernel-failover',
      kernelFailover,
      '-S',
      'em0',
      '-D',
      macvlans.join(':'),
    ]);
    running.signal('SIGSTOP');
    for (let left = 2000; left > 0; left -= 1) {
      lab.netif.setAdmin('em0', 'down');
      lab.netif.setAdmin('em0', 'up');
    }
    lab.netif.setAdmin('em0', last === 'down' ? 'down' : 'up');
    const set: string[] = [];
    using watch = watchLinks({ interest: macvlans });
    watch.subscribe((event) => {
      if (event.type === 'changed' && event.link.adminUp !== event.was.adminUp) {
        set.push(event.link.adminUp ? 'up' : 'down');
      }
    });
    running.signal('SIGCONT');
    await running.line(/em0: failed \d+ times|em0: active -> failed/);
    await lab.allAre(last, macvlans);
    await until('the policy to be at rest', () => running.lines.some((line) => /cli: |counted/.test(line)));
    watch.catchUp();
    // At most down and up again: the kernel, or a daemon that is not stopped at once, may have acted on the first loss.
    const raised = set.filter((to) => to === 'up').length;
    const lowered = set.filter((to) => to === 'down').length;
    expect(Math.max(raised, lowered)).toBeLessThanOrEqual(macvlans.length);
  },
);
