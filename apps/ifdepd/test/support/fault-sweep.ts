import { mkdirSync, mkdtempSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Libc, loadLibc } from '@ifdepd/libc';
import { type NetIf, openNetIf } from '@ifdepd/netif';
import { ipBatch } from '@ifdepd/netlab';
import { openDaemon, parseSettings } from '../../src/index.ts';
import type { Faults, Period } from './faults.ts';

/** One daemon with one source and one destination, of which some calls fail. */
export interface Scenario {
  readonly name: string;
  readonly period: Period;
  readonly source: string;
  readonly destination: string;
  readonly faults: Faults;
  /** The calls of the daemon. */
  readonly libc: Libc;
  /** A folder of its own; calls on files in it may fail. */
  readonly folder: string;
}

/** Milliseconds that a fault lasts. */
const A_WHILE_MS = 1000;

/** As many calls as may fail within {@link A_WHILE_MS}: a thousand times a second is what a fast timer makes. */
const MOST_FAILED = 2000;

/** Milliseconds until an end state has to be right, on a machine that is busy: the longest pause between attempts is 30 s. */
const PATIENCE_MS = 60_000;

const netif: NetIf = openNetIf();

/** A folder for a scenario, with places for its daemon. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ifdepd-sweep-'));
  for (const place of ['run', 'state']) {
    mkdirSync(join(folder, place), { mode: 0o755 });
  }
  return folder;
}

/**
 * Plays scenarios in this process and ends it. It prints `{ played, wrong }` as JSON: how many it has played, and each
 * thing that was wrong.
 *
 * @param atOnce each daemon hears of the interfaces of all others that run
 * @param unplayed what is wrong where a scenario never came to its fault
 */
export async function playAll(
  scenarios: readonly Scenario[],
  atOnce: number,
  unplayed: () => readonly string[] = () => [],
): Promise<never> {
  const wrong: string[] = [];
  let played = 0;
  process.on('exit', () => writeSync(1, JSON.stringify({ played, wrong })));
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) =>
      wrong.push(`${event}: ${error instanceof Error ? error.stack : error}`),
    );
  }
  ipBatch(
    scenarios.flatMap(({ source, destination }) => [
      `link add ${source} type veth peer name ${source}x`,
      `link set ${source}x up`,
      `link set ${source} up`,
      `link add ${destination} type veth peer name ${destination}x`,
      `link set ${destination} up`,
    ]),
  );
  for (let next = 0; next < scenarios.length; next += atOnce) {
    const some = scenarios.slice(next, next + atOnce).map(async (scenario) => {
      const fault = await play(scenario);
      if (fault !== null) {
        wrong.push(`${scenario.name}: ${fault}`);
      }
    });
    await Promise.all(some);
  }
  wrong.push(...unplayed());
  played = scenarios.length;
  process.exit(0);
}

/** Plays a scenario to its end. @returns what was wrong; null for nothing */
function play(scenario: Scenario): Promise<string | null> {
  const over = pause(4 * PATIENCE_MS).then(() => 'it does not end');
  return Promise.race([playToEnd(scenario), over]);
}

async function playToEnd(scenario: Scenario): Promise<string | null> {
  const { period, source, destination, faults } = scenario;
  const isUp = (name: string) => netif.flags(name).up;
  try {
    // Files of an earlier daemon are there.
    await (await open(scenario)).abandon();
    if (period === 'first') {
      faults.left = 1;
    }
    const daemon = await started(scenario);
    if (period !== 'first') {
      faults.left = period === 'later' ? 1 : Number.POSITIVE_INFINITY;
    }
    netif.setAdmin(source, 'down');
    if (period === 'for a while') {
      await pause(A_WHILE_MS);
      if (faults.failed > MOST_FAILED) {
        return `${faults.failed} calls failed within ${A_WHILE_MS} ms`;
      }
      faults.left = 0;
    }
    await until('down', () => !isUp(destination));
    netif.setAdmin(source, 'up');
    await until('up', () => isUp(destination));
    faults.left = 0;
    await daemon.stop();
    return null;
  } catch (error) {
    return error instanceof Error
      ? `${error.message} ${error.stack?.split('\n').slice(1, 5).join(' ')}`
      : String(error);
  } finally {
    faults.left = 0;
    rmSync(scenario.folder, { recursive: true, force: true });
  }
}

/** A start may be refused, in words, as long as the fault lasts. */
async function started(scenario: Scenario): ReturnType<typeof openDaemon> {
  try {
    return await open(scenario);
  } catch (error) {
    if (scenario.faults.failed === 0 || !(error instanceof Error) || !/Exit|System/.test(error.name)) {
      throw error;
    }
    scenario.faults.left = 0;
    return await open(scenario);
  }
}

function open({ source, destination, libc, folder }: Scenario): ReturnType<typeof openDaemon> {
  const config = {
    groups: {
      g: {
        require: { all: [source, { check: 'c' }] },
        destinations: [destination, { file: join(folder, 'track'), up: '0', down: '1' }],
      },
    },
    checks: { c: { file: join(folder, 'maintenance'), 'active-when': 'missing' } },
  };
  return openDaemon(parseSettings(JSON.stringify(config), join(folder, 'ifdepd.conf')), {
    libc,
    host: loadLibc(),
    directories: { runtime: join(folder, 'run'), state: join(folder, 'state') },
    log: { write() {}, close: () => Promise.resolve() },
  });
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function until(what: string, holds: () => boolean): Promise<void> {
  for (const end = performance.now() + PATIENCE_MS; !holds(); await pause(20)) {
    if (performance.now() > end) {
      throw new Error(`the destination does not come ${what}`);
    }
  }
}
