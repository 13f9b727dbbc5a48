import { until } from '@ifdepd/netlab';
import { nodeLines, nodePath } from '@ifdepd/node-lines';
import { expect, test } from 'vitest';
import { type ConfigFile, configFile } from '../support/config-file.ts';
import { host } from '../support/host.ts';
import { daemon, type Running } from '../support/program.ts';

/** A daemon under an interpreter that is given these options. */
async function daemonUnder(file: ConfigFile, node: string, options: string): Promise<Running> {
  file.write(`#!/bin/sh\nexec '${node}' ${options} "$@"\n`, 0o755);
  return await daemon(['-S', 'em0', '-D', 'carp0'], { node: file.path });
}

/** V8 checks every eight seconds, since Node 26 for the first time after thirty; later on a busy machine. */
const PATIENCE_MS = 180_000;

/** The lines of Node whose V8 takes an idle program for a busy one. */
const affected = nodeLines.filter((line) => line >= 24);

// Each waits for a timer of V8 for more than ten seconds, so they wait at the same time.
test.concurrent.for(affected)(
  'an idle daemon on Node %i: the memory reducer of V8 ends its work',
  async (line, { skip }) => {
    const node = nodePath(line);
    skip(node === null, `Node ${line} is not installed here (npm test fetches it on x64 Linux)`);
    using _lab = host('em0', 'carp0');
    using file = configFile('');
    const options = '--trace-memory-reducer --gc-memory-reducer-start-delay-ms=300';
    await using running = await daemonUnder(file, node ?? '', options);
    await until(
      () => `the end of the memory reducer in:\n${running.output}`,
      () => /Memory reducer: finished GC #\d+ \(done\)/.test(running.output),
      PATIENCE_MS,
    );
  },
);

test.for(affected)(
  'a collection in the daemon on Node %i: another script is compiled after it',
  async (line, { skip }) => {
    const node = nodePath(line);
    skip(node === null, `Node ${line} is not installed here (npm test fetches it on x64 Linux)`);
    using _lab = host('em0', 'carp0');
    using file = configFile('');
    using preload = configFile('');
    preload.write(`
      const vm = require('node:vm');
      let scripts = 0;
      vm.Script = class extends vm.Script {
        constructor(...source) {
          super(...source);
          scripts += 1;
        }
      };
      let collections = 0;
      setInterval(() => {
        process.stdout.write(\`\${collections} collections, \${scripts} scripts\\n\`);
        gc();
        collections += 1;
      }, 20);`);
    await using running = await daemonUnder(file, node ?? '', `--expose-gc --require '${preload.path}'`);
    const scripts = await until(
      () => `ten collections in:\n${running.output}`,
      () => {
        const counts = /^1\d collections, (\d+) scripts$/m.exec(running.output);
        return counts === null ? undefined : Number(counts[1]);
      },
    );
    expect(scripts).toBeGreaterThanOrEqual(5);
  },
);
