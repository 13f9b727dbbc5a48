import { describe, expect, test } from 'vitest';
import { runChild } from './support/child.ts';
import { nodeLines, nodeOfLine } from './support/nodes.ts';

describe.each(nodeLines)('readable on Node %i', (line) => {
  const node = nodeOfLine(line);

  test('events come after a garbage collection when nobody else holds the watch', (ctx) => {
    if (node === null) {
      return ctx.skip(`no Node ${line} here`);
    }
    const child = runChild('gc', { node, nodeOptions: ['--expose-gc'] });
    expect(child).toEqual({ status: 0, stdout: 'received 5\n', stderr: '' });
  });

  test('promise jobs queued in the callback run with nothing else in the loop', (ctx) => {
    if (node === null) {
      return ctx.skip(`no Node ${line} here`);
    }
    const child = runChild('promises', { node });
    expect(child).toEqual({ status: 0, stdout: 'datagram delivered\n', stderr: '' });
  });

  test('an exception reaches uncaughtException and watching goes on', (ctx) => {
    if (node === null) {
      return ctx.skip(`no Node ${line} here`);
    }
    const child = runChild('throwing', { node });
    expect(child).toEqual({
      status: 0,
      stdout: 'caught: thrown by the callback\nreceived: second\n',
      stderr: '',
    });
  });

  test('dispose inside the callback ends the watch and lets the process end', (ctx) => {
    if (node === null) {
      return ctx.skip(`no Node ${line} here`);
    }
    const child = runChild('dispose', { node });
    expect(child).toEqual({ status: 0, stdout: 'called\nended with 0\n', stderr: '' });
  });
});
