import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { enterNewNamespace, ip, until } from '@ifdepd/netlab';
import { enginePath, nodeLines, nodePath, otherEngines } from '@ifdepd/node-lines';
import { bundle, readmeExamples } from '@ifdepd/packed';
import { beforeEach, expect, test } from 'vitest';
import { caughtUp } from '../support/caught-up.ts';
import { watched } from '../support/watch.ts';

const packageDir = fileURLToPath(new URL('../..', import.meta.url));

beforeEach(enterNewNamespace);

function run(
  source: Parameters<typeof bundle>[1],
  engine = process.execPath,
  options: readonly string[] = [],
) {
  using module = bundle(packageDir, source);
  const { status, stdout, stderr } = spawnSync(engine, [...options, module.path], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { status, stdout, stderr };
}

const engines = [
  ...nodeLines.map((line) => [`Node ${line}`, nodePath(line), [] as readonly string[]] as const),
  ...otherEngines.map(
    (engine) =>
      [engine, enginePath(engine), engine === 'deno' ? ['run', '--allow-all', '--cached-only'] : []] as const,
  ),
];

const children = [
  ['unref', 'held\n'],
  ['iterator', 'snapshot\nError: enough\n'],
  ['throwing', 'other: snapshot\ncaught: thrown by a listener\n'],
] as const;

test.each(children)('the child %s ends by itself, with what it has seen', (name, stdout) => {
  expect(run({ file: `test/children/${name}.ts` })).toEqual({ status: 0, stdout, stderr: '' });
});

for (const [engine, path, options] of engines) {
  test.for(children)(`the child %s ends on ${engine} as on Node`, ([name, stdout], ctx) => {
    if (path === null) {
      return ctx.skip(`there is no ${engine} here`);
    }
    const { status, stdout: seen } = run({ file: `test/children/${name}.ts` }, path, options);
    expect({ status, stdout: seen }).toEqual({ status: 0, stdout });
  });
}

test('the example in the README runs as it is written', () => {
  ip('link', 'add', 'eth0', 'type', 'veth', 'peer', 'name', 'far0');
  ip('link', 'set', 'far0', 'up');
  ip('link', 'set', 'eth0', 'up');
  ip('addr', 'add', '192.0.2.1/24', 'dev', 'eth0');
  ip('route', 'add', 'default', 'via', '192.0.2.9');
  const [text = ''] = readmeExamples(packageDir);
  const { status, stdout, stderr } = run({ name: 'readme', text: `${text}\nwatch.close();` });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toContain('192.0.2.9 eth0\n');
});

test('events come from the event loop by themselves, and settled follows the last of them', async () => {
  const { watch, events } = watched();
  ip('addr', 'add', '192.0.2.1/32', 'dev', 'lo');
  await until('the event came', () => events.length > 0);
  let settled = 0;
  const second = watch.subscribe(
    () => undefined,
    () => settled++,
  );
  expect(settled).toBe(1);
  ip('addr', 'del', '192.0.2.1/32', 'dev', 'lo');
  caughtUp(watch);
  expect(settled).toBe(2);
  second[Symbol.dispose]();
  watch.close();
  watch.close();
  expect(watch.catchUp()).toBe(true);
});
