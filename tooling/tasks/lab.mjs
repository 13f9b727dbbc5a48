// `npm run lab:paths` lets paths die around the daemon, `npm run lab:vrrp` cuts the cables of two gateways with keepalived: builds both,
// and runs the named program of tooling/paths in network namespaces, as root or in a user namespace.
import { run, turbo } from './lib/run.mjs';

const built = turbo([
  'run',
  'build',
  '--filter=ifdepd',
  '--filter=@ifdepd/paths',
  '--output-logs=errors-only',
]);
const [name, ...options] = process.argv.slice(2);
const words = [process.execPath, `tooling/paths/dist/${name}.js`, 'apps/ifdepd/dist/main.cjs', ...options];
const wrapper = process.getuid?.() === 0 ? [] : ['unshare', '--user', '--map-root-user'];
const [command = 'node', ...rest] = [...wrapper, ...words];
process.exitCode = built === 0 ? run(command, rest) : built;
