// Runs turbo with the project's settings: `node tooling/tasks/turbo.mjs run build`.
import { turbo } from './lib/run.mjs';

process.exitCode = turbo(process.argv.slice(2));
