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
  /** Changes a second at most; 0 for as many as one process can make. */
  readonly rate: number;
}

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;

/** Measures the floor, the floor with a filter and ifdepd in the same storms, block by block in turn. */
export async function stormRows(
  ours: Candidate,
  programs: CPrograms,
  { interfaces, blocks, cuts, rate }: StormOptions,
): Promise<Row[]> {
  const words = ['em0', 'carp0'];
  const floor: Candidate = { name: 'floor', command: [programs.floor, ...words], ready: /^ready$/ };
  const filtered: Candidate = { ...floor, command: [programs.floor, '-f', ...words] };
  const rows: Row[] = [];
  for (const count of interfaces) {
    const results: Results = { floor: [], filtered: [], ifdepd: [] };
    for (let block = 0; block < blocks; block += 1) {
      results.floor.push(await storm(floor, count, cuts, rate, programs));
      results.filtered.push(await storm(filtered, count, cuts, rate, programs));
      results.ifdepd.push(await storm(ours, count, cuts, rate, programs));
    }
    rows.push(...rowsOf(count, results));
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

/** The blocks of each candidate. */
type Results = Record<'floor' | 'filtered' | 'ifdepd', StormResult[]>;

function rowsOf(count: number, { floor, filtered, ifdepd }: Results): Row[] {
  const rate = median(ifdepd.map((one) => one.changesPerSecond));
  const name = `${count} interfaces, 50 flap ${Math.round(rate)} times a second`;
  type Value = (of: readonly StormResult[]) => number;
  const timeRow = (quantity: string, value: Value): Row => {
    const [reference, own] = [value(floor), value(ifdepd)];
    return {
      quantity: `P3 ${name}: ${quantity}`,
      reference: time(reference),
      ifdepd: time(own),
      ratio: ratio(own, reference),
    };
  };
  const row = (quantity: string, value: Value, show: (value: number) => string): Row => ({
    quantity: `P3 ${name}: ${quantity}`,
    reference: show(value(floor)),
    ifdepd: show(value(ifdepd)),
    ratio: '',
  });
  const share = (when: string, value: (one: StormResult) => number): Row => ({
    quantity: `P14 ${name}: share of a core, ${when} (reference: the floor with a filter)`,
    reference: percent(median(filtered.map(value))),
    ifdepd: percent(median(ifdepd.map(value))),
    ratio: '',
  });
  const cuts = (of: readonly StormResult[]) => of.flatMap((one) => one.cuts);
  return [
    timeRow('cut → destination down, p50', (of) => quantile(cuts(of), 0.5)),
    timeRow('p99', (of) => quantile(cuts(of), 0.99)),
    share('the storm alone', (one) => one.alone),
    share('while cut and repaired', (one) => one.cpu),
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
