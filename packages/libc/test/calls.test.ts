import { expect, test } from 'vitest';
import { hostTarget, loadLibc } from '../src/index.ts';
import { openRing } from '../src/linux/index.ts';
import { runChild } from './support/child.ts';
import { nodeLines, nodeOfLine } from './support/nodes.ts';

const variants = nodeLines.flatMap((line) => [
  { line, nodeOptions: [] },
  // Without a compiler at run time, as a service must that forbids memory that is both writable and executable.
  { line, nodeOptions: ['--jitless'] },
]);

test.for(variants)(
  'calls of each shape answer the same on Node $line $nodeOptions',
  ({ line, nodeOptions }, ctx) => {
    const node = nodeOfLine(line);
    if (node === null) {
      return ctx.skip(`no Node ${line} here`);
    }
    if (hostTarget().platform !== 'linux') {
      return ctx.skip('the numbers in it are those of Linux');
    }
    const { status, stdout, stderr } = runChild('calls', { node, nodeOptions });
    expect({ status, stderr: stderr.replace(/^Warning: disabling flag .*\n/gm, '') }).toEqual({
      status: 0,
      stderr: '',
    });
    using ring = openRing(loadLibc(), 2);
    expect(JSON.parse(stdout)).toEqual({
      unknownFamily: -97,
      flags: 0,
      loopback: 8,
      unknownInterface: -19,
      unknownRequest: -25,
      option: 4,
      received: 11,
      sender: 1,
      nothing: -11,
      first: { index: 1, name: 'lo' },
      missing: -38,
      file: [4, 'Linu', 2],
      noFile: -2,
      pair: ring === null ? null : [3, 32],
      closed: [0, -9],
    });
  },
);
