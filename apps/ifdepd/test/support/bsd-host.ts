import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Libc } from '@ifdepd/libc';
import { netbsd7 } from '@ifdepd/linkwatch';
import { netbsd8 } from '@ifdepd/netif';
import { until } from '@ifdepd/netlab';
import { type ScriptedBsd, scriptedBsd } from '@ifdepd/scripted-kernels';
import { onTestFinished } from 'vitest';
import { type Daemon, type LogEntry, openDaemon, parseSettings, type SystemTables } from '../../src/index.ts';
import { realLoop } from '../../src/system/loop.ts';
import { removeFolder } from './remove-folder.ts';
import { stoppedClock } from './stopped-clock.ts';

export type System = Parameters<typeof scriptedBsd>[0];

export const systems: readonly System[] = ['freebsd', 'openbsd', 'netbsd', 'netbsd7', 'dragonfly', 'darwin'];

/** The libc's target is that of the present versions: an older one has tables of its own. */
export const tablesOf = (system: System): SystemTables =>
  system === 'netbsd7' ? { netif: netbsd8, links: netbsd7 } : {};

const IFF_UP = 1;

/** A scripted kernel with a daemon on it, and what that has said. */
export interface BsdHost {
  readonly kernel: ScriptedBsd;
  /** Of the daemon that runs. */
  readonly daemon: Daemon;
  readonly log: readonly LogEntry[];
  /** Lets the kernel's messages be read, and what follows from them, until nothing is left. */
  settle(): void;
  /** Lets the daemon receive so many pieces of what the kernel has to report, whatever the time that takes. */
  receive(pieces: number): void;
  /** Which of lan0 and lan1 are up in the kernel, in its own flags. */
  up(): readonly string[];
  isUp(name: string): boolean;
  /** Waits until what the daemon knows by now is in the file from which the next one goes on. */
  saved(): Promise<void>;
  /** Where it keeps what outlives it. */
  readonly state: string;
  /** Starts a daemon: the first one, or the next over the same kernel and state directory. */
  start(config?: string, path?: string): Promise<void>;
  stop(): Promise<void>;
  crash(): Promise<void>;
}

/** How a host differs from the usual. */
export interface BsdHostOptions {
  /** The configuration; default: em0 and bge0 are required by lan0 and lan1. */
  readonly config?: string;
  /** Before the daemon starts. */
  readonly before?: (kernel: ScriptedBsd) => void;
  /** Added to the clock by which the daemon decides, in milliseconds. Default: 0. */
  readonly later?: () => number;
  /** Calls that answer otherwise. */
  readonly calls?: (libc: Libc) => Partial<Libc>;
}

export const USUAL = 'groups: {gateway: {sources: [em0, bge0], destinations: [lan0, lan1]}}';

// A test may replace the timers.
const { setImmediate: afterTurn } = globalThis;
let turnBegan: number | undefined;

/**
 * Time stands still within a turn of the event loop: on a busy machine the daemon would leave work that takes longer than some
 * milliseconds to the next turn, and a test looks before that.
 */
function timeOfTurn(): number {
  if (turnBegan === undefined) {
    turnBegan = realLoop.now();
    afterTurn(() => {
      turnBegan = undefined;
    });
  }
  return turnBegan;
}

/** em0 and bge0 with a carrier, lan0 and lan1 with one: all up, all cards; and a daemon. */
export async function bsdHost(system: System, options: BsdHostOptions = {}): Promise<BsdHost> {
  const { before, calls, later = () => 0 } = options;
  const kernel = scriptedBsd(system);
  for (const name of ['em0', 'bge0', 'lan0', 'lan1']) {
    kernel.attach(name);
    kernel.setAdmin(name, 'up');
  }
  before?.(kernel);
  const libc = { ...kernel.libc, ...calls?.(kernel.libc) };
  const folder = mkdtempSync(join(tmpdir(), 'ifdepd-bsd-'));
  const log: LogEntry[] = [];
  let open: Awaited<ReturnType<typeof openDaemon>> | undefined;

  async function start(config = options.config ?? USUAL, path = '/etc/ifdepd.conf'): Promise<void> {
    using _ = stoppedClock();
    open = await openDaemon(parseSettings(config, path), {
      libc,
      tables: tablesOf(system),
      loop: { ...realLoop, now: () => timeOfTurn() + later() },
      directories: { runtime: join(folder, 'run'), state: join(folder, 'state') },
      log: { write: (entry) => void log.push(entry), close: () => Promise.resolve() },
    });
  }

  async function crash(): Promise<void> {
    // A process has also recorded what it has done before it dies: the journal is written within milliseconds.
    await new Promise(setImmediate);
    await open?.abandon();
    open = undefined;
  }

  onTestFinished(async () => {
    await crash();
    await removeFolder(folder);
  });
  await start();

  /** Time stands still meanwhile: a daemon that takes long would leave the rest to a later turn of the event loop. */
  function receive(pieces: number): void {
    using _ = stoppedClock();
    for (let left = pieces; left > 0; left -= 1) {
      kernel.turn();
    }
  }

  return {
    kernel,
    get daemon() {
      if (open === undefined) {
        throw new Error('no daemon runs');
      }
      return open.daemon;
    },
    log,
    settle: () => receive(8),
    receive,
    up: () => ['lan0', 'lan1'].filter((name) => (kernel.flags(name) & IFF_UP) !== 0),
    state: join(folder, 'state'),
    async saved() {
      await until('the state to be saved', () => {
        const text = stateIn(open?.daemon.saved() ?? '');
        return readdirSync(join(folder, 'state'))
          .filter((name) => name.endsWith('.state'))
          .some((name) => stateIn(readFileSync(join(folder, 'state', name), 'utf8')) === `${text}\n`);
      });
    },
    isUp: (name) => (kernel.flags(name) & IFF_UP) !== 0,
    start,
    async stop() {
      await open?.stop();
      open = undefined;
    },
    crash,
  };
}

/** What follows the clock and the count of events, which alone are not saved again. */
function stateIn(text: string): string {
  return text.slice(text.indexOf('"sources":'));
}
