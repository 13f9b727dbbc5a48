// `npm run simulate -- --seed N --years Y [--faults …]` runs a whole daemon over a scripted Linux, in simulated time.
import { run, turbo } from './lib/run.mjs';

const built = turbo(['run', 'build', '--filter=@ifdepd/simulator', '--output-logs=errors-only']);
process.exitCode =
  built === 0
    ? run(process.execPath, ['tooling/simulator/dist/simulate.js', ...process.argv.slice(2)])
    : built;
