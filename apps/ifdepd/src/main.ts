#!/usr/bin/env node
import type * as Core from './cli/run.ts';
import { earlySignals } from './system/early-signals.ts';
import { keepInspectorClosed } from './system/inspector.ts';
import { refuseOldNode } from './system/node-version.ts';
import { loadCompiled } from './tuning/load-cached.ts';

refuseOldNode();
const signals = earlySignals();
keepInspectorClosed();
// All that a start needs is in that file, by the build: tsup.config.ts.
const { exports, keepCode } = loadCompiled(`${import.meta.dirname}/core.cjs`, module, require);
void (exports as typeof Core).run(process.argv.slice(2), { file: import.meta.filename, signals, keepCode });
