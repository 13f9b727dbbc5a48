import { enterNewNamespace } from '@ifdepd/netlab';
import { expect, test } from 'vitest';
import { runChild } from '../support/child.ts';
import { nodeLines, nodeOfLine } from '../support/nodes.ts';

test.for(nodeLines)('readable still reports events after a receive overrun: Node %i', (line, ctx) => {
  const node = nodeOfLine(line);
  if (node === null) {
    return ctx.skip(`no Node ${line} here`);
  }
  enterNewNamespace();
  const { status, stdout, stderr } = runChild('overrun', { node });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const { overruns, later } = JSON.parse(stdout) as { overruns: number; later: boolean };
  expect(overruns).toBeGreaterThan(0);
  expect(later).toBe(true);
});
