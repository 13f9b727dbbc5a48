import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Libc, loadLibc } from '@ifdepd/libc';
import { type ScriptedBsd, scriptedBsd } from '@ifdepd/scripted-kernels';
import { expect, test } from 'vitest';
import { openDaemon, parseSettings } from '../../src/index.ts';
import { type System, systems, tablesOf } from '../support/bsd-host.ts';
import { Faults, type Period } from '../support/faults.ts';
import { removeFolder } from '../support/remove-folder.ts';

/** By call, as the manual pages of the BSDs name them. */
const ERRNOS = {
  socket: ['EMFILE', 'ENFILE', 'ENOBUFS', 'EPERM'],
  setsockopt: ['ENOBUFS', 'EINVAL'],
  recvfrom: ['ENOBUFS', 'EINTR', 'EAGAIN', 'EIO', 'ENOMEM'],
  ioctl: ['EIO', 'EBUSY', 'EPERM', 'ENOBUFS', 'EINTR', 'ENOMEM'],
  sysctl: ['ENOMEM', 'EPERM', 'EINTR'],
  sysctlbyname: ['ENOMEM', 'EPERM', 'EINTR'],
  if_nameindex: ['ENOBUFS', 'ENOMEM', 'EMFILE'],
  fcntl: ['EINVAL', 'EPERM'],
  close: ['EIO', 'EINTR'],
} as const satisfies Partial<Record<keyof Libc, readonly string[]>>;

const PERIODS: readonly Period[] = ['first', 'later', 'for a while'];
const A_WHILE_MS = 300;
/** A thousand times a second is what a fast timer makes. */
const MOST_FAILED = 2 * A_WHILE_MS;
/** The longest pause between attempts is a second here: few calls have failed in a row. */
const PATIENCE_MS = 60_000;
const IFF_UP = 1;

/** What a destination adds to the demotion counter, where one can be set. */
const DEMOTION: Partial<Readonly<Record<System, number>>> = { freebsd: 240, openbsd: 1 };

const configOf = (system: System) =>
  `groups: {g: {sources: [em0, bge0], destinations: [lan0, lan1${system in DEMOTION ? ', {demote: carp}' : ''}]}}`;

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** The calls of a kernel, of which one fails. The descriptor is closed all the same. */
function faulty({ libc }: ScriptedBsd, call: keyof typeof ERRNOS, errno: string, faults: Faults): Libc {
  const number = Object.entries(libc.target.errno).find(([, [name]]) => name === errno)?.[0];
  if (number === undefined) {
    throw new Error(`${libc.target.platform} has no ${errno}`);
  }
  const failing = (...words: unknown[]): unknown => {
    if (!faults.strikes()) {
      return Reflect.apply(libc[call], libc, words);
    }
    if (call === 'close') {
      Reflect.apply(libc.close, libc, words);
    }
    return -Number(number);
  };
  return { ...libc, [call]: failing };
}

/** Calls that have failed in a scenario. */
const struck = new Set<string>();

/** Plays one scenario to its end. @returns what was wrong; null for nothing */
async function play(
  system: System,
  call: keyof typeof ERRNOS,
  errno: string,
  period: Period,
): Promise<string | null> {
  const kernel = scriptedBsd(system);
  for (const name of ['em0', 'bge0', 'lan0', 'lan1']) {
    kernel.attach(name);
    kernel.setAdmin(name, 'up');
  }
  const faults = new Faults();
  const folder = mkdtempSync(join(tmpdir(), 'ifdepd-failing-'));
  const libc = faulty(kernel, call, errno, faults);
  const open = () =>
    openDaemon(parseSettings(configOf(system), '/etc/ifdepd.conf'), {
      libc,
      host: loadLibc(),
      tables: tablesOf(system),
      directories: { runtime: join(folder, 'run'), state: join(folder, 'state') },
      log: { write() {}, close: () => Promise.resolve() },
    });
  /** What is not as it has to be. */
  const wrongFor = (to: 'up' | 'down') => [
    ...['lan0', 'lan1'].filter((name) => ((kernel.flags(name) & IFF_UP) !== 0) !== (to === 'up')),
    ...(system in DEMOTION && kernel.demotion() !== (to === 'up' ? 0 : DEMOTION[system]) ? ['demotion'] : []),
  ];
  const are = async (to: 'up' | 'down') => {
    for (const end = performance.now() + PATIENCE_MS; wrongFor(to).length > 0; await pause(5)) {
      if (performance.now() > end) {
        throw new Error(`${wrongFor(to)} did not come ${to}, demotion ${kernel.demotion()}`);
      }
    }
  };
  try {
    faults.left = period === 'first' ? 1 : 0;
    // A start may be refused, in words, as long as the fault lasts.
    const daemon = await open().catch((error: unknown) => {
      if (faults.failed === 0 || !(error instanceof Error) || !/Exit|System/.test(error.name)) {
        throw error;
      }
      faults.left = 0;
      return open();
    });
    faults.left = { first: 0, later: 1, 'for a while': Number.POSITIVE_INFINITY }[period];
    kernel.carrier('em0', 'down');
    if (period === 'for a while') {
      await pause(A_WHILE_MS);
      if (faults.failed > MOST_FAILED) {
        return `${faults.failed} calls failed within ${A_WHILE_MS} ms`;
      }
      faults.left = 0;
    }
    await are('down');
    kernel.carrier('em0', 'up');
    await are('up');
    faults.left = 0;
    await daemon.stop();
    return null;
  } catch (error) {
    return error instanceof Error ? `${error.stack?.split('\n').slice(0, 5).join(' ')}` : String(error);
  } finally {
    if (faults.failed > 0) {
      struck.add(call);
    }
    faults.left = 0;
    await removeFolder(folder);
  }
}

test.each(systems)(
  '%s: each call fails with each of its errnos, first, later and for a while: no exception, no spin, the right end state',
  async (system) => {
    const scenarios = Object.entries(ERRNOS).flatMap(([call, errnos]) =>
      errnos.flatMap((errno) =>
        PERIODS.map((period) => [call as keyof typeof ERRNOS, errno, period] as const),
      ),
    );
    const wrong = await Promise.all(
      scenarios.map(async ([call, errno, period]) => {
        const fault = await play(system, call, errno, period);
        return fault === null ? [] : [`${call} ${errno}, ${period}: ${fault}`];
      }),
    );
    expect(wrong.flat()).toEqual([]);
  },
  120_000,
);

test('each of these calls has failed in one of the scenarios above', () => {
  expect(Object.keys(ERRNOS).filter((call) => !struck.has(call))).toEqual([]);
});
