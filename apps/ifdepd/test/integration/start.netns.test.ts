import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodeLines, nodePath } from '@ifdepd/node-lines';
import { expect, test } from 'vitest';
import { host } from '../support/host.ts';
import { runToEnd } from '../support/program.ts';

/** What costs milliseconds to load and is needed after the first decision only, if ever. */
const LATER = [
  ...[
    'child_process',
    'dgram',
    'http',
    'net',
    'perf_hooks',
    'readline',
    'stream',
    'tty',
    'v8',
    'worker_threads',
  ],
  ...['internal/abort_controller', 'internal/fs/streams'],
];

const koffi = createRequire(import.meta.url).resolve('koffi');

/**
 * What koffi loads by itself, from Node 22 on: it copies `node:util` and `node:fs` member by member, and some members load streams,
 * worker threads and the socket behind stderr.
 */
function loadedByKoffi(node: string): readonly string[] {
  const script = `require(${JSON.stringify(koffi)}); require('fs').writeSync(1, process.moduleLoadList.join('\\n'))`;
  return spawnSync(node, ['--eval', script], { encoding: 'utf8' }).stdout.split('\n');
}

/** The interpreter that runs the tests, and the others. */
const lines = [null, ...nodeLines];

test.for(lines)(
  'a start loads nothing slow before the first decision, except what koffi loads: Node %s',
  async (line, { skip }) => {
    const node = line === null ? process.execPath : nodePath(line);
    skip(node === null, `Node ${line} is not installed here (npm test fetches it on x64 Linux)`);
    using lab = host('em0', 'carp0');
    const folder = mkdtempSync(join(tmpdir(), 'ifdepd-start-'));
    try {
      const [probe, list] = [join(folder, 'probe.cjs'), join(folder, 'list')];
      writeFileSync(
        probe,
        // It ends by itself, not by _exit(2), so that its end is heard of.
        `process.getActiveResourcesInfo = () => [];
      process.on('exit', () => require('fs').writeFileSync(${JSON.stringify(list)}, process.moduleLoadList.join('\\n')));`,
      );
      lab.cables.em0.cut();
      const env = { NODE_OPTIONS: `--require=${probe}` };
      const words = ['-q', '--once', '-S', 'em0', '-D', 'carp0'];
      // Standard error is a device, as with `2> /dev/null`: it could be a terminal.
      const ended = await runToEnd(words, { env, stderr: 'ignore', ...(node === null ? {} : { node }) });
      expect(ended).toMatchObject({ code: 0 });
      await lab.allAre('down', ['carp0']);
      const loaded = readFileSync(list, 'utf8').split('\n');
      // That it can be seen at all.
      expect(loaded).toContain('NativeModule fs');
      const allowed = loadedByKoffi(node ?? process.execPath);
      expect(allowed).toContain('NativeModule fs');
      const ours = loaded.filter((name) => !allowed.includes(name));
      expect(LATER.filter((name) => ours.includes(`NativeModule ${name}`))).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);

test('a start on Linux loads later.cjs after its first destination is down, and never bsd.cjs', async () => {
  using lab = host('em0', 'carp0');
  const folder = mkdtempSync(join(tmpdir(), 'ifdepd-start-'));
  try {
    const [probe, list] = [join(folder, 'probe.cjs'), join(folder, 'list')];
    writeFileSync(
      probe,
      `const { appendFileSync } = require('node:fs');
      const { execFileSync } = require('node:child_process');
      const load = require.extensions['.js'];
      require.extensions['.cjs'] = (module, file) => {
        const [{ flags }] = JSON.parse(execFileSync('ip', ['-j', 'link', 'show', 'carp0']));
        const name = file.slice(file.lastIndexOf('/') + 1);
        appendFileSync(${JSON.stringify(list)}, name + (flags.includes('UP') ? ' before' : ' after') + '\\n');
        load(module, file);
      };`,
    );
    lab.cables.em0.cut();
    const words = ['--once', '-S', 'em0', '-D', 'carp0'];
    expect(await runToEnd(words, { env: { NODE_OPTIONS: `--require=${probe}` } })).toMatchObject({ code: 0 });
    const loaded = readFileSync(list, 'utf8').split('\n');
    expect(loaded).toContain('core.cjs before');
    expect(loaded).toContain('later.cjs after');
    expect(loaded.filter((line) => line.startsWith('bsd.cjs'))).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
