import { enginePath, nodePath, otherEngines, nodeLines as others } from '@ifdepd/node-lines';
import { describe, expect, test } from 'vitest';
import { runChild } from '../support/child.ts';

/** A Node of that line: the one that runs the tests, or the one that was fetched; null without either. */
function nodeOfLine(line: number): string | null {
  return process.versions.node.startsWith(`${line}.`) ? process.execPath : nodePath(line);
}

const children = [
  ['an async iterator delivers with nothing else in the loop', 'iterator', 'active\nfailed\nactive\n'],
  ['an aborted one rejects, and the process ends', 'abort', 'snapshot\nError: enough\n'],
  ['events come although garbage is collected', 'gc', 'seen 5\n'],
  ['unreferenced watches let the process end', 'unref', 'held\n'],
  ['a process that only watches survives an overrun', 'overrun', 'knows\nsees true\n'],
] as const;

for (const engine of otherEngines) {
  test.for([
    ['iterator', 'active\nfailed\nactive\n'],
    ['abort', 'snapshot\nError: enough\n'],
    ['unref', 'held\n'],
  ] as const)(`the child %s ends on ${engine} as on Node`, ([child, stdout], ctx) => {
    const program = enginePath(engine);
    if (program === null) {
      return ctx.skip(`there is no ${engine} that runs here`);
    }
    const options = engine === 'deno' ? ['run', '--allow-all', '--cached-only'] : [];
    expect(runChild(child, program, ...options)).toMatchObject({ status: 0, stdout });
  });
}

describe.each([20, ...others])('watchLinks works on Node %i', (line) => {
  for (const [what, child, stdout] of children) {
    test(what, (ctx) => {
      const node = nodeOfLine(line);
      if (node === null) {
        return ctx.skip(`there is no Node ${line} here`);
      }
      expect(runChild(child, node, '--expose-gc')).toEqual({ status: 0, stdout, stderr: '' });
    });
  }
});
