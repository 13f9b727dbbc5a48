#!/usr/bin/env node
import type * as Core from './cli/run.ts';
import { earlySignals } from './system/early-signals.ts';
import { keepInspectorClosed } from './system/inspector.ts';
import { refuseOldNode } from './system/node-version.ts';

refuseOldNode();
const signals = earlySignals();
keepInspectorClosed();
// The build puts what every start needs in that one file: tsup.config.ts.
const core: typeof Core = require('./core.cjs');
void core.run(process.argv.slice(2), { file: import.meta.filename, signals });
