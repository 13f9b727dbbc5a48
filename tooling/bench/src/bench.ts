import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { enterNewNamespace, ip } from '@ifdepd/netlab';
import { buildC, type CPrograms } from './build-c.ts';
import { footprint } from './footprint.ts';
import { peers } from './peers.ts';
import { type Candidate, type Course, reactions } from './reaction.ts';
import { type Row, ratio } from './row.ts';
import { slowRows } from './slow.ts';
import { starts } from './start.ts';
import { median, quantile, time } from './statistics.ts';
import { quietRows, stormRows } from './storm-rows.ts';

const program = fileURLToPath(new URL('../../../apps/ifdepd/dist/main.cjs', import.meta.url));
const ours: Candidate = {
  name: 'ifdepd',
  command: [process.execPath, program, '-v', '-S', 'em0', '-D', 'carp0'],
  ready: /: ready: /,
};
const BLOCKS = 5;

/** Runs one block of each candidate in turn, so that other load on the machine falls on all of them. */
async function race(
  course: Course,
  programs: CPrograms,
  candidates: readonly Candidate[],
  blocks = BLOCKS,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const samples = new Map(candidates.map(({ name }): [string, number[]] => [name, []]));
  for (let block = 0; block < blocks; block += 1) {
    for (const candidate of candidates) {
      samples.get(candidate.name)?.push(...(await reactions(candidate, course, programs)));
    }
  }
  return samples;
}

async function reactionRows(programs: CPrograms): Promise<Row[]> {
  const floor: Candidate = { name: 'floor', command: [programs.floor, 'em0', 'carp0'], ready: /^ready$/ };
  const both = [floor, ours];
  const quiet = await race({ cable: 'veth', cuts: 40, gap: () => 15 }, programs, both);
  const row = (quantity: string, samples: typeof quiet, share: number): Row => {
    const of = (name: string): number => quantile(samples.get(name) ?? [], share);
    const [reference, own] = [of('floor'), of('ifdepd')];
    return { quantity, reference: time(reference), ifdepd: time(own), ratio: ratio(own, reference) };
  };
  const window = await race({ cable: 'tap', cuts: 15, gap: () => 20 + Math.random() * 180 }, programs, both);
  return [
    row('P1 cut → destination down, p50', quiet, 0.5),
    row('P1 cut → destination down, p99', quiet, 0.99),
    row('P2 the same within a second of another event, p50', window, 0.5),
    row('P2 the same, p99', window, 0.99),
  ];
}

/** Exec checks that run beside a failover, and how often each runs. */
const CHECKS = { count: 50, every: '1s' };

/** P13: what running checks costs a failover that the daemon itself makes. */
async function checkRows(programs: CPrograms, folder: string): Promise<Row[]> {
  const checks = Array.from({ length: CHECKS.count }, (_, at) => [
    `c${at}`,
    { exec: ['/bin/true'], every: CHECKS.every },
  ]);
  const group = { sources: ['em0'], destinations: ['carp0'] };
  const running = (name: string, settings: object): Candidate => {
    const file = join(folder, `${name}.json`);
    writeFileSync(file, JSON.stringify({ groups: { gateway: group }, ...settings }), { mode: 0o600 });
    return {
      name,
      command: [process.execPath, program, '-v', '--kernel-failover', 'off', '-f', file],
      ready: /: ready: /,
    };
  };
  const pair = [running('without', {}), running('with', { checks: Object.fromEntries(checks) })];
  const samples = await race({ cable: 'veth', cuts: 40, gap: () => 15 + Math.random() * 10 }, programs, pair);
  return [0.5, 0.99].map((share) => {
    const [without = 0, beside = 0] = pair.map(({ name }) => quantile(samples.get(name) ?? [], share));
    return {
      quantity: `P13 beside ${CHECKS.count} exec checks every ${CHECKS.every} (reference: none, --kernel-failover off), p${share * 100}`,
      reference: time(without),
      ifdepd: time(beside),
      ratio: ratio(beside, without),
    };
  });
}

