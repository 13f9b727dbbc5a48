import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { enterNewNamespace, ipBatch, mountSysfs } from '@ifdepd/netlab';
import { compile, type GroupConfig } from '@ifdepd/policy';
import type { CPrograms } from './build-c.ts';
import { look, untilAsleep } from './footprint.ts';
import { lineProcess } from './process.ts';
import { type Candidate, cutAndRepair, LATE, microseconds, untilReady } from './reaction.ts';
import { type Row, ratio } from './row.ts';
import { median, time } from './statistics.ts';

/** Sources and destinations of each group. */
const MEMBERS = 4;
const BLOCKS = 3;
const COURSE = { cuts: 20, gap: () => 20 };
const RELOADS = 3;

/** How large: smaller for a first look. */
export interface ScaleOptions {
  /** Numbers of groups, one after the other; the daemon with one group is the reference of each. */
  readonly groups: readonly number[];
  /** Interfaces beside one group, with the floor as the reference. */
  readonly others: number;
}

/** What one candidate does in one block. */
interface Block {
  readonly down: readonly number[];
  readonly up: readonly number[];
  /** Right after them. */
  readonly rssKiB: number;
  /** Once it sleeps; null where that was not waited for. */
  readonly asleepKiB: number | null;
}

/** P12: what many groups, and many interfaces, cost one failover. */
export async function scaleRows(
  program: string,
  floor: Candidate,
  programs: CPrograms,
  folder: string,
  { groups, others }: ScaleOptions,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (const count of groups) {
    rows.push(...(await manyGroups(program, programs, folder, count)));
  }
  world([...membersOf(1), ...Array.from({ length: others }, (_, at) => `other${at}`)]);
  const one = configured(program, join(folder, 'one.json'), 1);
  const [reference, own] = await inTurn([floor, one], programs);
  return [
    ...rows,
    ...reactionRows(`beside ${others} other interfaces (reference: the floor)`, reference, own),
  ];
}

async function manyGroups(
  program: string,
  programs: CPrograms,
  folder: string,
  count: number,
): Promise<Row[]> {
  world(membersOf(count));
  const name = `${count} groups of ${MEMBERS} sources and ${MEMBERS} destinations`;
  const rows: Row[] = [];
  for (const words of [[], ['--kernel-failover', 'off']]) {
    const pair = [1, count].map((groups) =>
      configured(program, join(folder, `${groups}.json`), groups, words),
    );
    const [one, many] = await inTurn(pair, programs);
    rows.push(...reactionRows([`${name} (reference: 1 group)`, ...words].join(' '), one, many));
    if (words.length === 0) {
      rows.push(
        memoryRow(`${name}: RSS right after ${2 * COURSE.cuts} events`, one, many, ({ rssKiB }) => rssKiB),
        memoryRow(`${name}: RSS asleep`, one, many, ({ asleepKiB }) => asleepKiB),
      );
    }
  }
  const file = join(folder, `${count}.json`);
  return [...rows, ...(await reloadRows(name, configured(program, file, count), programs, count))];
}

function memoryRow(
  name: string,
  reference: readonly Block[],
  own: readonly Block[],
  kiBOf: (block: Block) => number | null,
): Row {
  const [before = Number.NaN, after = Number.NaN] = [reference, own].map(
    (blocks) => median(blocks.flatMap((block) => kiBOf(block) ?? [])) / 1024,
  );
  return {
    quantity: `P12 ${name} (reference: 1 group)`,
    reference: `${before.toFixed(1)} MB`,
    ifdepd: `${after.toFixed(1)} MB`,
    ratio: `+${(after - before).toFixed(1)} MB`,
  };
}

/** em0 and carp0 with a far end each, and other interfaces in pairs, two that stand together, in a new namespace. */
function world(others: readonly string[]): void {
  enterNewNamespace();
  // /sys shows this namespace, as on a host: the early-loss probe reads its counters.
  const refusal = mountSysfs();
  if (refusal !== null) {
    throw new Error(refusal);
  }
  const pairs = [
    ['em0', 'em0-x'],
    ['carp0', 'carp0-x'],
    ...others.flatMap((name, at) => (at % 2 === 0 ? [[name, others[at + 1] ?? 'spare']] : [])),
  ];
  ipBatch(
    pairs.flatMap(([one, other]) => [
      `link add ${one} type veth peer name ${other}`,
      `link set ${one} up`,
      `link set ${other} up`,
    ]),
  );
}

/** The groups, of which the one in the middle has em0 and carp0. */
function groupsOf(count: number): Readonly<Record<string, GroupConfig>> {
  const middle = Math.floor(count / 2);
  const names = (group: number, of: string, first: string): string[] =>
    Array.from({ length: MEMBERS }, (_, at) =>
      group === middle && at === 0 ? first : `${of}${group}-${at}`,
    );
  return Object.fromEntries(
    Array.from({ length: count }, (_, group) => [
      `g${group}`,
      { require: { all: names(group, 's', 'em0') }, destinations: names(group, 'd', 'carp0') },
    ]),
  );
}

