// What one event costs, by the number of groups: npm run build && npm run bench [-- --json]
// Ratios to the 10-group case of the same run: absolute figures of a shared machine prove little.
import { compile, start, step } from '../dist/index.js';

const SIZES = [10, 1_000, 10_000];
const ROUNDS = 30;
const EVENTS = 20_000;

/** A policy with so many groups of two sources and one destination, all up, and events for it. */
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
  // Spread over the groups, in an order that no cache foresees.
  const order = names.map((i) => (i * 7_919) % groups).slice(0, 1_000);
  return {
    groups,
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

/** Nanoseconds of processor time per event, one round: what other processes do meanwhile is not counted. */
function measure({ policy, state }, events) {
  let current = state;
  const begin = process.cpuUsage();
  for (let i = 0; i < EVENTS; i += 1) current = step(policy, current, events[i % events.length], i).state;
  const { user, system } = process.cpuUsage(begin);
  return ((user + system) * 1_000) / EVENTS;
}

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

const prepared = SIZES.map(prepare);
// `b` events change no group only while `a` is down already.
for (const one of prepared) {
  one.down = one.cases['changes the group, one effect'].reduce(
    (state, event) => (event.source.health === 'failed' ? step(one.policy, state, event, 0).state : state),
    one.state,
  );
}
const table = Object.keys(prepared[0].cases).map((name) => {
  const samples = prepared.map(() => []);
  for (let round = 0; round < ROUNDS; round += 1) {
    prepared.forEach((one, i) => {
      const state = name === 'changes a source, not the group' ? one.down : one.state;
      samples[i].push(measure({ ...one, state }, one.cases[name]));
    });
  }
  // The best rounds are those that nothing else disturbed.
  return { name, ns: samples.map(median), best: samples.map((list) => Math.min(...list)) };
});

const print = (text) => process.stdout.write(`${text}\n`);
if (process.argv.includes('--json')) {
  print(JSON.stringify({ node: process.version, sizes: SIZES, table }));
} else {
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
