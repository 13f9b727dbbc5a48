import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ip, settle, until } from '@ifdepd/netlab';
import type { PolicyConfig } from '@ifdepd/policy';
import { beforeEach, expect, test } from 'vitest';
import type { Decision } from '../../src/engine/policy-loop.ts';
import type { LogEntry } from '../../src/log/index.ts';
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
import { daemon, home } from '../support/program.ts';

beforeEach(({ skip }) => skip(!hasRing(), 'no io_uring here'));

const both = ['carp0', 'carp1'] as const;

/** A daemon that has lost em1, with calls for its repair, and what it does from then on. */
async function lost(net: Lab, options: Parameters<typeof start>[0] = {}) {
  const decisions: Decision[] = [];
  const lines: LogEntry[] = [];
  const log = { write: (entry: LogEntry) => void lines.push(entry), close: () => Promise.resolve() };
  const of = start({ earlyLoss: 'off', ...options, log, observe: (decision) => decisions.push(decision) });
  await armed(of, 2);
  net.cables.em1.cut();
  await net.allAre('down', both);
  await repairsArmed(of, 1);
  decisions.length = 0;
  return {
    of,
    forget: () => void decisions.splice(0),
    /** Destination, which way, and whether it was changed in our name. */
    done: () =>
      decisions.flatMap(({ outcomes }) =>
        outcomes.map(
          ({ effect, changed }) => `${effect.destination} ${effect.to}${changed ? '' : ' already'}`,
        ),
      ),
    foreignChanges: () =>
      lines.filter(({ event }) => event === 'foreign-change').map(({ message }) => message),
    [Symbol.dispose]: () => of.close(),
  };
}

/** While the event loop stands still: the kernel reports the repair, and acts on it. */
function repair(net: Lab): void {
  net.cables.em1.repair();
  holdTheLoop('both to be up', () => both.every(net.isUp));
}

test('a source is repaired while the event loop is blocked: the kernel sets the destinations up, the daemon reports it afterwards', async () => {
  using net = lab();
  using running = await lost(net);
  for (const times of [1, 2]) {
    repair(net);
    expect(running.done()).toEqual([]);
    await until('the policy to know of both', () => running.done().length === 2);
    await armed(running.of, 2);
    expect(running.done()).toEqual(['carp0 up', 'carp1 up']);
    expect(running.foreignChanges()).toEqual([]);
    expect(running.of.kernelFailover?.repairs).toBe(times);
    expect(both.map(net.isUp)).toEqual([true, true]);
    net.cables.em1.cut();
    await net.allAre('down', both);
    await repairsArmed(running.of, 1);
    running.forget();
  }
});

test('a repair is over before the daemon reads of it: the destinations are up, then down again, both reported as its own', async () => {
  using net = lab();
  using running = await lost(net);
  repair(net);
  net.cables.em1.cut();
  settle('em1');
  await net.allAre('down', both);
  await repairsArmed(running.of, 1);
  expect(running.of.kernelFailover?.repairs).toBe(1);
  expect(running.done()).toEqual(['carp0 up', 'carp1 up', 'carp0 down', 'carp1 down']);
  expect(running.foreignChanges()).toEqual([]);
});

test('an administrator sets a destination down after the kernel has set it up, before the daemon reads of it: it stays down', async () => {
  using net = lab();
  using running = await lost(net);
  repair(net);
  ip('link', 'set', 'carp0', 'down');
  await until('the policy to know of both', () => running.done().length === 2);
  await until('what the administrator did to be known', () => running.foreignChanges().length > 0);
  await armed(running.of, 2);
  expect(running.done()).toEqual(['carp0 up', 'carp1 up']);
  expect(running.foreignChanges()).toEqual(['carp0: set down by another program; left down (enforce: down)']);
  expect(both.map(net.isUp)).toEqual([false, true]);
});

test.each([
  ['a destination', ['carp0', 'mtu', '1400']],
  ['another source', ['em0', 'alias', 'of the other provider']],
] as const)(
  '%s has an event before the repair: the kernel leaves the repair to the daemon',
  async (_what, words) => {
    using net = lab();
    using running = await lost(net);
    ip('link', 'set', ...words);
    net.cables.em1.repair();
    holdTheLoop('the carrier', () => net.netif.flags('em1').running);
    // Waits until the kernel has sent the message of it.
    settle('em1');
    await until('the policy to know of both', () => running.done().length === 2);
    expect(running.of.kernelFailover?.repairs).toBe(0);
    expect(running.done()).toEqual(['carp0 up', 'carp1 up']);
    expect(running.foreignChanges()).toEqual([]);
  },
);

test('an operator pauses the group: its repair is disarmed at once, and armed again when it is resumed', async () => {
  using net = lab();
  using running = await lost(net);
  running.of.feed({ type: 'pause', group: 'cli' });
  expect(running.of.kernelFailover?.armedRepairs).toBe(0);
  running.of.feed({ type: 'resume', group: 'cli' });
  await repairsArmed(running.of, 1);
  repair(net);
  running.of.feed({ type: 'pause', group: 'cli' });
  await until('the policy to know of both', () => running.done().length === 2);
  expect(running.foreignChanges()).toEqual([]);
  expect(both.map(net.isUp)).toEqual([true, true]);
});