/** Those of the many groups besides em0 and carp0, and those of the one. Two sources, or two destinations, stand together. */
function membersOf(count: number): readonly string[] {
  return ['s', 'd'].flatMap((of) =>
    Array.from({ length: count * MEMBERS }, (_, at) => `${of}${Math.floor(at / MEMBERS)}-${at % MEMBERS}`),
  );
}

function configured(program: string, file: string, count: number, words: readonly string[] = []): Candidate {
  const groups = Object.fromEntries(
    Object.entries(groupsOf(count)).map(([name, { require, destinations }]) => [
      name,
      { require, destinations },
    ]),
  );
  writeFileSync(file, JSON.stringify({ groups }), { mode: 0o600 });
  return {
    name: file,
    command: [process.execPath, program, '-v', ...words, '-f', file],
    ready: /: ready: /,
  };
}

/** Blocks of two candidates in turn, in the present namespace. */
async function inTurn(pair: readonly Candidate[], programs: CPrograms): Promise<readonly [Block[], Block[]]> {
  const blocks: [Block[], Block[]] = [[], []];
  for (let block = 0; block < BLOCKS; block += 1) {
    for (const [at, candidate] of pair.entries()) {
      blocks[at]?.push(await measured(candidate, programs, block === BLOCKS - 1));
    }
  }
  return blocks;
}

/** @param isLast whether its memory is measured once it sleeps, too: that takes up to a minute */
async function measured(candidate: Candidate, programs: CPrograms, isLast: boolean): Promise<Block> {
  await using stopwatch = lineProcess([programs.stopwatch, 'veth', 'em0-x', 'carp0'], 'stdout');
  await stopwatch.next();
  await using daemon = lineProcess(candidate.command, 'stderr');
  await untilReady(candidate, daemon, stopwatch);
  const samples = await cutAndRepair(stopwatch, COURSE);
  const { rssKiB } = look(daemon.pid);
  if (isLast) {
    await untilAsleep(daemon.pid);
  }
  return { ...samples, rssKiB, asleepKiB: isLast ? look(daemon.pid).rssKiB : null };
}

function reactionRows(name: string, reference: readonly Block[], own: readonly Block[]): Row[] {
  return (['down', 'up'] as const).map((way) => {
    const [before, after] = [reference, own].map((blocks) => median(blocks.flatMap((block) => block[way])));
    return {
      quantity: `P12 ${name}: ${way === 'down' ? 'cut → destination down' : 'repaired → destination up'}, p50`,
      reference: time(before ?? Number.NaN),
      ifdepd: time(after ?? Number.NaN),
      ratio: ratio(after ?? Number.NaN, before ?? Number.NaN),
    };
  });
}

/**
 * The processor time of the daemon's own thread for a reload, cuts and repairs in it included, beside `compile` of the same groups
 * in the same state of its code; and the time from the signal to the line that reports the reload. The source is cut in the
 * middle of each.
 */
async function reloadRows(
  name: string,
  candidate: Candidate,
  programs: CPrograms,
  count: number,
): Promise<Row[]> {
  const compiles: number[] = [];
  const times: number[] = [];
  const threads: number[] = [];
  let followed = 0;
  await using stopwatch = lineProcess([programs.stopwatch, 'veth', 'em0-x', 'carp0'], 'stdout');
  await stopwatch.next();
  await using daemon = lineProcess(candidate.command, 'stderr');
  await untilReady(candidate, daemon, stopwatch);
  const groups = groupsOf(count);
  for (let round = 0; round < RELOADS; round += 1) {
    const compiling = performance.now();
    compile({ groups });
    const began = performance.now();
    compiles.push((began - compiling) * 1000);
    const { mainThreadMs } = look(daemon.pid);
    process.kill(daemon.pid, 'SIGHUP');
    stopwatch.say('down');
    followed += microseconds(await stopwatch.next()) < LATE ? 1 : 0;
    while (!/: reloaded: /.test(await daemon.next())) {
      // Lines about the cut, and those before the one about the reload.
    }
    times.push((performance.now() - began) * 1000);
    threads.push((look(daemon.pid).mainThreadMs - mainThreadMs) * 1000);
    stopwatch.say('up');
    followed += microseconds(await stopwatch.next()) < LATE ? 1 : 0;
  }
  const reference = median(compiles);
  const row = (quantity: string, own: number): Row => ({
    quantity: `P12 ${name}: reload (reference: compile alone), ${quantity}`,
    reference: time(reference),
    ifdepd: time(own),
    ratio: ratio(own, reference),
  });
  return [
    row("processor time of the daemon's thread", median(threads)),
    row(
      `until it is reported; cuts in it and repairs that were followed: ${followed} of ${2 * RELOADS}`,
      median(times),
    ),
  ];
}
