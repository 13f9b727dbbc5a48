#!/usr/bin/env node
import { earlySignals } from './bootstrap/early-signals.ts';
import { keepInspectorClosed } from './bootstrap/inspector.ts';
import { refuseOldNode } from './bootstrap/node-version.ts';
import type * as Core from './cli/run.ts';
import { loadCompiled } from './compiled/load-compiled.ts';

refuseOldNode();
const signals = earlySignals();
keepInspectorClosed();
// All that a start needs is in that file, by the build: tsup.config.ts.
const { exports, keepCode } = loadCompiled(`${import.meta.dirname}/core.cjs`, module, require);
void (exports as typeof Core).run(process.argv.slice(2), { file: import.meta.filename, signals, keepCode });
