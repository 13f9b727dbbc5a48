#!/usr/bin/env node
import { fileURLToPath } from 'node:url';
import { run } from './cli/run.ts';

void run(process.argv.slice(2), fileURLToPath(import.meta.url)).then((code) => {
  process.exitCode = code;
});