/** Runs the peers on the work of P1: each once in every block, beside ifdepd. */
async function peerRows(programs: CPrograms, folder: string): Promise<Row[]> {
  const all = peers(folder);
  const present = all.flatMap(({ candidate }) => (candidate === null ? [] : [candidate]));
  const course: Course = { cable: 'veth', cuts: 10, gap: () => 50 };
  const samples = await race(course, programs, [ours, ...present], 3);
  const own = median(samples.get(ours.name) ?? []);
  return all.map(({ name, by, candidate, package: from }) => {
    const quantity = `P1 beside ${name} (${by}), p50`;
    if (candidate === null) {
      return { quantity, reference: 'absent', ifdepd: time(own), ratio: `apt-get install ${from}` };
    }
    const reference = median(samples.get(candidate.name) ?? []);
    return { quantity, reference: time(reference), ifdepd: time(own), ratio: ratio(own, reference) };
  });
}

function startRows(programs: CPrograms): Row[] {
  const words = [process.execPath, program, '-q', '-S', 'em0', '-D', 'carp0'];
  const { bare, daemon } = starts([process.execPath, '-e', '0'], words, programs);
  const row = (quantity: string, own: readonly number[]) => ({
    quantity,
    reference: time(median(bare)),
    ifdepd: time(median(own)),
    ratio: ratio(median(own), median(bare)),
  });
  return [
    row('P5 process started → destination of a failed source down (reference: node -e 0), p50', daemon),
  ];
}

async function idleRows(): Promise<Row[]> {
  enterNewNamespace();
  ip('link', 'add', 'em0', 'type', 'veth', 'peer', 'name', 'em0-x');
  ip('link', 'add', 'carp0', 'type', 'veth', 'peer', 'name', 'carp0-x');
  const idle = 'setInterval(() => {}, 2 ** 31 - 1)';
  const bare = await footprint([process.execPath, '-e', idle], 30_000, 20_000);
  const own = await footprint(ours.command, 30_000, 20_000);
  return [
    {
      quantity: 'P6 idle: RSS (reference: node, waiting for a timer)',
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
      quantity: 'P6 idle: threads',
      reference: `${bare.threads}`,
      ifdepd: `${own.threads}`,
      ratio: '',
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
  return {
    date: new Date().toISOString().slice(0, 10),
    machine,
    kernel,
    node: process.version,
    commit,
    load: load.toFixed(1),
  };
}

const { values: options, positionals: words } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    // Of the storm.
    interfaces: { type: 'string', default: '1000,5000' },
    blocks: { type: 'string', default: '2' },
    cuts: { type: 'string', default: '25' },
  },
});
using programs = buildC();
const folder = mkdtempSync(join(tmpdir(), 'ifdepd-bench-'));
// Keeps away from the sockets, locks and journals of this host.
Object.assign(process.env, {
  RUNTIME_DIRECTORY: folder,
  STATE_DIRECTORY: folder,
});
const load = loadavg()[0] ?? Number.NaN;
/** The parts, by the argument that selects them: `npm run bench -- start idle`. */
const parts: Readonly<Record<string, () => Promise<Row[]>>> = {
  reaction: () => reactionRows(programs),
  checks: () => checkRows(programs, folder),
  peers: () => peerRows(programs, folder),
  start: async () => startRows(programs),
  idle: idleRows,
  storm: () =>
    stormRows(ours, programs, {
      interfaces: options.interfaces.split(',').map(Number),
      blocks: Number(options.blocks),
      cuts: Number(options.cuts),
    }),
  quiet: () => quietRows(ours),
  slow: () => slowRows(program, folder),
};
const unknown = words.filter((word) => !Object.hasOwn(parts, word));
if (unknown.length > 0) {
  throw new Error(`there is no part '${unknown[0]}': there are ${Object.keys(parts).join(', ')}`);
}
const rows: Row[] = [];
for (const [word, measure] of Object.entries(parts)) {
  if (words.length === 0 || words.includes(word)) {
    rows.push(...(await measure()));
  }
}
rmSync(folder, { recursive: true });
if (options.json) {
  process.stdout.write(`${JSON.stringify({ ...circumstances(), rows }, null, 2)}\n`);
} else {
  const { date, machine, kernel, node, commit } = circumstances();
  const where = `${date}, ${machine}, ${kernel}, Node ${node}, commit ${commit}, load ${load.toFixed(1)} at the start`;
  process.stdout.write(`${where}\n\n${table(rows)}\n`);
}
