// The cost of one event by the number of groups: npm run build && npm run bench [-- --json]
// It also prints ratios to the 10-group case of the same run: absolute figures of a shared machine prove little.
// Each number of groups has a process of its own, as each daemon has one policy. V8 learns where to allocate: after 10,000 groups
// whose objects stay, it allocates everything that `step` makes in the old space, which would cost 10 groups in the same
// process a microsecond.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { compile, start, step } from '../dist/index.js';

const SIZES = [10, 1_000, 10_000];
const ROUNDS = 30;
const EVENTS = 20_000;

/** A policy with this many groups of two sources and one destination, all up, and events for it. */
function prepare(groups) {
  const names = Array.from({ length: groups }, (_, i) => i);
  const policy = compile({
    groups: Object.fromEntries(
      names.map((i) => [`g${i}`, { require: { all: [`a${i}`, `b${i}`] }, destinations: [`d${i}`] }]),
    ),
  });
  const snapshot = {
    type: 'sources',
    complete: true,
    sources: policy.sources.map((id) => ({ id, health: 'active', reason: 'carrier' })),
    destinations: policy.destinations.map((id) => ({ id, is: 'up' })),
  };
  const { state } = step(policy, start(policy, 0).state, snapshot, 0);
  const source = (id, health) => ({ type: 'source', source: { id, health, reason: health } });
  // Spread over the groups in an order that defeats caches.
  const order = names.map((i) => (i * 7_919) % groups).slice(0, 1_000);
  return {
    policy,
    state,
    cases: {
      'repeats what is known': order.map((i) => source(`a${i}`, 'active')),
      'changes a source, not the group': order.flatMap((i) => [
        source(`b${i}`, 'failed'),
        source(`b${i}`, 'active'),
      ]),
      'changes the group, one effect': order.flatMap((i) => [
        source(`a${i}`, 'failed'),
        source(`a${i}`, 'active'),
      ]),
    },
  };
}

/** Nanoseconds of processor time per event in one round. Other processes do not count. */
function measure({ policy, state }, events) {
  let current = state;
  const begin = process.cpuUsage();
  for (let i = 0; i < EVENTS; i += 1) current = step(policy, current, events[i % events.length], i).state;
  const { user, system } = process.cpuUsage(begin);
  return ((user + system) * 1_000) / EVENTS;
}

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

/** The cost of each kind of event with this many groups: the median and the best of the rounds. */
function bench(groups) {
  const { policy, state, cases } = prepare(groups);
  // `b` events change no group only while `a` is down already.
  const down = cases['changes the group, one effect'].reduce(
    (was, event) => (event.source.health === 'failed' ? step(policy, was, event, 0).state : was),
    state,
  );
  return Object.entries(cases).map(([name, events]) => {
    const from = name === 'changes a source, not the group' ? down : state;
    const samples = Array.from({ length: ROUNDS }, () => measure({ policy, state: from }, events));
    // Nothing else disturbed the best round.
    return { name, ns: median(samples), best: Math.min(...samples) };
  });
}

/** The same in another process. */
function benchApart(groups) {
  const { status, stdout } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), `${groups}`], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error(`The process for ${groups} groups ended with ${status}.`);
  return JSON.parse(stdout);
}

const print = (text) => process.stdout.write(`${text}\n`);
const [argument] = process.argv.slice(2);
if (Number(argument) > 0) {
  print(JSON.stringify(bench(Number(argument))));
} else {
  const results = SIZES.map(benchApart);
  const table = results[0].map(({ name }, i) => ({
    name,
    ns: results.map((rows) => rows[i].ns),
    best: results.map((rows) => rows[i].best),
  }));
  if (argument === '--json') print(JSON.stringify({ node: process.version, sizes: SIZES, table }));
  else printTable(table);
}

function printTable(table) {
  print(`step() on one source event, ns of processor time (median; best), node ${process.version}`);
  print(
    [
      'event'.padEnd(34),
      ...SIZES.map((size) => `${size} groups`.padStart(18)),
      '10,000 / 10'.padStart(14),
    ].join(''),
  );
  for (const { name, ns, best } of table) {
    const cells = ns.map((value, i) => `${value.toFixed(0)}; ${best[i].toFixed(0)}`.padStart(18));
    print([name.padEnd(34), ...cells, `${(ns[2] / ns[0]).toFixed(1)}×`.padStart(14)].join(''));
  }
}
