// `npm run fuzz -- [--minutes N] [--target NAME]… [--jobs N] [--keep]`: coverage-guided runs (jazzer.js, libFuzzer) over
// everything that takes bytes from outside. Targets are test/fuzz/*.ts of the packages. --keep adds what a run has
// reached to the corpus beside each target.
import { parseArgs } from 'node:util';
import { fuzzTargets, runTarget } from './lib/fuzz-target.mjs';
import { installJazzer } from './lib/jazzer.mjs';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    target: { type: 'string', multiple: true },
    jobs: { type: 'string', default: '1' },
    keep: { type: 'boolean', default: false },
  },
});

const known = fuzzTargets();
const unknown = (values.target ?? []).filter((name) => !known.some((target) => target.name === name));
const seconds = Math.round(Number(values.minutes) * 60);
const jobs = Number(values.jobs);
if (unknown.length > 0 || !(seconds > 0) || !(Number.isInteger(jobs) && jobs > 0)) {
  const names = known.map(({ name }) => name).join(', ');
  console.error(
    `usage: npm run fuzz -- [--minutes N] [--target NAME]... [--jobs N] [--keep]\ntargets: ${names}`,
  );
  process.exit(64);
}

const jazzer = installJazzer();
const waiting = known.filter(({ name }) => values.target?.includes(name) ?? true);
/** @type {import('./lib/fuzz-target.mjs').Outcome[]} */
const outcomes = [];

async function work() {
  for (let target = waiting.shift(); target !== undefined; target = waiting.shift()) {
    console.error(`${target.name}: ${seconds} s`);
    const outcome = await runTarget(target, { jazzer, seconds, keep: values.keep });
    console.error(`${target.name}: ${outcome.findings.length} findings`);
    outcomes.push(outcome);
  }
}
await Promise.all(Array.from({ length: jobs }, work));

console.log('| target | executions | edges | corpus | findings |');
console.log('|---|---|---|---|---|');
for (const { name, executions, edges, corpus, findings } of outcomes.sort((a, b) =>
  a.name < b.name ? -1 : 1,
)) {
  console.log(`| ${name} | ${executions} | ${edges} | ${corpus} | ${findings.length} |`);
}
for (const { name, findings, log } of outcomes) {
  for (const finding of findings) {
    console.log(`${name}: ${finding} (in base64: ${log})`);
  }
}
process.exitCode = outcomes.some(({ findings }) => findings.length > 0) ? 1 : 0;
