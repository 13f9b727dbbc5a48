import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { enterNewNamespace, until } from '@ifdepd/netlab';
import type { Death, LabSource, Site } from './death.ts';
import { type LabDaemon, type LoggedChange, startLabDaemon } from './lab-daemon.ts';

/** What to do in the lab. */
export interface LabOptions {
  /** The file of the built daemon. */
  readonly program: string;
  readonly deaths: readonly Death[];
  /** Milliseconds between two probes. */
  readonly everyMs: number;
  /** How often every path dies. */
  readonly rounds: number;
  /** Milliseconds before each round in which nothing happens. */
  readonly quietMs: number;
}

/** What became of one source. */
export interface LabRow {
  readonly death: Death;
  readonly source: LabSource;
  /** Milliseconds from the death until the group was down, by the log of the daemon, of each round. */
  readonly noticedMs: readonly number[];
}

/** What came of it. */
export interface LabReport {
  readonly rows: readonly LabRow[];
  /** Messages about groups that went down while their path was whole. */
  readonly falseAlarms: readonly string[];
  /** Milliseconds of quiet, over all rounds. */
  readonly quietMs: number;
  /** Of a core, that the daemon took in the quiet, from 0 to 1. */
  readonly share: number;
}

/** A source of a site, with the group that requires it. */
interface Group {
  readonly name: string;
  readonly death: Death;
  readonly site: Site;
  readonly source: LabSource;
  readonly noticedMs: number[];
}

/** Milliseconds for what the kernel reports, and for timers and the log of what is probed, on a quiet machine. */
const BESIDES_MS = 1000;

/** The same for paths that come back: a window begins anew after each timer that fires late. */
const MENDED_MS = 30_000;

/**
 * Makes each path and kills all of them, some times over, in a network namespace of its own.
 *
 * @throws {Error} that names the group which did not follow its path
 */
export async function runLab(options: LabOptions): Promise<LabReport> {
  enterNewNamespace();
  const folder = mkdtempSync(join(tmpdir(), 'ifdepd-paths-'));
  const sites: Site[] = [];
  const groups: Group[] = [];
  try {
    for (const [index, death] of options.deaths.entries()) {
      const site = await death.make({ at: index + 1, everyMs: options.everyMs, folder });
      sites.push(site);
      for (const source of site.sources) {
        groups.push({ name: `g${groups.length}`, death, site, source, noticedMs: [] });
      }
    }
    await using daemon = await startLabDaemon(options.program, configurationOf(groups, folder));
    return await letDie(daemon, groups, sites, options);
  } finally {
    for (const site of sites) {
      site[Symbol.dispose]();
    }
    rmSync(folder, { recursive: true, force: true });
  }
}

/** All rounds. */
async function letDie(
  daemon: LabDaemon,
  groups: readonly Group[],
  sites: readonly Site[],
  options: LabOptions,
): Promise<LabReport> {
  const falseAlarms: string[] = [];
  let quietMs = 0;
  let busyMs = 0;
  await allAreUp(daemon, groups);
  for (let round = 0; round < options.rounds; round += 1) {
    const before = { at: performance.now(), cpuMs: daemon.facts().cpuMs, changes: daemon.changes.length };
    await pause(options.quietMs);
    quietMs += performance.now() - before.at;
    busyMs += daemon.facts().cpuMs - before.cpuMs;
    falseAlarms.push(...losses(daemon.changes.slice(before.changes)).map(({ message }) => message));
    await die(daemon, groups, sites, falseAlarms);
  }
  return {
    rows: groups.map(({ death, source, noticedMs }) => ({ death, source, noticedMs })),
    falseAlarms,
    quietMs,
    share: busyMs / quietMs,
  };
}

/** One round: every path dies, every group goes down, every path is mended, every group comes back. */
async function die(
  daemon: LabDaemon,
  groups: readonly Group[],
  sites: readonly Site[],
  falseAlarms: string[],
): Promise<void> {
  const from = daemon.changes.length;
  const killedMs = new Map<Site, number>();
  for (const site of sites) {
    killedMs.set(site, Date.now());
    await site.kill();
  }
  await Promise.all(groups.map((group) => isDown(daemon, group)));
  for (const { name, site, noticedMs } of groups) {
    const own = losses(daemon.changes.slice(from)).filter(({ subject }) => subject === name);
    const since = killedMs.get(site) ?? Number.NaN;
    falseAlarms.push(...own.filter(({ atMs }) => atMs < since).map(({ message }) => message));
    noticedMs.push((own.find(({ atMs }) => atMs >= since)?.atMs ?? Number.NaN) - since);
  }
  for (const site of sites) {
    await site.mend();
  }
  await allAreUp(daemon, groups);
}

/** The changes that took a group down. */
function losses(changes: readonly LoggedChange[]): readonly LoggedChange[] {
  return changes.filter(({ event, to }) => event === 'transition' && to === 'down');
}

/** Waits no longer than its source may take on a quiet machine. */
async function isDown(daemon: LabDaemon, { name, death, source }: Group): Promise<void> {
  await until(
    () => `the source to notice it: ${death.name}: ${source.name}\n${said(daemon)}`,
    () => daemon.phase(name) === 'down',
    source.within * (source.everyMs ?? 0) + BESIDES_MS,
  );
}

async function allAreUp(daemon: LabDaemon, groups: readonly Group[]): Promise<void> {
  const others = (): readonly Group[] => groups.filter(({ name }) => daemon.phase(name) !== 'up');
  const longestMs = Math.max(...groups.map(({ source }) => source.within * (source.everyMs ?? 0)));
  await until(
    () => {
      const names = others().map(({ death, source }) => `${death.name}: ${source.name}`);
      return `the groups of whole paths to be up: ${names.join(', ')}\n${said(daemon)}`;
    },
    () => others().length === 0,
    longestMs + MENDED_MS,
  );
}

function said({ changes }: LabDaemon): string {
  return changes.map(({ message }) => message).join('\n');
}

/** A group for each source, with a file as its destination. */
function configurationOf(groups: readonly Group[], folder: string): object {
  const probes: Record<string, object> = {};
  const checks: Record<string, object> = {};
  const entries = groups.map(({ name, source: { require } }) => {
    const destinations = [{ file: join(folder, name), up: '1', down: '0' }];
    if (typeof require === 'string') {
      return [name, { sources: [require], destinations }];
    }
    if ('probe' in require) {
      probes[name] = require.probe;
      return [name, { require: { probe: name }, destinations }];
    }
    checks[name] = require.check;
    return [name, { require: { check: name }, destinations }];
  });
  return { groups: Object.fromEntries(entries), probes, checks };
}
