#!/usr/bin/env node
import type * as Core from './cli/run.ts';
import { loadCompiled } from './compiled/load-compiled.ts';

// All that a start needs is in that file, by the build: tsup.config.ts.
const { exports, keepCode } = loadCompiled(`${import.meta.dirname}/core.cjs`, module, require);
void (exports as typeof Core).run(process.argv.slice(2), { file: import.meta.filename, keepCode });
