import fc from 'fast-check';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import type { DestinationSettings } from '../../src/config/settings.ts';
import { startDaemon } from '../../src/daemon/start-daemon.ts';
import type { Decision } from '../../src/engine/policy-loop.ts';
import { realLoop } from '../../src/system/loop.ts';
import { quietLog } from '../support/quiet-log.ts';
import { scriptedLinux } from '../support/scripted-linux.ts';
import { scriptedPrograms } from '../support/scripted-programs.ts';

beforeEach(
  () => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] }),
);
afterEach(() => void vi.useRealTimers());

const FAILED = { ok: false, reason: 'exited 1' };

type Exec = Partial<Extract<DestinationSettings, { action: 'exec' }>>;

/** A daemon on scripted links, with the interface d0 and programs as the destinations of one group. */
function start(exec: Exec = {}, lowered: readonly string[] = []) {
  const kernel = scriptedLinux(['s0'], ['d0'], () => 0);
  const scripted = scriptedPrograms();
  const log: string[] = [];
  const decisions: Decision[] = [];
  const id = 'exec:web';
  const settings: DestinationSettings = {
    id,
    action: 'exec',
    up: ['up'],
    down: ['down'],
    read: null,
    timeoutMs: 5000,
    onExit: 'leave',
    ...exec,
  };
  const daemon = startDaemon({
    policy: { groups: { g: { require: 's0', destinations: [id, 'd0'] } } },
    destinations: new Map<string, DestinationSettings>([
      [id, settings],
      ['d0', { id: 'd0', action: 'admin', interface: 'd0', onExit: 'leave' }],
    ]),
    log: { ...quietLog, write: ({ message }) => void log.push(message) },
    libc: kernel.libc,
    loop: { ...realLoop, now: kernel.now },
    earlyLoss: 'off',
    programs: () => scripted.programs,
    owned: (destination) => lowered.includes(destination),
    observe: (decision) => void decisions.push(decision),
  });
  onTestFinished(() => daemon.close());

  /** Gives the event loop its turns until nothing more happens. */
  async function settle(): Promise<void> {
    for (let quiet = 0; quiet < 6; ) {
      const before = `${kernel.writes.length} ${scripted.begun.length}`;
      if (kernel.unread > 0) {
        kernel.wake();
      }
      await new Promise((resolve) => setImmediate(resolve));
      quiet =
        before === `${kernel.writes.length} ${scripted.begun.length}` && kernel.unread === 0 ? quiet + 1 : 0;
    }
  }

  return {
    kernel,
    daemon,
    log,
    decisions,
    scripted,
    settle,
    /** The source gets or loses its carrier, and what follows is done. */
    async carrier(to: 'up' | 'down') {
      kernel.carrier('s0', to);
      await settle();
    },
    /** Ends the program that runs, and what follows is done. */
    async end(how?: Parameters<(typeof scripted.running)[number]['end']>[0]) {
      scripted.running[0]?.end(how);
      await settle();
    },
    /** Lets the next deadline of the policy come. */
    async due() {
      kernel.pass(Math.max(0, (daemon.status.nextDeadline ?? kernel.now()) - kernel.now()));
      vi.runOnlyPendingTimers();
      await settle();
    },
    get web() {
      return daemon.status.destinations.find((one) => one.id === id);
    },
  };
}

test('an interface is set before the program of another destination is begun, and follows its source while that runs', async () => {
  const { kernel, carrier, scripted } = start();
  kernel.carrier('s0', 'down');
  kernel.wake();
  expect([kernel.isUp('d0'), scripted.begun]).toEqual([false, []]);
  await carrier('up');
  expect(kernel.isUp('d0')).toBe(true);
});

test('a program that has exited with 0 has set its destination: one line in the log, one action', async () => {
  const one = start();
  await one.carrier('down');
  expect(one.web).toMatchObject({ is: 'up', want: 'down', differs: { reason: 'setting' } });
  await one.end();
  expect(one.web).toMatchObject({ is: 'down', want: 'down', owned: true });
  expect(one.log.filter((line) => line.startsWith('exec:web'))).toEqual([
    'exec:web: set down (g: s0 failed)',
  ]);
  await one.carrier('up');
  await one.end();
  expect(one.web).toMatchObject({ is: 'up', want: 'up' });
  expect(one.scripted.begun).toEqual(['down', 'up']);
});

test('a program that fails is run again with a growing pause, until it exits with 0', async () => {
  const one = start();
  await one.carrier('down');
  const pauses: number[] = [];
  for (const _ of [1, 2, 3]) {
    await one.end(FAILED);
    expect(one.web).toMatchObject({ is: 'unknown', want: 'down', error: 'ERR_PROGRAM' });
    pauses.push(Math.round((one.daemon.status.nextDeadline ?? 0) - one.kernel.now()));
    await one.due();
  }
  await one.end();
  expect(one.scripted.begun).toEqual(['down', 'down', 'down', 'down']);
  expect(pauses).toEqual([100, 200, 400]);
  expect(one.web).toMatchObject({ is: 'down', error: null });
  expect(one.log).toContain('exec:web: cannot be set down (g: s0 failed), ifdepd tries again: down exited 1');
});

test('what is wanted changes while a program runs: the other one runs after it, and nothing in between', async () => {
  const one = start();
  await one.carrier('down');
  await one.carrier('up');
  await one.carrier('down');
  await one.carrier('up');
  expect(one.scripted.begun).toEqual(['down']);
  await one.end();
  expect(one.scripted.begun).toEqual(['down', 'up']);
  await one.end();
  expect(one.web).toMatchObject({ is: 'up', want: 'up', foreignChanges: 0 });
});

