import { until } from '@ifdepd/netlab';
import type { PolicyConfig } from '@ifdepd/policy';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Daemon } from '../../src/daemon/daemon.ts';
import { startDaemon } from '../../src/daemon/start-daemon.ts';
import { quietLog } from '../support/quiet-log.ts';
import { type ScriptedLinux, scriptedLinux, type Write } from '../support/scripted-linux.ts';

const ENOMEM = 12;
const destinations = Array.from({ length: 40 }, (_, at) => `d${at}`);
const gateway: PolicyConfig = { groups: { g: { require: { all: ['s0', 's1'] }, destinations } } };

function start(kernel: ScriptedLinux, policy = gateway): Daemon {
  const { libc, now } = kernel;
  const daemon = startDaemon({ policy, log: quietLog, libc, now, earlyLoss: 'off' });
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

/** Whether a write was wanted by how the sources were when it began. */
const isWanted = ({ to, failed }: Write) => (to === 'down') === failed.length > 0;

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

test('sources that change while destinations are set: no write that is not wanted when it begins', async () => {
  const change = fc.tuple(fc.constantFrom('s0', 's1'), fc.constantFrom('down' as const, 'up' as const));
  const timeline = fc.array(fc.tuple(fc.nat(12), fc.array(change, { maxLength: 4 })), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(timeline, fc.integer({ min: 1, max: 50 }), async (decisions, setMs) => {
      const waiting = decisions.map(([writes, changes]) => ({ writes, changes }));
      const kernel = scriptedLinux(
        ['s0', 's1'],
        destinations,
        () => setMs,
        ({ carrier }) => {
          const [next] = waiting;
          if (next !== undefined && --next.writes < 0) {
            waiting.shift();
            for (const [name, to] of next.changes) {
              carrier(name, to);
            }
          }
        },
      );
      using _daemon = startDaemon({
        policy: gateway,
        log: quietLog,
        libc: kernel.libc,
        now: kernel.now,
        earlyLoss: 'off',
      });
      kernel.carrier('s0', 'down');
      await settle(kernel);
      for (const { changes } of waiting.splice(0)) {
        for (const [name, to] of changes) {
          kernel.carrier(name, to);
        }
        await settle(kernel);
      }
      expect(kernel.writes.filter((write) => !isWanted(write))).toEqual([]);
      expect(upOf(kernel)).toEqual(kernel.failed.size > 0 ? [] : destinations);
    }),
    { numRuns: 40 },
  );
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

  test('are told in one line', async () => {
    const kernel = scriptedLinux(['s0'], ['d0'], () => 20);
    const lines: string[] = [];
    const log = { ...quietLog, write: ({ message }: { message: string }) => void lines.push(message) };
    using _daemon = startDaemon({
      policy: one({}),
      log,
      libc: kernel.libc,
      now: kernel.now,
      earlyLoss: 'off',
    });
    blink(kernel, 3);
    await settle(kernel);
    expect(lines.filter((line) => line.includes('counted'))).toEqual([
      's0: failed 3 times for so short a time that nothing was done about it; counted',
    ]);
  });
});
