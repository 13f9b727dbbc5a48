import { spawnSync } from 'node:child_process';
import { loadLibc } from '@ifdepd/libc';
import { ip, ipBatch, settle, until } from '@ifdepd/netlab';
import type { PolicyConfig } from '@ifdepd/policy';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Decision } from '../../src/engine/policy-loop.ts';
import type { Log } from '../../src/log/index.ts';
import { host } from '../support/host.ts';
import {
  armed,
  gateway,
  hasRing,
  holdTheLoop,
  type Lab,
  lab,
  repairsArmed,
  settled,
  start,
} from '../support/kernel-failover.ts';
import { stopped } from '../support/processes.ts';
import { daemon } from '../support/program.ts';
import { quietLog } from '../support/quiet-log.ts';

const libc = loadLibc();
const EPERM = 1;
const SIOCSIFFLAGS = 0x8914;

beforeEach(({ skip }) => skip(!hasRing(), 'no io_uring here'));

describe('a busy process', () => {
  test('a source is lost while the event loop is blocked: the kernel sets the destinations down, the daemon reports it afterwards', async () => {
    using net = lab();
    const decisions: Decision[] = [];
    using of = start({ observe: (decision) => decisions.push(decision) });
    await armed(of, 2);
    decisions.length = 0;
    net.cables.em1.cut();
    holdTheLoop('both to be down', () => !net.isUp('carp0') && !net.isUp('carp1'));
    expect(decisions).toEqual([]);
    // A loop that is slow may take more than one turn for it.
    const outcomes = () => decisions.flatMap((decision) => decision.outcomes);
    await until('the policy to know of both', () => outcomes().length >= 2);
    const [decided] = decisions.filter((decision) => decision.outcomes.length > 0);
    expect(decided?.event).toMatchObject({ source: { id: 'em1', reason: 'lower layer down' } });
    expect(outcomes().map(({ effect, changed }) => [effect.destination, effect.to, changed])).toEqual([
      ['carp0', 'down', true],
      ['carp1', 'down', true],
    ]);
    expect(of.kernelFailover?.failovers).toBe(1);

    net.cables.em1.repair();
    await net.allAre('up', ['carp0', 'carp1']);
    await armed(of, 2);
    net.cables.em0.cut();
    holdTheLoop('both to be down again', () => !net.isUp('carp0') && !net.isUp('carp1'));
    await until('the policy to know that too', () => of.status.destinations.every(({ is }) => is === 'down'));
    expect(of.kernelFailover?.failovers).toBe(2);
  });

  test('a source is set down or deleted while the event loop is blocked: the kernel sets the destinations down', async () => {
    using net = lab();
    using of = start();
    await armed(of, 2);
    net.netif.setAdmin('em0', 'down');
    holdTheLoop('both to be down', () => !net.isUp('carp0') && !net.isUp('carp1'));
    net.netif.setAdmin('em0', 'up');
    await net.allAre('up', ['carp0', 'carp1']);
    await armed(of, 2);
    ip('link', 'del', 'em1');
    holdTheLoop('both to be down again', () => !net.isUp('carp0') && !net.isUp('carp1'));
    await until('the reason', () => JSON.stringify(of.explanation).includes('missing'));
  });

  test('a loss is over before the daemon reads of it: the destinations are down, then up again', async () => {
    using net = lab();
    using of = start();
    await armed(of, 2);
    net.cables.em0.cut();
    holdTheLoop('both to be down', () => !net.isUp('carp0') && !net.isUp('carp1'));
    net.cables.em0.repair();
    holdTheLoop('the carrier', () => net.netif.flags('em0').running);
    await net.allAre('up', ['carp0', 'carp1']);
    expect(of.kernelFailover?.failovers).toBe(1);
    await armed(of, 2);
  });

  test('the kernel has set the destinations down: the daemon makes no write', async () => {
    using net = lab();
    let writes = 0;
    const counting: typeof libc = {
      ...libc,
      ioctl(fd, request, argument) {
        writes += request === SIOCSIFFLAGS ? 1 : 0;
        return libc.ioctl(fd, request, argument);
      },
    };
    using of = start({ libc: counting });
    await armed(of, 2);
    writes = 0;
    net.cables.em0.cut();
    await net.allAre('down', ['carp0', 'carp1']);
    await until('the policy to know', () => of.status.destinations.every(({ is }) => is === 'down'));
    expect(writes).toBe(0);
  });
});

