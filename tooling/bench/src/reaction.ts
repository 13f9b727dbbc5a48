import { setTimeout as pause } from 'node:timers/promises';
import { enterNewNamespace, ip } from '@ifdepd/netlab';
import type { CPrograms } from './build-c.ts';
import { type LineProcess, lineProcess } from './process.ts';

/** A program that does the work. */
export interface Candidate {
  readonly name: string;
  /** What to run for the source em0 and the destination carp0. */
  readonly command: readonly [string, ...string[]];
  /** The line on its standard error that says it is ready; null: it is ready once it follows. */
  readonly ready: RegExp | null;
}

/** Microseconds that stand for "late". */
export const LATE = 5_000_000;

/** One way to lose a carrier. */
export interface Course {
  readonly cable: 'veth' | 'tap';
  /** Cuts in one block. */
  readonly cuts: number;
  /** How long to wait before each event, in milliseconds. */
  readonly gap: () => number;
}

/** Microseconds until the kernel shows the destination where it belongs; 5,000,000 for "late". */
export interface Reactions {
  /** From each cut. */
  readonly down: readonly number[];
  /** From each repair. */
  readonly up: readonly number[];
}

/** Measures one block of cuts and repairs, in its own namespace. */
export async function reactions(
  candidate: Candidate,
  course: Course,
  programs: Pick<CPrograms, 'stopwatch'>,
): Promise<Reactions> {
  enterNewNamespace();
  ip('link', 'add', 'carp0', 'type', 'veth', 'peer', 'name', 'carp0-x');
  ip('link', 'set', 'carp0-x', 'up');
  ip('link', 'set', 'carp0', 'up');
  if (course.cable === 'veth') {
    ip('link', 'add', 'em0', 'type', 'veth', 'peer', 'name', 'em0-x');
    ip('link', 'set', 'em0', 'up');
    ip('link', 'set', 'em0-x', 'up');
  }
  const far = course.cable === 'veth' ? 'em0-x' : 'em0';
  await using stopwatch = lineProcess([programs.stopwatch, course.cable, far, 'carp0'], 'stdout');
  await stopwatch.next();
  await using daemon = lineProcess(candidate.command, 'stderr');
  await untilReady(candidate, daemon, stopwatch);
  return await cutAndRepair(stopwatch, course);
}

/** Cuts and repairs the cable of a running stopwatch. */
export async function cutAndRepair(
  stopwatch: LineProcess,
  { cuts, gap }: Pick<Course, 'cuts' | 'gap'>,
): Promise<Reactions> {
  const samples = { down: [] as number[], up: [] as number[] };
  for (let cut = 0; cut < cuts; cut += 1) {
    for (const way of ['down', 'up'] as const) {
      await pause(gap());
      stopwatch.say(way);
      samples[way].push(microseconds(await stopwatch.next()));
    }
  }
  return samples;
}

/** How often a cut without effect is repeated, for a program that does not report when it is ready. */
const ATTEMPTS = 6;

/** Waits until a candidate follows its source. */
export async function untilReady(
  candidate: Candidate,
  daemon: LineProcess,
  stopwatch: LineProcess,
): Promise<void> {
  if (candidate.ready !== null) {
    while (!candidate.ready.test(await daemon.next())) {
      // Lines before the one that reports it ready.
    }
    return;
  }
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    stopwatch.say('down');
    const down = await stopwatch.next();
    stopwatch.say('up');
    const up = await stopwatch.next();
    if (down !== 'late' && up !== 'late') {
      return;
    }
    // A program that polls must see the carrier before it is cut again.
    await pause(500);
  }
  throw new Error(`${candidate.name} does not follow`);
}

/** The times that the stopwatch printed. */
export function microseconds(line: string): number {
  return line === 'late' ? LATE : Number(line);
}