test('reload after the kernel has acted on a repair: it is attributed to the old rules', async () => {
  using net = lab();
  using running = await lost(net);
  repair(net);
  running.of.reload({ policy: gateway });
  await armed(running.of, 2);
  expect(running.done()).toEqual(['carp0 up', 'carp1 up']);
  expect(running.foreignChanges()).toEqual([]);
});

const cli = { require: { all: ['em0', 'em1'] }, destinations: ['carp0', 'carp1'] } as const;

test.for<readonly [string, PolicyConfig['groups']]>([
  ['an up-delay', { cli: { ...cli, upDelayMs: 60_000 } }],
  ['a return by hand', { cli: { ...cli, restore: 'manual' } }],
  [
    'a check among its sources',
    { cli: { require: { any: [{ all: ['em0', 'em1'] }, 'check:web'] }, destinations: ['carp0', 'carp1'] } },
  ],
  ['a not', { cli: { require: { all: ['em0', 'em1', { not: 'carp0-x' }] }, destinations: ['carp1'] } }],
])('a group with %s is down: no repair is armed for it', async ([, groups]) => {
  using net = lab();
  net.cables.em1.cut();
  settle('em1');
  using of = start({ policy: { groups } });
  of.feed({ type: 'source', source: { id: 'check:web', health: 'failed', reason: 'exited 1' } });
  await settled();
  await settled();
  expect(of.status.groups[0]?.phase).toBe('down');
  expect(of.kernelFailover?.armedRepairs).toBe(0);
});

test('two sources are lost: the repair of none is armed, and the repair of the second once the first is back', async () => {
  using net = lab();
  using of = start({ earlyLoss: 'off' });
  net.cables.em0.cut();
  net.cables.em1.cut();
  await until(
    'both losses to be known',
    () => of.status.groups[0]?.sources.every(({ health }) => health === 'failed') === true,
  );
  await settled();
  await settled();
  expect(of.kernelFailover?.armedRepairs).toBe(0);
  net.cables.em0.repair();
  await repairsArmed(of, 1);
  repair(net);
  await armed(of, 2);
  expect(of.kernelFailover?.repairs).toBe(1);
});

type Step = (net: Pick<Lab, 'cables'>) => void;
const steps = {
  'the repair': (net) => net.cables.em1.repair(),
  'a loss of it': (net) => net.cables.em1.cut(),
  'a loss of the other source': (net) => net.cables.em0.cut(),
  'the return of the other source': (net) => net.cables.em0.repair(),
  'the other source set down': () => void ip('link', 'set', 'em0', 'down'),
} satisfies Record<string, Step>;

const R = 'the repair';
const L = 'a loss of it';
const O = 'a loss of the other source';

test('the process is stopped meanwhile: the kernel acts on a repair alone, and on none that a loss came before or after', async () => {
  using net = host('em0', 'em1', 'em2', 'carp0', 'carp1', 'mark0');
  const file = join(mkdtempSync(join(home, 'repairs-')), 'ifdepd.yaml');
  // The kernel does not act for the second group: its destination is down when the daemon has read everything.
  writeFileSync(
    file,
    `groups:
  cli: {sources: [em0, em1], destinations: [carp0, carp1]}
  mark: {sources: [em2], destinations: [mark0], down-delay: 1ms, up-delay: 1ms}
`,
  );
  await using running = await daemon(['-f', file, '--early-loss', 'off', '--metrics', '0']);
  const url = `http://${/\S+$/.exec(await running.line(/metrics on 127/))?.[0]}/metrics`;
  const number = (name: string) => {
    const { stdout } = spawnSync('curl', ['-s', url], { encoding: 'utf8' });
    return Number(new RegExp(`^ifdepd_kernel_${name} (.*)$`, 'm').exec(stdout)?.[1]);
  };
  const outcomes: unknown[] = [];
  const orders: readonly (readonly (keyof typeof steps)[])[] = [
    [R],
    [R, L],
    [R, L, R],
    [R, O],
    [O, R],
    [O, 'the return of the other source', R],
    [R, 'the other source set down'],
  ];
  for (const order of orders) {
    net.cables.em1.cut();
    await until('the repair to be armed', () => number('repair_sources') === 1);
    const before = number('repairs_total');
    running.signal('SIGSTOP');
    await stopped(running.pid);
    for (const step of order) {
      steps[step](net);
      settle('em0', 'em1');
    }
    net.cables.em2.cut();
    settle('em2');
    running.signal('SIGCONT');
    await net.allAre('down', ['mark0']);
    outcomes.push([order, number('repairs_total') - before, both.every(net.isUp)]);
    net.netif.setAdmin('em0', 'up');
    for (const source of ['em0', 'em1', 'em2'] as const) {
      net.cables[source].repair();
    }
    await net.allAre('up', [...both, 'mark0']);
  }
  expect(outcomes).toEqual([
    [[R], 1, true],
    [[R, L], 0, false],
    [[R, L, R], 0, true],
    [[R, O], 0, false],
    [[O, R], 0, false],
    [[O, 'the return of the other source', R], 0, true],
    [[R, 'the other source set down'], 0, false],
  ]);
});
