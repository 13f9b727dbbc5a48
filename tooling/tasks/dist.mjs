// `npm run dist` builds everything and writes the artefacts of a release to dist/.
import { run, turbo } from './lib/run.mjs';

const built = turbo(['run', 'build', '--output-logs=errors-only']);
process.exitCode =
  built === 0 ? run(process.execPath, ['tooling/release/dist/dist.js', ...process.argv.slice(2)]) : built;
