// `npm run simulate -- --seed N --years Y [--faults …]` runs a whole daemon over a scripted Linux, in simulated time.
// `npm run simulate -- --fixes-out [TEXT]` takes one fix after another out of the sources, or those with TEXT in their
// names: the simulator must find each missing fix.
import { pastFixes } from './lib/past-fixes.mjs';
import { begin, run, turbo } from './lib/run.mjs';
import { bundleSimulator } from './lib/simulator-bundle.mjs';

/** What is run for each fix, until something is wrong: histories of one gateway, then of two, ten minutes of processor time. */
const RUNS = [
  { gateways: 1, seconds: 400 },
  { gateways: 2, seconds: 200 },
];

const words = process.argv.slice(2);
process.exitCode = words[0] === '--fixes-out' ? await fixesOut(words[1] ?? '') : simulate();

function simulate() {
  const built = turbo(['run', 'build', '--filter=@ifdepd/simulator', '--output-logs=errors-only']);
  return built === 0 ? run(process.execPath, ['tooling/simulator/dist/simulate.js', ...words]) : built;
}

/** @param {string} text */
async function fixesOut(text) {
  let missed = 0;
  console.log('| without | found by | processor time |\n|---|---|---|');
  for (const fix of pastFixes.filter(({ what }) => what.includes(text))) {
    const { wrong, seconds } = await firstWrong(await bundleSimulator(fix));
    missed += wrong === null ? 1 : 0;
    console.log(`| ${fix.what} | ${wrong ?? 'not found'} | ${seconds.toFixed(1)} s |`);
  }
  return missed === 0 ? 0 : 1;
}

/**
 * Runs histories until one is wrong.
 *
 * @param {string} program
 * @returns {Promise<{ wrong: string | null, seconds: number }>} with the processor time that it took
 */
async function firstWrong(program) {
  let used = 0;
  for (const { gateways, seconds } of RUNS) {
    const { status, output } = await begin(process.execPath, [
      program,
      ...['--first', '--years', '1', '--seconds', `${seconds}`, '--gateways', `${gateways}`],
    ]);
    used += Number(/([\d.]+) s of processor time/.exec(output)?.[1] ?? 0);
    const found = /^seed (\d+): (.*)$/m.exec(output);
    if (status !== 0) {
      const what = found === null ? output.trim().split('\n').at(-1) : `seed ${found[1]}: ${found[2]}`;
      return { wrong: `${what}, ${gateways === 1 ? 'one gateway' : 'two gateways'}`, seconds: used };
    }
  }
  return { wrong: null, seconds: used };
}
