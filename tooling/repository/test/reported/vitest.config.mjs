import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const reporter = fileURLToPath(new URL('../../../vitest/count-reporter.mjs', import.meta.url));

const runner = fileURLToPath(new URL('../../../vitest/runner.mjs', import.meta.url));

const globalSetup = fileURLToPath(new URL('../../../vitest/watchdog.mjs', import.meta.url));

/** Tests of which some fail on purpose: a test beside this folder checks the report. */
export default defineConfig({
  oxc: { tsconfig: false },
  test: { include: ['*.case.ts'], pool: 'forks', globalSetup, reporters: [reporter], runner, testTimeout: 0 },
});
