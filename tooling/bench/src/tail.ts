import { spawn } from 'node:child_process';
import { cpus } from 'node:os';
import type { CPrograms } from './build-c.ts';
import { type Candidate, reactions } from './reaction.ts';
import { type Row, ratio } from './row.ts';
import { quantile, time } from './statistics.ts';

/** Cuts in one block of one candidate. */
const CUTS_OF_BLOCK = 2000;

/** Milliseconds before each cut and each repair. */
const GAP = 2;

/** The slowest failovers while every core is busy. @param cuts of each candidate */
export async function tailRows(
  floor: Candidate,
  ours: Candidate,
  programs: CPrograms,
  cuts: number,
): Promise<Row[]> {
  const samples = { floor: [] as number[], ifdepd: [] as number[] };
  const busy = cpus().map(() => spawn('sh', ['-c', 'while :; do :; done'], { stdio: 'ignore' }));
  try {
    for (let left = cuts; left > 0; left -= CUTS_OF_BLOCK) {
      const course = { cable: 'veth', cuts: Math.min(left, CUTS_OF_BLOCK), gap: () => GAP } as const;
      samples.floor.push(...(await reactions(floor, course, programs)).down);
      samples.ifdepd.push(...(await reactions(ours, course, programs)).down);
    }
  } finally {
    for (const one of busy) {
      one.kill('SIGKILL');
    }
  }
  return [0.5, 0.99, 0.999].map((share) => {
    const [reference, own] = [quantile(samples.floor, share), quantile(samples.ifdepd, share)];
    return {
      quantity: `P1 every core busy, ${cuts} cuts → destination down, p${100 * share}`,
      reference: time(reference),
      ifdepd: time(own),
      ratio: ratio(own, reference),
    };
  });
}
