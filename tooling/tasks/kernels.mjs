// `npm run kernels -- [--kernel 6.1] [--scenario bond]` builds the daemon, boots kernels in virtual machines, and runs it in
// them.
import { run, turbo } from './lib/run.mjs';

const built = turbo([
  'run',
  'build',
  '--filter=ifdepd',
  '--filter=@ifdepd/kernels',
  '--output-logs=errors-only',
]);
const words = ['tooling/kernels/dist/kernels.js', ...process.argv.slice(2)];
process.exitCode = built === 0 ? run(process.execPath, words) : built;
