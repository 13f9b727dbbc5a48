import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildC, type CPrograms } from './build-c.ts';
import { idleRows } from './idle.ts';
import { peers } from './peers.ts';
import { probeRows } from './probes.ts';
import { type Candidate, type Course, type Reactions, reactions } from './reaction.ts';
import { routeRows } from './routes.ts';
import { type Row, ratio } from './row.ts';
import { scaleRows } from './scale.ts';
import { slowRows } from './slow.ts';
import { startRows } from './start.ts';
import { median, quantile, time } from './statistics.ts';
import { quietRows, stormRows } from './storm-rows.ts';
import { tailRows } from './tail.ts';

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
): Promise<(name: string, way: keyof Reactions) => readonly number[]> {
  const blocksOf = new Map(candidates.map(({ name }): [string, Reactions[]] => [name, []]));
  for (let block = 0; block < blocks; block += 1) {
    for (const candidate of candidates) {
      blocksOf.get(candidate.name)?.push(await reactions(candidate, course, programs));
    }
  }
  return (name, way) => (blocksOf.get(name) ?? []).flatMap((block) => block[way]);
}

async function reactionRows(programs: CPrograms): Promise<Row[]> {
  const both = [floor, ours];
  const quiet = await race({ cable: 'veth', cuts: 40, gap: () => 15 }, programs, both);
  const row = (
    quantity: string,
    samples: typeof quiet,
    share: number,
    way: keyof Reactions = 'down',
  ): Row => {
    const of = (name: string): number => quantile(samples(name, way), share);
    const [reference, own] = [of('floor'), of('ifdepd')];
    return { quantity, reference: time(reference), ifdepd: time(own), ratio: ratio(own, reference) };
  };
  const window = await race({ cable: 'tap', cuts: 15, gap: () => 20 + Math.random() * 180 }, programs, both);
  return [
    row('P1 cut → destination down, p50', quiet, 0.5),
    row('P1 cut → destination down, p99', quiet, 0.99),
    row('P11 repaired → destination up, p50', quiet, 0.5, 'up'),
    row('P11 repaired → destination up, p99', quiet, 0.99, 'up'),
    row('P2 cut → destination down within a second of another event, p50', window, 0.5),
    row('P2 the same, p99', window, 0.99),
  ];
}

/** What runs beside a failover. */
interface Beside {
  readonly words: string;
  /** Of the configuration. */
  readonly settings: object;
  readonly blocks: number;
}

const CHECKS: Beside = {
  words: '50 exec checks every 1s',
  settings: {
    checks: Object.fromEntries(numbered(50, (at) => [`c${at}`, { exec: ['/bin/true'], every: '1s' }])),
  },
  blocks: BLOCKS,
};

const PROBES: Beside = {
  words: '200 pings every 1s',
  settings: {
    probes: Object.fromEntries(numbered(200, (at) => [`p${at}`, { ping: `127.0.0.${at}`, every: '1s' }])),
  },
  blocks: 2 * BLOCKS,
};

function numbered<Item>(count: number, item: (at: number) => Item): Item[] {
  return Array.from({ length: count }, (_, at) => item(at + 1));
}

/** P13: what checks, or probes, cost a failover that the daemon itself makes. */
async function besideRows(
  { words, settings, blocks }: Beside,
  programs: CPrograms,
  folder: string,
): Promise<Row[]> {
  const group = { sources: ['em0'], destinations: ['carp0'] };
  const running = (name: string, more: object): Candidate => {
    const file = join(folder, `${name}.json`);
    writeFileSync(file, JSON.stringify({ groups: { gateway: group }, ...more }), { mode: 0o600 });
    return {
      name,
      command: [process.execPath, program, '-v', '--kernel-failover', 'off', '-f', file],
      ready: /: ready: /,
    };
  };
  const pair = [running('without', {}), running('with', settings)];
  const course: Course = { cable: 'veth', cuts: 40, gap: () => 15 + Math.random() * 10 };
  const samples = await race(course, programs, pair, blocks);
  return [0.5, 0.99].map((share) => {
    const [without = 0, beside = 0] = pair.map(({ name }) => quantile(samples(name, 'down'), share));
    return {
      quantity: `P13 beside ${words} (reference: none, --kernel-failover off), p${share * 100}`,
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
  const own = median(samples(ours.name, 'down'));
  return all.map(({ name, by, candidate, package: from }) => {
    const quantity = `P1 beside ${name} (${by}), p50`;
    if (candidate === null) {
      return { quantity, reference: 'absent', ifdepd: time(own), ratio: `apt-get install ${from}` };
    }
    const reference = median(samples(candidate.name, 'down'));
    return { quantity, reference: time(reference), ifdepd: time(own), ratio: ratio(own, reference) };
  });
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
    rate: { type: 'string', default: '0' },
    // Of scale.
    groups: { type: 'string', default: '100,1000' },
    others: { type: 'string', default: '10000' },
    // Of tail.
    'tail-cuts': { type: 'string', default: '100000' },
  },
});
using programs = buildC();
const floor: Candidate = { name: 'floor', command: [programs.floor, 'em0', 'carp0'], ready: /^ready$/ };
const folder = mkdtempSync(join(tmpdir(), 'ifdepd-bench-'));
// Node 20 reads the certificates of this file before it runs anything, also as the reference: `node -e 0` takes three times as long.
delete process.env['NODE_EXTRA_CA_CERTS'];
// Keeps away from the sockets, locks and journals of this host.
Object.assign(process.env, {
  RUNTIME_DIRECTORY: folder,
  STATE_DIRECTORY: folder,
});
const load = loadavg()[0] ?? Number.NaN;
/** The parts, by the argument that selects them: `npm run bench -- start idle`. */
const parts: Readonly<Record<string, () => Promise<Row[]>>> = {
  reaction: () => reactionRows(programs),
  checks: () => besideRows(CHECKS, programs, folder),
  'beside-probes': () => besideRows(PROBES, programs, folder),
  peers: () => peerRows(programs, folder),
  start: async () => startRows(program, programs),
  idle: () => idleRows(program, folder),
  storm: () =>
    stormRows(ours, programs, {
      interfaces: options.interfaces.split(',').map(Number),
      blocks: Number(options.blocks),
      cuts: Number(options.cuts),
      rate: Number(options.rate),
    }),
  scale: () =>
    scaleRows(program, floor, programs, folder, {
      groups: options.groups.split(',').map(Number),
      others: Number(options.others),
    }),
  tail: () => tailRows(floor, ours, programs, Number(options['tail-cuts'])),
  quiet: () => quietRows(ours),
  slow: () => slowRows(program, folder),
  probes: probeRows,
  // Last: it moves this process into a network namespace of its own.
  routes: async () => routeRows(),
};
/** Parts that take long, or all cores: they run only when they are named. */
const named = new Set(['storm', 'quiet', 'scale', 'tail']);
const unknown = words.filter((word) => !Object.hasOwn(parts, word));
if (unknown.length > 0) {
  throw new Error(`there is no part '${unknown[0]}': there are ${Object.keys(parts).join(', ')}`);
}
const rows: Row[] = [];
for (const [word, measure] of Object.entries(parts)) {
  if (words.length === 0 ? !named.has(word) : words.includes(word)) {
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
