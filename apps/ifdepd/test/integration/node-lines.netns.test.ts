import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { nodeLines, nodePath } from '@ifdepd/node-lines';
import { expect, test } from 'vitest';
import { configFile } from '../support/config-file.ts';
import { host } from '../support/host.ts';
import { daemon, runToEnd } from '../support/program.ts';

test.for(nodeLines)('the daemon does its job on Node %i', async (line, { skip }) => {
  const node = nodePath(line);
  skip(node === null, `Node ${line} is not installed here (npm test fetches it on x64 Linux)`);
  using lab = host('em0', 'carp0');
  await using running = await daemon(['-S', 'em0', '-D', 'carp0'], node === null ? {} : { node });
  for (let round = 0; round < 3; round += 1) {
    lab.cables.em0.cut();
    await lab.allAre('down', ['carp0']);
    lab.cables.em0.repair();
    await lab.allAre('up', ['carp0']);
  }
  // The last lines are written although nothing else goes on in the event loop.
  await running.line(/carp0: set up \(cli: em0 active\)$/);
  running.signal('SIGTERM');
  expect(await running.ended).toMatchObject({ code: 0 });
});

test.for(nodeLines)(
  '--once ends as a program does that has nothing left to do, on Node %i',
  async (line, { skip }) => {
    const node = nodePath(line);
    skip(node === null, `Node ${line} is not installed here (npm test fetches it on x64 Linux)`);
    using _lab = host('em0', 'carp0');
    // _exit(2), which is for writes that are stuck, emits no event.
    using preload = configFile('');
    const exited = join(preload.folder, 'exited');
    preload.write(
      `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(exited)}, ''))`,
    );
    const ended = await runToEnd(['--once', '-q', '-S', 'em0', '-D', 'carp0'], {
      env: { NODE_OPTIONS: `--require ${preload.path}` },
      ...(node === null ? {} : { node }),
    });
    expect(ended).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(existsSync(exited)).toBe(true);
  },
);