test('an event while calls are armed costs two calls more: disarm before it, arm after it', async () => {
  using net = lab();
  let calls: string[] = [];
  const recorded = ['recvfrom', 'ioctl', 'setsockopt', 'sendto', 'io_uring_enter'] as const;
  const recording: typeof libc = { ...libc };
  for (const name of recorded) {
    const call = libc[name] as (...values: unknown[]) => number;
    Object.assign(recording, {
      [name]: (...values: unknown[]) => {
        calls.push(name);
        return call(...values);
      },
    });
  }
  using of = start({ libc: recording, earlyLoss: 'off' });
  await armed(of, 2);
  await settled();
  calls = [];
  ip('link', 'set', 'em0', 'alias', 'of the provider');
  await until('the event', () => calls.includes('recvfrom'));
  await settled();
  // The message, the end of the queue, the calling off; then the queue of losses is empty, and the pair handed over.
  expect(calls).toEqual(['recvfrom', 'recvfrom', 'io_uring_enter', 'recvfrom', 'io_uring_enter']);

  calls = [];
  net.cables.em0.cut();
  holdTheLoop('both to be down', () => !net.isUp('carp0') && !net.isUp('carp1'));
  expect(calls).toEqual([]);
  await until('the policy to know', () => of.status.destinations.every(({ is }) => is === 'down'));
  await settled();
  // Each destination is found down, and then read once more, as there is an event of it. Then the repair is armed, for which
  // sockets are opened the first time. How often the queue is read depends on when the events come.
  await until('the repair to be armed', () => of.kernelFailover?.armedRepairs === 1);
  const others = calls.filter((call) => call !== 'recvfrom' && call !== 'setsockopt');
  expect(others).toEqual(['ioctl', 'ioctl', 'ioctl', 'ioctl', 'io_uring_enter']);
});

test('the log lines of an event are written after the next loss is armed', async () => {
  using net = lab();
  const armedWhenLogged = new Map<unknown, number | undefined>();
  const log: Log = {
    ...quietLog,
    write({ event, fields }) {
      if (event === 'action') {
        armedWhenLogged.set(fields?.['to'], of.kernelFailover?.armed);
      }
    },
  };
  using of = start({ log });
  await armed(of, 2);
  net.cables.em0.cut();
  await net.allAre('down', ['carp0', 'carp1']);
  await repairsArmed(of, 1);
  net.cables.em0.repair();
  holdTheLoop('both to be up', () => net.isUp('carp0') && net.isUp('carp1'));
  // Their carriers come with the rest: a message in the turn of the arming would put that off, and not the lines.
  settle('em0', 'carp0', 'carp0-x', 'carp1', 'carp1-x');
  await until('both lines', () => armedWhenLogged.size === 2);
  expect(armedWhenLogged.get('up')).toBe(2);
});

