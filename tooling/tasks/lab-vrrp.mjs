// `npm run lab:vrrp` builds the daemon and cuts the cables of two gateways with keepalived, in network namespaces, as root or in a user
// namespace.
import { run, turbo } from './lib/run.mjs';

const built = turbo([
  'run',
  'build',
  '--filter=ifdepd',
  '--filter=@ifdepd/paths',
  '--output-logs=errors-only',
]);
const program = 'apps/ifdepd/dist/main.cjs';
const words = [process.execPath, 'tooling/paths/dist/vrrp-lab.js', program, ...process.argv.slice(2)];
const wrapper = process.getuid?.() === 0 ? [] : ['unshare', '--user', '--map-root-user'];
const [command = 'node', ...rest] = [...wrapper, ...words];
process.exitCode = built === 0 ? run(command, rest) : built;
