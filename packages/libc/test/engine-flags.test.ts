import { describe, expect, test } from 'vitest';
import { hostTarget } from '../src/index.ts';
import { runChild } from './support/child.ts';
import { nodeLines, nodeOfLine } from './support/nodes.ts';

/** A library of every Linux with glibc that has no such function. */
const ANOTHER = 'libm.so.6';

describe.each(nodeLines)('options of V8 on Node %i', (line) => {
  const node = nodeOfLine(line);

  test.for([
    ['by its own function', 'null', false],
    ['by node:v8, where that is not to be seen', ANOTHER, true],
  ] as const)('%s', ([_how, library, module], { skip }) => {
    skip(node === null, `Node ${line} is not installed here (npm test fetches it on x64 Linux)`);
    skip(hostTarget().platform !== 'linux', 'the library without the function is one of Linux');
    const words = [library, '--expose-gc', '--no-opt'];
    const { status, stdout, stderr } = runChild('engine-flags', {
      words,
      ...(node === null ? {} : { node }),
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual({ gc: 'function', module });
  });
});
