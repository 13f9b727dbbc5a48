import { enginePath, otherEngines } from '@ifdepd/node-lines';
import { describe, expect, test } from 'vitest';
import { runChild } from './support/child.ts';
import { nodeLines, nodeOfLine } from './support/nodes.ts';

describe.each(nodeLines)('readable on Node %i', (line) => {
  const node = nodeOfLine(line);

  test('events still come after a garbage collection when only libc holds the watch', (ctx) => {
    if (node === null) {
      return ctx.skip(`no Node ${line} here`);
    }
    const child = runChild('gc', { node, nodeOptions: ['--expose-gc'] });
    expect(child).toEqual({ status: 0, stdout: 'received 5\n', stderr: '' });
  });

  test('promise jobs of the callback run although the loop has nothing else to do', (ctx) => {
    if (node === null) {
      return ctx.skip(`no Node ${line} here`);
    }
    const child = runChild('promises', { node });
    expect(child).toEqual({ status: 0, stdout: 'datagram delivered\n', stderr: '' });
  });

  test('an exception of the callback reaches uncaughtException and the watch continues', (ctx) => {
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

  test('a watch keeps the process alive after ref, and lets it end after unref', (ctx) => {
    if (node === null) {
      return ctx.skip(`no Node ${line} here`);
    }
    const child = runChild('unref', { node });
    expect(child).toEqual({ status: 0, stdout: 'called\nended with 0\n', stderr: '' });
  });

  test('the process survives a worker thread that ends with an open watch', (ctx) => {
    if (node === null) {
      return ctx.skip(`no Node ${line} here`);
    }
    const child = runChild('workers', { node });
    const stdout = 'terminated\nterminated amid events\nexits\nthrows\ndisposes\n';
    expect(child).toEqual({ status: 0, stdout, stderr: '' });
  });
});

const scenarios = [
  ['promises', 'datagram delivered\n'],
  ['throwing', 'caught: thrown by the callback\nreceived: second\n'],
  ['dispose', 'called\nended with 0\n'],
  ['unref', 'called\nended with 0\n'],
] as const;

describe('readable by poll(2)', () => {
  test.each(scenarios)('scenario %s ends as with libuv', (name, stdout) => {
    const elsewhere = "Object.defineProperty(process,'versions',{value:{...process.versions,bun:'1.4.5'}})";
    const nodeOptions = ['--import', `data:text/javascript,${encodeURIComponent(elsewhere)}`];
    expect(runChild(name, { nodeOptions })).toEqual({ status: 0, stdout, stderr: '' });
  });

  for (const engine of otherEngines) {
    test.for(scenarios)(`scenario %s ends on ${engine} as on Node`, ([name, stdout], ctx) => {
      const node = enginePath(engine);
      if (node === null) {
        return ctx.skip(`there is no ${engine} that runs here`);
      }
      const nodeOptions = engine === 'deno' ? ['run', '--allow-all', '--no-prompt', '--cached-only'] : [];
      expect(runChild(name, { node, nodeOptions })).toMatchObject({ status: 0, stdout });
    });
  }
});
