import { setTimeout as pause } from 'node:timers/promises';
import { type LinkWatch, type SnapshotCause, watchLinks } from '@ifdepd/linkwatch';
import { enterNewNamespace, ip, ipBatch, mountSysfs } from '@ifdepd/netlab';
import type { CPrograms } from './build-c.ts';
import { look } from './footprint.ts';
import { lineProcess } from './process.ts';
import { type Candidate, LATE, microseconds, untilReady } from './reaction.ts';
import { median } from './statistics.ts';

/** The effect of a storm of other interfaces on a candidate. */
export interface StormResult {
  /** Microseconds from each cut to the moment the kernel shows the destination down. */
  readonly cuts: readonly number[];
  /** Cuts and repairs that were not followed within five seconds: late, or never. */
  readonly missed: number;
  /** Whether a cut after the storm was followed. */
  readonly right: boolean;
  /** Resident memory before the storm. */
  readonly rssKiB: number;
  /** Share of a core that the candidate took while nothing happened to its source. */
  readonly alone: number;
  /** Share of a core that it took while the source was cut and repaired. */
  readonly cpu: number;
  /** Changes a second that the flapper made; each is a message at least. */
  readonly changesPerSecond: number;
}

/**
 * Waits until work left from the start is over: V8 collects garbage for some 20 seconds.
 */
const SETTLE_MS = 20_000;

/** How long the storm lasts before the source is cut. */
const ALONE_MS = 10_000;

/** How many of the other interfaces flap. */
const FLAPPING = 50;

/** Clock ticks a second in /proc: USER_HZ. */
const TICKS = 100;

/** Makes this many interfaces, in pairs, in a new namespace. */
function others(count: number): void {
  ipBatch(Array.from({ length: count / 2 }, (_, at) => `link add o${at} type veth peer name p${at}`));
}

/**
 * Measures one block of cuts in a storm, in a new namespace with this many other interfaces.
 *
 * @param rate changes a second at most; 0 for as many as one process can make
 */
export async function storm(
  candidate: Candidate,
  count: number,
  cutsOfBlock: number,
  rate: number,
  programs: CPrograms,
): Promise<StormResult> {
  enterNewNamespace();
  // /sys shows this namespace, as on a host, in a container or under ip netns exec.
  const refusal = mountSysfs();
  if (refusal !== null) {
    throw new Error(refusal);
  }
  others(count);
  for (const name of ['em0', 'carp0']) {
    ip('link', 'add', name, 'type', 'veth', 'peer', 'name', `${name}-x`);
    ip('link', 'set', name, 'up');
    ip('link', 'set', `${name}-x`, 'up');
  }
  await using stopwatch = lineProcess([programs.stopwatch, 'veth', 'em0-x', 'carp0'], 'stdout');
  await stopwatch.next();
  await using daemon = lineProcess(candidate.command, 'stderr');
  await untilReady(candidate, daemon, stopwatch);
  await pause(SETTLE_MS);
  const names = Array.from({ length: FLAPPING }, (_, at) => `o${at}`);
  await using flapper = lineProcess([programs.flapper, `${rate}`, ...names], 'stdout');
  await flapper.next();
  const onset = performance.now();
  const start = look(daemon.pid);
  await pause(ALONE_MS);
  const before = look(daemon.pid);
  const began = performance.now();
  const share = (from: number, to: number, seconds: number): number => (to - from) / TICKS / seconds;
  const alone = share(start.cpuTicks, before.cpuTicks, (began - onset) / 1000);
  const cuts: number[] = [];
  let missed = 0;
  for (let cut = 0; cut < cutsOfBlock; cut += 1) {
    await pause(100);
    stopwatch.say('down');
    cuts.push(microseconds(await stopwatch.next()));
    await pause(100);
    stopwatch.say('up');
    missed += microseconds(await stopwatch.next()) === LATE ? 1 : 0;
  }
  const seconds = (performance.now() - began) / 1000;
  const cpu = share(before.cpuTicks, look(daemon.pid).cpuTicks, seconds);
  flapper.say('');
  const changesPerSecond = Number(await flapper.next()) / ((performance.now() - onset) / 1000);
  stopwatch.say('down');
  return {
    cuts,
    missed: missed + cuts.filter((took) => took === LATE).length,
    right: microseconds(await stopwatch.next()) !== LATE,
    rssKiB: before.rssKiB,
    alone,
    cpu,
    changesPerSecond,
  };
}

/** The time to recover from lost messages, and the time to list all interfaces, in microseconds. */
export interface OverrunResult {
  readonly recovery: number;
  readonly list: number;
}

/** Watches all interfaces with the smallest receive buffer, does not read for a while, and then ends the watch. */
export async function overrun(count: number, rounds: number): Promise<OverrunResult> {
  enterNewNamespace();
  others(count);
  using watch = watchLinks({ backend: 'rtnetlink', receiveBufferBytes: 1 });
  const recoveries: number[] = [];
  const lists: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const recovered = snapshotOf(watch, 'overrun');
    // The event loop is blocked meanwhile: the kernel drops nearly all messages.
    ipBatch(
      Array.from({ length: 500 }, (_, at) => `link set o${at % FLAPPING} ${at % 100 < 50 ? 'up' : 'down'}`),
    );
    const ended = performance.now();
    recoveries.push(((await recovered) - ended) * 1000);
    const listed = snapshotOf(watch, 'requested');
    const began = performance.now();
    watch.resync();
    lists.push(((await listed) - began) * 1000);
  }
  return { recovery: median(recoveries), list: median(lists) };
}

/** When the watch has read a list of all interfaces for this reason. It is read in parts, between which other work is done. */
function snapshotOf(watch: LinkWatch, cause: SnapshotCause): Promise<number> {
  return new Promise((resolve) => {
    const subscription = watch.subscribe((event) => {
      if (event.type === 'snapshot' && event.cause === cause) {
        subscription[Symbol.dispose]();
        resolve(performance.now());
      }
    });
  });
}