describe('nothing is armed', () => {
  const nothing: readonly (readonly [string, PolicyConfig['groups']])[] = [
    [
      'a group with a delay',
      { cli: { require: { all: ['em0'] }, destinations: ['carp0'], downDelayMs: 60_000 } },
    ],
    [
      'a loss that another source makes up for',
      { cli: { require: { any: ['em0', 'em1'] }, destinations: ['carp0'] } },
    ],
    [
      'raise owned: a journal must record the act before it',
      { cli: { require: { all: ['em0'] }, destinations: ['carp0'], raise: 'owned' } },
    ],
    [
      'a destination that another group holds down',
      {
        cli: { require: { all: ['em0'] }, destinations: ['carp0'] },
        off: { require: { not: 'em1' }, destinations: ['carp0'] },
      },
    ],
    [
      'a destination that the loss of another source may bring up',
      { cli: { require: { any: [{ all: ['em0', 'em1'] }, { not: 'em0' }] }, destinations: ['carp0'] } },
    ],
  ];

  test.each(nothing)('%s: nothing is armed', async (_why, groups) => {
    using _net = lab();
    using of = start({ policy: { groups } });
    await settled();
    expect(of.kernelFailover?.armed).toBe(0);
  });

  test('on-exit restore: its destination is not armed', async () => {
    using _net = lab();
    const carp0 = { id: 'carp0', action: 'admin', interface: 'carp0', onExit: 'restore' } as const;
    using of = start({ destinations: new Map([['carp0', carp0]]) });
    await settled();
    expect(of.kernelFailover?.armed).toBe(2);
    of.feed({ type: 'destination', id: 'carp1', is: 'down' });
    await settled();
    expect(of.kernelFailover?.armed).toBe(0);
  });

  test('two of three sources required, one lost: nothing is armed, as it may be back in an unread message', async () => {
    using net = host('em0', 'em1', 'em2', 'carp0');
    net.cables.em2.cut();
    const groups = { cli: { require: { atLeast: 2, of: ['em0', 'em1', 'em2'] }, destinations: ['carp0'] } };
    using of = start({ policy: { groups } });
    await settled();
    expect(of.kernelFailover?.armed).toBe(0);
  });

  test('an operator pauses a group: it is disarmed at once', async () => {
    using net = lab();
    using of = start();
    await armed(of, 2);
    of.feed({ type: 'pause', group: 'cli' });
    expect(of.kernelFailover?.armed).toBe(0);
    net.cables.em0.cut();
    await until('the loss to be known', () => JSON.stringify(of.explanation).includes('lower layer down'));
    expect([net.isUp('carp0'), net.isUp('carp1'), of.kernelFailover?.failovers]).toEqual([true, true, 0]);
  });

  test('a reload that adds a delay: nothing is armed', async () => {
    using net = lab();
    using of = start();
    await armed(of, 2);
    of.reload({
      policy: { groups: { cli: { ...gateway.groups['cli'], downDelayMs: 60_000 } } } as PolicyConfig,
    });
    await settled();
    expect(of.kernelFailover?.armed).toBe(0);
    net.cables.em0.cut();
    await until('the loss to be known', () => JSON.stringify(of.explanation).includes('lower layer down'));
    expect(net.isUp('carp0')).toBe(true);
  });

  test('a reload that adds a not: nothing is armed, until the next reload removes it', async () => {
    using _net = lab();
    using of = start();
    await armed(of, 2);
    const require = { any: [{ all: ['em0', 'em1'] }, { not: 'em0' }] };
    of.reload({ policy: { groups: { cli: { require, destinations: ['carp0', 'carp1'] } } } });
    await settled();
    expect(of.kernelFailover?.armed).toBe(0);
    of.reload({ policy: gateway });
    await armed(of, 2);
  });

  test('--dry-run, or no io_uring: nothing is armed, and the daemon follows its sources', async () => {
    using net = lab();
    using dry = start({ dryRun: true });
    await settled();
    expect(dry.kernelFailover).toBeNull();
    using of = start({ libc: { ...libc, io_uring_setup: () => -EPERM } });
    expect(of.kernelFailover).toBeNull();
    net.cables.em0.cut();
    await net.allAre('down', ['carp0', 'carp1']);
    net.cables.em0.repair();
    await net.allAre('up', ['carp0', 'carp1']);
  });
});

test('after quiesce nothing is armed: a later loss sets no destination down by the kernel', async () => {
  using net = lab();
  using of = start();
  await armed(of, 2);
  of.quiesce();
  expect(of.kernelFailover).toBeNull();
  net.cables.em0.cut();
  await until('the loss to be known', () => !net.isUp('carp0'));
});

test('the message of a loss is dropped and the source is back: both are reported, the destinations are raised again', async () => {
  using net: Lab = lab();
  await using running = await daemon(['-v', ...['-S', 'em0:em1', '-D', 'carp0:carp1', '--metrics', '0']]);
  const url = `http://${/\S+$/.exec(await running.line(/metrics on 127/))?.[0]}/metrics`;
  await until('it to be prepared', () => {
    const { stdout } = spawnSync('curl', ['-s', url], { encoding: 'utf8' });
    return stdout.includes('ifdepd_kernel_failover_sources 2');
  });
  running.signal('SIGSTOP');
  await stopped(running.pid);
  // More than its queue holds: what comes now is not in it.
  ipBatch(Array.from({ length: 20_000 }, (_, at) => `link set em0 alias n${at}`));
  net.cables.em0.cut();
  net.cables.em0.repair();
  running.signal('SIGCONT');
  await running.line(/interfaces read again \(overrun\)$/);
  await running.line(/em0: failed -> active/);
  await net.allAre('up', ['carp0', 'carp1']);
  expect(running.lines.filter((line) => /carp0 carp1: set (up|down)/.test(line))).toHaveLength(2);
});

test('--kernel-failover off: the daemon itself sets the destinations down', async () => {
  using net = lab();
  await using running = await daemon([
    '-v',
    '--kernel-failover',
    'off',
    '-S',
    'em0:em1',
    '-D',
    'carp0:carp1',
  ]);
  net.cables.em0.cut();
  await running.line(/carp0 carp1: set down \(cli: em0 failed\)/);
  await net.allAre('down', ['carp0', 'carp1']);
});
