// `npm run demo` builds the daemon and shows a failover.
import { run, turbo } from './lib/run.mjs';

const built = turbo(['run', 'build', '--filter=ifdepd', '--output-logs=errors-only', '--log-order=grouped']);
process.exitCode = built === 0 ? run(process.execPath, ['apps/ifdepd/dist/main.cjs', 'demo']) : built;
