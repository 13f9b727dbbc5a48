// `npm run simulate -- --seed N --years Y [--faults …]` runs a whole daemon over a scripted Linux, in simulated time.
// `npm run simulate -- --fixes-out [TEXT]` takes one fix after another out of the sources, or those with TEXT in their
// names: the simulator must find each missing fix.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { pastFixes } from './lib/past-fixes.mjs';
import { run, turbo } from './lib/run.mjs';
import { bundleSimulator } from './lib/simulator-bundle.mjs';

/** What is run for each fix, until something is wrong: 500 histories of one gateway, then 150 of two. */
const RUNS = [
  { gateways: 1, histories: 500 },
  { gateways: 2, histories: 150 },
];

const HOURS_PER_YEAR = 365 * 24;

const words = process.argv.slice(2);
process.exitCode = words[0] === '--fixes-out' ? await fixesOut(words[1] ?? '') : simulate();

function simulate() {
  const built = turbo(['run', 'build', '--filter=@ifdepd/simulator', '--output-logs=errors-only']);
  return built === 0 ? run(process.execPath, ['tooling/simulator/dist/simulate.js', ...words]) : built;
}

/** @param {string} text */
async function fixesOut(text) {
  let missed = 0;
  console.log('| without | found by |\n|---|---|');
  for (const fix of pastFixes.filter(({ what }) => what.includes(text))) {
    const program = await bundleSimulator(fix);
    const found = (await firstWrong(program, RUNS[0])) ?? (await firstWrong(program, RUNS[1]));
    missed += found === null ? 1 : 0;
    console.log(`| ${fix.what} | ${found ?? 'not found'} |`);
  }
  return missed === 0 ? 0 : 1;
}

/**
 * Runs histories until one is wrong.
 *
 * @param {string} program
 * @param {typeof RUNS[number] | undefined} options
 * @returns {Promise<string | null>}
 */
async function firstWrong(program, { gateways, histories } = { gateways: 1, histories: 1 }) {
  const years = `${histories / HOURS_PER_YEAR}`;
  const child = spawn(process.execPath, [program, '--years', years, '--gateways', `${gateways}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  for await (const line of createInterface({ input: child.stdout })) {
    const found = /^seed (\d+): (.*)$/.exec(line);
    if (found !== null) {
      child.kill('SIGKILL');
      return `seed ${found[1]} of ${gateways}: ${found[2]}`;
    }
  }
  const code = await ended;
  return code === 0 ? null : `exit code ${code}`;
}
