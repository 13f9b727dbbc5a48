import { enterNewNamespace, ip, mountSysfs } from '@ifdepd/netlab';
import type { CPrograms } from './build-c.ts';
import { footprint } from './footprint.ts';
import type { Candidate } from './reaction.ts';
import { type Row, ratio } from './row.ts';
import { median, quantile, time } from './statistics.ts';
import { overrun, type StormResult, storm } from './storm.ts';

/** How many repetitions: fewer for a first look. */
export interface StormOptions {
  /** How many other interfaces, one storm after the other. */
  readonly interfaces: readonly number[];
  readonly blocks: number;
  /** In each block. */
  readonly cuts: number;
}

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;

/** Measures the floor and ifdepd in the same storms, block by block in turn. */
export async function stormRows(
  ours: Candidate,
  programs: CPrograms,
  { interfaces, blocks, cuts }: StormOptions,
): Promise<Row[]> {
  const floor: Candidate = { name: 'floor', command: [programs.floor, 'em0', 'carp0'], ready: /^ready$/ };
  const rows: Row[] = [];
  for (const count of interfaces) {
    const results = { floor: [] as StormResult[], ifdepd: [] as StormResult[] };
    for (let block = 0; block < blocks; block += 1) {
      results.floor.push(await storm(floor, count, cuts, programs));
      results.ifdepd.push(await storm(ours, count, cuts, programs));
    }
    rows.push(...rowsOf(count, results.floor, results.ifdepd));
  }
  for (const count of interfaces) {
    const { recovery, list } = await overrun(count, 7);
    rows.push({
      quantity: `P4 ${count} interfaces, messages lost: end of the storm → right again (reference: a list of all)`,
      reference: time(list),
      ifdepd: time(recovery),
      ratio: ratio(recovery, list),
    });
  }
  return rows;
}

function rowsOf(count: number, floor: readonly StormResult[], ifdepd: readonly StormResult[]): Row[] {
  const rate = median(ifdepd.map((one) => one.changesPerSecond));
  const name = `P3 ${count} interfaces, 50 flap ${Math.round(rate)} times a second`;
  type Value = (of: readonly StormResult[]) => number;
  const timeRow = (quantity: string, value: Value): Row => {
    const [reference, own] = [value(floor), value(ifdepd)];
    return {
      quantity: `${name}: ${quantity}`,
      reference: time(reference),
      ifdepd: time(own),
      ratio: ratio(own, reference),
    };
  };
  const row = (quantity: string, value: Value, show: (value: number) => string): Row => ({
    quantity: `${name}: ${quantity}`,
    reference: show(value(floor)),
    ifdepd: show(value(ifdepd)),
    ratio: '',
  });
  const cuts = (of: readonly StormResult[]) => of.flatMap((one) => one.cuts);
  return [
    timeRow('cut → destination down, p50', (of) => quantile(cuts(of), 0.5)),
    timeRow('p99', (of) => quantile(cuts(of), 0.99)),
    row('share of a core, the storm alone', (of) => median(of.map((one) => one.alone)), percent),
    row('share of a core, while cut and repaired', (of) => median(of.map((one) => one.cpu)), percent),
    row('not followed within 5 s', (of) => of.reduce((sum, one) => sum + one.missed, 0), String),
    row(
      'right after it',
      (of) => of.filter((one) => one.right).length,
      (right) => `${right} of ${floor.length}`,
    ),
    row(
      'RSS',
      (of) => median(of.map((one) => one.rssKiB)),
      (kib) => `${(kib / 1024).toFixed(1)} MB`,
    ),
  ];
}

/** The share of a core that the daemon uses in a minute without events. */
export async function quietRows(ours: Candidate): Promise<Row[]> {
  enterNewNamespace();
  const refusal = mountSysfs();
  if (refusal !== null) {
    throw new Error(refusal);
  }
  for (const name of ['em0', 'carp0']) {
    ip('link', 'add', name, 'type', 'veth', 'peer', 'name', `${name}-x`);
    ip('link', 'set', name, 'up');
    ip('link', 'set', `${name}-x`, 'up');
  }
  const { cpuTicks, wakeUps } = await footprint(ours.command, 30_000, 60_000);
  return [
    {
      quantity: 'a quiet minute: share of a core (100 ticks a second); wake-ups of the main thread',
      reference: '',
      ifdepd: `${percent(cpuTicks / 100 / 60)}; ${wakeUps}`,
      ratio: '',
    },
  ];
}
