import { mkdirSync, mkdtempSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Libc } from '@ifdepd/libc';
import { type NetIf, openNetIf } from '@ifdepd/netif';
import { ipBatch } from '@ifdepd/netlab';
import type { Faults, Period } from './faults.ts';
import { removeFolder } from './remove-folder.ts';

/** One daemon, of which some calls fail. */
export interface Scenario {
  readonly name: string;
  /** Part of the names of its interfaces. */
  readonly number: number;
  readonly period: Period;
  readonly faults: Faults;
  /** The calls of the daemon. */
  readonly libc: Libc;
  /** A folder of its own; calls on files in it may fail. */
  readonly folder: string;
  /** Where its daemon has its files, and a log that nobody reads. */
  readonly places: {
    readonly host: Libc;
    readonly directories: { readonly runtime: string; readonly state: string };
    readonly log: { write(): void; close(): Promise<void> };
  };
}

type Moment = readonly [period: Period, passed: number];

/** What a daemon goes through while its calls fail. */
export interface Kind {
  /** How many are played at once: each daemon hears of the interfaces of all others. */
  readonly atOnce: number;
  /** When calls fail, and how many are made before that. */
  readonly periods: readonly Moment[];
  /** Whether each errno is tried in each period; else each errno and each period is tried at least once for each call. */
  readonly all: boolean;
  /** Calls of node:fs that are not made then. */
  readonly without: readonly string[];
  /** Names for veth pairs that are up. */
  readonly interfacesOf: (scenario: Scenario) => readonly string[];
  /** @throws {Error} with what was wrong */
  readonly toEnd: (scenario: Scenario) => Promise<void>;
}

/** Milliseconds that a fault lasts. */
export const A_WHILE_MS = 1000;

/** As many calls as may fail within {@link A_WHILE_MS}: a thousand times a second is what a fast timer makes. */
const MOST_FAILED = 2000;

/** Milliseconds until an end state has to be right, on a machine that is busy: the longest pause between attempts is 30 s. */
const PATIENCE_MS = 60_000;

const netif: NetIf = openNetIf();

export const { setAdmin } = netif;

export const isUp = (name: string): boolean => netif.flags(name).up;

/** Which errnos of a call are tried when. */
export function combinations({ periods, all }: Kind, errnos: readonly string[]) {
  const pairs = errnos.flatMap((errno, at) =>
    periods.map(([period, passed], when) => ({ errno, period, passed, at, when })),
  );
  // The longer list is gone through once, the shorter one again and again.
  return all
    ? pairs
    : pairs.filter(({ at, when }) =>
        errnos.length > periods.length ? when === at % periods.length : at === when % errnos.length,
      );
}

/** A scenario in a folder of its own. */
export function scenarioOf(of: Pick<Scenario, 'name' | 'number' | 'period' | 'faults' | 'libc'>): Scenario {
  const folder = mkdtempSync(join(tmpdir(), 'ifdepd-sweep-'));
  const [runtime, state] = [join(folder, 'run'), join(folder, 'state')];
  for (const place of [runtime, state]) {
    mkdirSync(place, { mode: 0o755 });
  }
  const log = { write() {}, close: () => Promise.resolve() };
  return { ...of, folder, places: { host: of.libc, directories: { runtime, state }, log } };
}

/** @throws {Error} where calls have failed so often within {@link A_WHILE_MS} that the daemon spins */
export function tooMany({ failed }: Faults): void {
  if (failed > MOST_FAILED) {
    throw new Error(`${failed} calls failed within ${A_WHILE_MS} ms`);
  }
}

/**
 * Plays scenarios in this process and ends it. It prints `{ played, wrong }` as JSON: how many it has played, and each
 * thing that was wrong.
 *
 * @param unplayed what is wrong where a scenario never came to its fault
 */
export async function playAll(
  { atOnce, interfacesOf, toEnd }: Kind,
  scenarios: readonly Scenario[],
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
  for (let next = 0; next < scenarios.length; next += atOnce) {
    const some = scenarios.slice(next, next + atOnce);
    const names = some.flatMap(interfacesOf);
    ipBatch(
      names.flatMap((name) => [
        `link add ${name} type veth peer name ${name}x`,
        `link set ${name}x up`,
        `link set ${name} up`,
      ]),
    );
    await Promise.all(
      some.map(async (scenario) => {
        const fault = await play(scenario, toEnd);
        if (fault !== null) {
          wrong.push(`${scenario.name}: ${fault}`);
        }
      }),
    );
    ipBatch(names.map((name) => `link del ${name}`));
  }
  wrong.push(...unplayed());
  played = scenarios.length;
  process.exit(0);
}

/** Plays a scenario to its end. @returns what was wrong; null for nothing */
async function play(scenario: Scenario, toEnd: Kind['toEnd']): Promise<string | null> {
  const { faults, folder } = scenario;
  const over = pause(4 * PATIENCE_MS).then(() => 'it does not end');
  try {
    return await Promise.race([toEnd(scenario).then(() => null), over]);
  } catch (error) {
    return error instanceof Error
      ? `${error.message} ${error.stack?.split('\n').slice(1, 5).join(' ')}`
      : String(error);
  } finally {
    faults.left = 0;
    await removeFolder(folder);
  }
}

export const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

export async function until(what: string, holds: () => boolean): Promise<void> {
  for (const end = performance.now() + PATIENCE_MS; !holds(); await pause(20)) {
    if (performance.now() > end) {
      throw new Error(`it never happens that ${what}`);
    }
  }
}
