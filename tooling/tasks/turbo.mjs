// Runs turbo with the settings of the project: `node tooling/tasks/turbo.mjs run build`.
import { turbo } from './lib/run.mjs';

process.exitCode = turbo(process.argv.slice(2));
