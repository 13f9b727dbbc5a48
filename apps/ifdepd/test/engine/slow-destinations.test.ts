import { until } from '@ifdepd/netlab';
import type { PolicyConfig } from '@ifdepd/policy';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Daemon } from '../../src/daemon/daemon.ts';
import { startDaemon } from '../../src/daemon/start-daemon.ts';
import { realLoop } from '../../src/system/loop.ts';
import { quietLog } from '../support/quiet-log.ts';
import { type ScriptedLinux, scriptedLinux, type Write } from '../support/scripted-linux.ts';

const ENOMEM = 12;
const destinations = Array.from({ length: 40 }, (_, at) => `d${at}`);
const gateway: PolicyConfig = { groups: { g: { require: { all: ['s0', 's1'] }, destinations } } };

function start(kernel: ScriptedLinux, policy = gateway): Daemon {
  const { libc, now } = kernel;
  const daemon = startDaemon({ policy, log: quietLog, libc, loop: { ...realLoop, now }, earlyLoss: 'off' });
  onTestFinished(() => daemon.close());
  return daemon;
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Gives the event loop its turns until nothing more is set. @returns the most that was set in one turn */
async function settle(kernel: ScriptedLinux): Promise<number> {
  let most = 0;
  for (let quiet = 0; quiet < 5; ) {
    const before = kernel.writes.length;
    kernel.wake();
    await turn();
    const written = kernel.writes.length - before;
    most = Math.max(most, written);
    quiet = written === 0 && kernel.unread === 0 ? quiet + 1 : 0;
  }
  return most;
}

const upOf = (kernel: ScriptedLinux) => destinations.filter(kernel.isUp);

describe('a backlog of 25,000 events', () => {
  test.each([
    ['down', [], destinations.map((name) => `${name} down`)],
    ['up', destinations, []],
  ] as const)('that ends %s: nothing is set but what the last one wants', async (last, up, written) => {
    const kernel = scriptedLinux(['s0', 's1'], destinations, () => 20);
    start(kernel);
    for (let left = 12_500; left > 0; left -= 1) {
      kernel.carrier('s0', 'down');
      kernel.carrier('s0', 'up');
    }
    kernel.carrier('s0', last);
    await settle(kernel);
    expect(kernel.writes.map(({ name, to }) => `${name} ${to}`)).toEqual(written);
    expect(upOf(kernel)).toEqual(up);
  });

  test('the event loop has its turn after each call that takes its time', async () => {
    const kernel = scriptedLinux(['s0', 's1'], destinations, () => 20);
    start(kernel);
    kernel.carrier('s0', 'down');
    // One upon the message, and one in the turn that follows.
    expect(await settle(kernel)).toBeLessThanOrEqual(2);
    expect(upOf(kernel)).toEqual([]);
  });
});

/** From when on the sources together were active or failed. */
interface Outlook {
  readonly since: number;
  readonly failed: boolean;
}

/** Whether the sources were so for as long as the delay asks that the opposite of a write was wanted when it began. */
function isUnwanted({ at, to }: Write, outlooks: readonly Outlook[], delays: Delays): boolean {
  const { failed, since } = outlooks.findLast((one) => one.since <= at) ?? { failed: false, since: 0 };
  const { downDelayMs, upDelayMs } = delays;
  return failed ? to === 'up' && at >= since + downDelayMs : to === 'down' && at >= since + upDelayMs;
}

type Delays = Readonly<Record<'downDelayMs' | 'upDelayMs', number>>;

describe('sources that change while destinations are set', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
  afterEach(() => void vi.useRealTimers());

  test('a failed source that blinks while another one fails raises nothing: the two were never active together', async () => {
    const kernel = scriptedLinux(['s0', 's1'], destinations, () => 0);
    start(kernel, { groups: { g: { require: { all: ['s0', 's1'] }, destinations, downDelayMs: 60 } } });
    kernel.carrier('s0', 'down');
    await settle(kernel);
    kernel.pass(60);
    vi.runOnlyPendingTimers();
    await settle(kernel);
    expect(upOf(kernel)).toEqual([]);
    const { length } = kernel.writes;
    kernel.carrier('s1', 'down');
    kernel.carrier('s0', 'up');
    kernel.carrier('s0', 'down');
    await settle(kernel);
    expect(kernel.writes.slice(length)).toEqual([]);
  });

  test('no write begins against what the sources have wanted for the whole delay, and their last state is reached', async () => {
    const change = fc.tuple(fc.constantFrom('s0', 's1'), fc.constantFrom('down' as const, 'up' as const));
    const timeline = fc.array(fc.tuple(fc.nat(12), fc.array(change, { maxLength: 4 })), { maxLength: 12 });
    const delay = fc.constantFrom(0, 0, 60, 700);
    const delays = fc.record({ downDelayMs: delay, upDelayMs: delay });
    const numRuns = Number(process.env['FC_NUM_RUNS'] ?? 100);
    await fc.assert(
      fc.asyncProperty(timeline, fc.integer({ min: 1, max: 50 }), delays, async (decisions, setMs, knobs) => {
        const waiting = decisions.map(([writes, changes]) => ({ writes, changes }));
        const outlooks: Outlook[] = [];
        const kernel = scriptedLinux(
          ['s0', 's1'],
          destinations,
          () => setMs,
          () => {
            const [next] = waiting;
            if (next !== undefined && --next.writes < 0) {
              waiting.shift();
              changeAll(next.changes);
            }
          },
        );
        const changeAll = (changes: readonly (readonly [string, 'down' | 'up'])[]) => {
          for (const [name, to] of changes) {
            kernel.carrier(name, to);
            const failed = kernel.failed.size > 0;
            if (failed !== outlooks.at(-1)?.failed) {
              outlooks.push({ since: kernel.now(), failed });
            }
          }
        };
        const policy = { groups: { g: { require: { all: ['s0', 's1'] }, destinations, ...knobs } } };
        const { libc, now } = kernel;
        using daemon = startDaemon({
          policy,
          log: quietLog,
          libc,
          loop: { ...realLoop, now },
          earlyLoss: 'off',
        });
        /** Until nothing more is set and nothing is due. */
        const finish = async () => {
          await settle(kernel);
          for (let due = daemon.status.nextDeadline; due !== null; due = daemon.status.nextDeadline) {
            kernel.pass(Math.max(0, due - kernel.now()));
            vi.runOnlyPendingTimers();
            await settle(kernel);
          }
        };
        changeAll([['s0', 'down']]);
        await finish();
        for (const { changes } of waiting.splice(0)) {
          changeAll(changes);
          await finish();
        }
        expect(kernel.writes.filter((write) => isUnwanted(write, outlooks, knobs))).toEqual([]);
        expect(upOf(kernel)).toEqual(kernel.failed.size > 0 ? [] : destinations);
      }),
      { numRuns },
    );
  });
});

