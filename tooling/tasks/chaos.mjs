// `npm run chaos -- --seed N --minutes M [--fault R6]` builds the daemon and injects faults into it, as root or in a user
// namespace.
import { run, turbo } from './lib/run.mjs';

const built = turbo([
  'run',
  'build',
  '--filter=ifdepd',
  '--filter=@ifdepd/faults',
  '--output-logs=errors-only',
]);
const program = 'apps/ifdepd/dist/main.cjs';
const words = [process.execPath, 'tooling/faults/dist/chaos.js', program, ...process.argv.slice(2)];
const wrapper = process.getuid?.() === 0 ? [] : ['unshare', '--user', '--map-root-user'];
const [command = 'node', ...rest] = [...wrapper, ...words];
process.exitCode = built === 0 ? run(command, rest) : built;
