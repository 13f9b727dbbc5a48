import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { enterNewNamespace, ip } from '@ifdepd/netlab';
import { buildC, type CPrograms } from './build-c.ts';
import { footprint } from './footprint.ts';
import { type Candidate, type Course, reactions } from './reaction.ts';
import { duration } from './start.ts';
import { median, quantile, time } from './statistics.ts';

/** One line of the table. */
interface Row {
  readonly quantity: string;
  readonly reference: string;
  readonly ifdepd: string;
  /** ifdepd over the reference. */
  readonly ratio: string;
}

const program = fileURLToPath(new URL('../../../apps/ifdepd/dist/main.js', import.meta.url));
const ours: Candidate = {
  name: 'ifdepd',
  command: [process.execPath, program, '-v', '-S', 'em0', '-D', 'carp0'],
  ready: /: ready: /,
};
const BLOCKS = 5;

function ratio(own: number, reference: number): string {
  return `${(own / reference).toPrecision(3)}×`;
}

/** Blocks of the candidates in turn, so that what the machine does meanwhile falls on all of them. */
async function race(course: Course, programs: CPrograms): Promise<{ floor: number[]; ifdepd: number[] }> {
  const floor: Candidate = { name: 'floor', command: [programs.floor, 'em0', 'carp0'], ready: /^ready$/ };
  const samples = { floor: [] as number[], ifdepd: [] as number[] };
  for (let block = 0; block < BLOCKS; block += 1) {
    samples.floor.push(...(await reactions(floor, course, programs)));
    samples.ifdepd.push(...(await reactions(ours, course, programs)));
  }
  return samples;
}

async function reactionRows(programs: CPrograms): Promise<Row[]> {
  const quiet = await race({ cable: 'veth', cuts: 40, gap: () => 15 }, programs);
  const row = (quantity: string, samples: typeof quiet, share: number): Row => {
    const [reference, own] = [quantile(samples.floor, share), quantile(samples.ifdepd, share)];
    return { quantity, reference: time(reference), ifdepd: time(own), ratio: ratio(own, reference) };
  };
  const window = await race({ cable: 'tap', cuts: 15, gap: () => 20 + Math.random() * 180 }, programs);
  return [
    row('P1 cut → destination down, p50', quiet, 0.5),
    row('P1 cut → destination down, p99', quiet, 0.99),
    row('P2 the same within a second of another event, p50', window, 0.5),
    row('P2 the same, p99', window, 0.99),
  ];
}

function startRow(): Row {
  enterNewNamespace();
  ip('link', 'add', 'em0', 'type', 'veth', 'peer', 'name', 'em0-x');
  ip('link', 'add', 'carp0', 'type', 'veth', 'peer', 'name', 'carp0-x');
  const bare: number[] = [];
  const own: number[] = [];
  for (let round = 0; round < 25; round += 1) {
    bare.push(duration([process.execPath, '-e', '0']));
    ip('link', 'set', 'carp0', 'up');
    own.push(duration([process.execPath, program, '--once', '-q', '-S', 'em0', '-D', 'carp0']));
  }
  return {
    quantity: 'P5 start, decide, set one destination, end (reference: node -e 0), p50',
    reference: time(median(bare)),
    ifdepd: time(median(own)),
    ratio: ratio(median(own), median(bare)),
  };
}

async function idleRows(): Promise<Row[]> {
  enterNewNamespace();
  ip('link', 'add', 'em0', 'type', 'veth', 'peer', 'name', 'em0-x');
  ip('link', 'add', 'carp0', 'type', 'veth', 'peer', 'name', 'carp0-x');
  const idle = 'require("net").createServer().listen(0, "127.0.0.1")';
  const bare = await footprint([process.execPath, '-e', idle], 30_000, 20_000);
  const own = await footprint(ours.command, 30_000, 20_000);
  return [
    {
      quantity: 'P6 idle: RSS (reference: node waiting)',
      reference: `${(bare.rssKiB / 1024).toFixed(1)} MB`,
      ifdepd: `${(own.rssKiB / 1024).toFixed(1)} MB`,
      ratio: `+${((own.rssKiB - bare.rssKiB) / 1024).toFixed(1)} MB`,
    },
    {
      quantity: 'P6 idle: private memory',
      reference: `${(bare.privateKiB / 1024).toFixed(1)} MB`,
      ifdepd: `${(own.privateKiB / 1024).toFixed(1)} MB`,
      ratio: `+${((own.privateKiB - bare.privateKiB) / 1024).toFixed(1)} MB`,
    },
    {
      quantity: 'P6 idle: wake-ups of the main thread, ticks of CPU in 20 s',
      reference: `${bare.wakeUps}, ${bare.cpuTicks}`,
      ifdepd: `${own.wakeUps}, ${own.cpuTicks}`,
      ratio: '',
    },
  ];
}

function table(rows: readonly Row[]): string {
  const lines = rows.map((row) => `| ${row.quantity} | ${row.reference} | ${row.ifdepd} | ${row.ratio} |`);
  return ['| quantity | reference | ifdepd | ratio |', '|---|---|---|---|', ...lines].join('\n');
}

function circumstances() {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  const kernel = execFileSync('uname', ['-srm'], { encoding: 'utf8' }).trim();
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}`;
  return { date: new Date().toISOString().slice(0, 10), machine, kernel, node: process.version, commit };
}

using programs = buildC();
const rows = [...(await reactionRows(programs)), startRow(), ...(await idleRows())];
if (process.argv.includes('--json')) {
  process.stdout.write(`${JSON.stringify({ ...circumstances(), rows }, null, 2)}\n`);
} else {
  const { date, machine, kernel, node, commit } = circumstances();
  process.stdout.write(`${date}, ${machine}, ${kernel}, Node ${node}, commit ${commit}\n\n${table(rows)}\n`);
}
