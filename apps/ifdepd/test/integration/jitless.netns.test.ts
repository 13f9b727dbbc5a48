import { readFileSync } from 'node:fs';
import { nodeLines, nodePath } from '@ifdepd/node-lines';
import { expect, test } from 'vitest';
import { host } from '../support/host.ts';
import { daemon, runToEnd } from '../support/program.ts';

const env = { NODE_OPTIONS: '--jitless' };

/** Memory of a process that may be written to and executed, or was made executable without a file behind it. */
function madeExecutable(pid: number): readonly string[] {
  const lines = readFileSync(`/proc/${pid}/maps`, 'latin1').split('\n');
  return lines.filter((line) => / (?:.wx.|..x. \S+ 00:00 0 *$)/.test(line));
}

test.for([Number(process.versions.node.split('.')[0]), ...nodeLines])(
  'Node %i without its compilers: starts, follows, answers, ends, and makes no memory executable',
  async (line, { skip }) => {
    const node = process.version.startsWith(`v${line}.`) ? process.execPath : nodePath(line);
    skip(node === null, `Node ${line} is not installed here (npm test fetches it on x64 Linux)`);
    using lab = host('em0', 'carp0');
    const words = ['-S', 'em0', '-D', 'carp0'];
    await using running = await daemon(words, { env, ...(node === null ? {} : { node }) });
    for (let round = 0; round < 3; round += 1) {
      lab.cables.em0.cut();
      await lab.allAre('down', ['carp0']);
      lab.cables.em0.repair();
      await lab.allAre('up', ['carp0']);
    }
    expect(await runToEnd(['status'], { env })).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^cli +up /m),
    });
    expect(madeExecutable(running.pid)).toEqual([]);
    running.signal('SIGTERM');
    expect(await running.ended).toMatchObject({ code: 0 });
  },
);