test('the group comes up while the program for down is tried again: the one for up runs, though none has set it down', async () => {
  const one = start();
  await one.carrier('down');
  await one.end(FAILED);
  await one.carrier('up');
  expect(one.scripted.begun).toEqual(['down', 'up']);
  await one.end(FAILED);
  await one.due();
  expect(one.scripted.begun).toEqual(['down', 'up', 'up']);
  await one.end();
  expect(one.web).toMatchObject({ is: 'up', want: 'up', foreignChanges: 0 });
  expect(one.log.filter((line) => line.includes('another program'))).toEqual([]);
});

test('a destination that an earlier process may have set down, and that no program reads, is set up at the start', async () => {
  const one = start({}, ['exec:web']);
  await one.settle();
  expect(one.scripted.begun).toEqual(['up']);
});

test('a destination that no program reads and no process has set is up at the start: nothing is run', async () => {
  const one = start();
  await one.settle();
  expect([one.scripted.begun, one.web?.is]).toEqual([[], 'up']);
});

test.each([
  ['up', [], 'up'],
  ['down', ['up'], 'down'],
  ['missing', [], 'missing'],
  ['sideways', [], 'unknown'],
] as const)('a destination whose program prints %s at the start: %j is run', async (printed, begun, is) => {
  const one = start({ read: ['read'] });
  await one.settle();
  await one.end({ printed });
  expect([one.scripted.begun, one.web?.is]).toEqual([['read', ...begun], is]);
});

test('another program raises a destination that is held down: it is set down again when its program is asked', async () => {
  const one = start({ read: ['read'] });
  await one.settle();
  await one.end({ printed: 'up' });
  await one.carrier('down');
  await one.end();
  vi.advanceTimersByTime(10_000);
  await one.settle();
  await one.end({ printed: 'up' });
  expect(one.scripted.begun).toEqual(['read', 'down', 'read', 'down']);
  await one.end();
  expect(one.log).toContain('exec:web: another program set it up; set down again because s0 has failed');
});

test('a reload to other programs while one runs: those of before and after never run together', async () => {
  const one = start();
  await one.carrier('down');
  one.daemon.reload({
    policy: { groups: { g: { require: 's0', destinations: ['exec:web'] } } },
    destinations: new Map([
      [
        'exec:web',
        {
          id: 'exec:web',
          action: 'exec',
          up: ['up2'],
          down: ['down2'],
          read: ['read2'],
          timeoutMs: 5000,
          onExit: 'leave',
        },
      ],
    ]),
  });
  await one.settle();
  for (let left = 5; left > 0; left -= 1) {
    await one.end({ printed: 'up' });
  }
  expect(one.scripted.most).toBe(1);
  expect(one.scripted.begun.slice(0, 2)).toEqual(['down', 'read2']);
  expect(one.scripted.begun.at(-1)).toBe('down2');
});

test('the time that programs take is no reaction of the daemon', async () => {
  const one = start();
  await one.carrier('down');
  await one.end();
  const outcomes = one.decisions.flatMap((decision) => decision.outcomes);
  expect(outcomes.map(({ effect, byProgram }) => [effect.destination, byProgram])).toEqual([
    ['d0', undefined],
    ['exec:web', true],
  ]);
});

test('any timeline of losses, returns, failing and succeeding programs: one program at a time, and the last state is reached', async () => {
  const happening = fc.oneof(
    fc.constantFrom('up' as const, 'down' as const).map((to) => ({ carrier: to })),
    fc.boolean().map((ok) => ({ ok })),
    fc.constant({ due: true as const }),
  );
  const read = fc.constantFrom<readonly string[] | null>(null, ['read']);
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { maxLength: 20 }), read, async (timeline, read) => {
      const one = start({ read });
      /** What the programs have made of it. */
      let world: 'up' | 'down' = 'up';
      const end = async (ok: boolean) => {
        const word = one.scripted.running[0]?.words[0];
        if (ok && (word === 'up' || word === 'down')) {
          world = word;
        }
        await one.end(ok ? { printed: world } : FAILED);
      };
      await one.settle();
      for (const next of timeline) {
        if ('carrier' in next) {
          await one.carrier(next.carrier);
        } else if ('ok' in next) {
          await end(next.ok);
        } else {
          await one.due();
        }
      }
      const rest = async () => {
        for (
          let rounds = 0;
          one.scripted.running.length > 0 || one.daemon.status.nextDeadline !== null;
          rounds += 1
        ) {
          expect(rounds).toBeLessThan(100);
          await (one.scripted.running.length > 0 ? end(true) : one.due());
        }
      };
      await rest();
      // A program that could not say what the destination is will be asked again.
      vi.advanceTimersByTime(10_000);
      await one.settle();
      await rest();
      expect(one.scripted.most).toBeLessThanOrEqual(1);
      const wanted = one.kernel.failed.size > 0 ? 'down' : 'up';
      expect([one.web?.is, world]).toEqual([wanted, wanted]);
      expect(one.web?.foreignChanges).toBe(0);
      one.daemon.close();
    }),
    { numRuns: Number(process.env['FC_NUM_RUNS'] ?? 100) },
  );
});

test('a daemon that is closed asks no program any more: no timer of it is left', async () => {
  const { daemon, settle } = start({ read: ['read'] });
  await settle();
  expect(vi.getTimerCount()).toBeGreaterThan(0);
  daemon.close();
  expect(vi.getTimerCount()).toBe(0);
});