test('a destination that cannot be read is read again soon, and the daemon goes on', async () => {
  const kernel = scriptedLinux(['s0', 's1'], ['d0'], () => 20);
  start(kernel, { groups: { g: { require: { all: ['s0', 's1'] }, destinations: ['d0'] } } });
  kernel.carrier('s0', 'down');
  await settle(kernel);
  kernel.raise('d0');
  kernel.refusal = ENOMEM;
  await settle(kernel);
  expect(kernel.isUp('d0')).toBe(true);
  kernel.refusal = null;
  await until('d0 to be set down', () => !kernel.isUp('d0'));
});

describe('losses that are over when they are read', () => {
  const blink = (kernel: ScriptedLinux, times: number) => {
    for (let left = times; left > 0; left -= 1) {
      kernel.carrier('s0', 'down');
      kernel.carrier('s0', 'up');
    }
  };
  const one = (knobs: Partial<PolicyConfig['groups'][string]>): PolicyConfig => ({
    groups: { g: { require: 's0', destinations: ['d0'], ...knobs } },
  });

  test('count for flap damping', async () => {
    const kernel = scriptedLinux(['s0'], ['d0'], () => 20);
    const daemon = start(kernel, one({ dampening: {} }));
    blink(kernel, 3);
    await settle(kernel);
    expect(daemon.status.groups[0]).toMatchObject({
      phase: 'coming-up',
      suppressedUntil: expect.any(Number),
    });
    expect(kernel.isUp('d0')).toBe(false);
  });

  test('are counted as hidden by a delay', async () => {
    const kernel = scriptedLinux(['s0'], ['d0'], () => 20);
    const daemon = start(kernel, one({ downDelayMs: 5000 }));
    blink(kernel, 3);
    await settle(kernel);
    expect(daemon.status.groups[0]).toMatchObject({ phase: 'up', hidden: 3 });
    expect(kernel.writes).toEqual([]);
  });

  test('losses that are over when they are read: one line in the log', async () => {
    const kernel = scriptedLinux(['s0'], ['d0'], () => 20);
    const lines: string[] = [];
    const log = { ...quietLog, write: ({ message }: { message: string }) => void lines.push(message) };
    using _daemon = startDaemon({
      policy: one({}),
      log,
      libc: kernel.libc,
      loop: { ...realLoop, now: kernel.now },
      earlyLoss: 'off',
    });
    blink(kernel, 3);
    await settle(kernel);
    expect(lines.filter((line) => line.includes('counted'))).toEqual([
      's0: failed 3 times too briefly to act on; counted',
    ]);
  });
});
