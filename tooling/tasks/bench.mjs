// `npm run bench` builds the daemon and the benchmark, and runs it as root or in a user namespace.
import { run, turbo } from './lib/run.mjs';

const built = turbo([
  'run',
  'build',
  '--filter=ifdepd',
  '--filter=@ifdepd/bench',
  '--output-logs=errors-only',
]);
const words = [process.execPath, 'tooling/bench/dist/bench.js', ...process.argv.slice(2)];
const wrapper = process.getuid?.() === 0 ? [] : ['unshare', '--user', '--map-root-user'];
const [command = 'node', ...rest] = [...wrapper, ...words];
process.exitCode = built === 0 ? run(command, rest) : built;
