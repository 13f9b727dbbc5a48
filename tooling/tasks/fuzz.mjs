// `npm run fuzz -- [--minutes N] [--target NAME]… [--jobs N] [--keep | --guards-out]`: coverage-guided runs (jazzer.js,
// libFuzzer) of all code that reads bytes from outside. Targets are test/fuzz/*.ts of the packages. --keep adds inputs that
// reached new code to the corpus beside each target. --guards-out removes one guard after another from the sources: the
// fuzzer must find each missing guard.
import { parseArgs } from 'node:util';
import { guards } from './lib/fuzz-guards.mjs';
import { fuzzTargets, runTarget } from './lib/fuzz-target.mjs';
import { installJazzer } from './lib/jazzer.mjs';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    target: { type: 'string', multiple: true },
    jobs: { type: 'string', default: '1' },
    keep: { type: 'boolean', default: false },
    'guards-out': { type: 'boolean', default: false },
  },
});

const known = fuzzTargets();
const unknown = (values.target ?? []).filter((name) => !known.some((target) => target.name === name));
const seconds = Math.round(Number(values.minutes) * 60);
const jobs = Number(values.jobs);
if (unknown.length > 0 || !(seconds > 0) || !(Number.isInteger(jobs) && jobs > 0)) {
  const names = known.map(({ name }) => name).join(', ');
  console.error(
    `usage: npm run fuzz -- [--minutes N] [--target NAME]... [--jobs N] [--keep | --guards-out]\ntargets: ${names}`,
  );
  process.exit(64);
}

const jazzer = installJazzer();
const wanted = known.filter(({ name }) => values.target?.includes(name) ?? true);
process.exitCode = (values['guards-out'] ? await guardsOut() : await fuzzAll()) ? 0 : 1;

/** @returns {Promise<boolean>} whether nothing was found */
async function fuzzAll() {
  const waiting = [...wanted];
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
  outcomes.sort((a, b) => (a.name < b.name ? -1 : 1));
  console.log('| target | executions | edges | corpus | findings |\n|---|---|---|---|---|');
  for (const { name, executions, edges, corpus, findings } of outcomes) {
    console.log(`| ${name} | ${executions} | ${edges} | ${corpus} | ${findings.length} |`);
  }
  for (const { name, findings, log } of outcomes) {
    for (const finding of findings) {
      console.log(`${name}: ${finding} (in base64: ${log})`);
    }
  }
  return outcomes.every(({ findings }) => findings.length === 0);
}

/** One after another, because they share files. @returns {Promise<boolean>} whether every missing guard was found */
async function guardsOut() {
  let found = true;
  console.log('| target | without | found after executions |\n|---|---|---|');
  for (const target of wanted) {
    for (const left of guards.filter((guard) => guard.target === target.name)) {
      const { executions, findings } = await runTarget(target, { jazzer, seconds, keep: false, left });
      const after = findings.length > 0 ? executions : `not within ${executions}`;
      console.log(`| ${target.name} | ${left.what} (${left.file}) | ${after} |`);
      found &&= findings.length > 0;
    }
  }
  return found;
}
