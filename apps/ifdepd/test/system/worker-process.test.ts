import { closeSync, existsSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { until } from '@ifdepd/netlab';
import { expect, onTestFinished, test } from 'vitest';
import { loadAside } from '../../src/config/load-aside.ts';
import { loadFirst } from '../../src/config/load-first.ts';
import { version } from '../../src/system/version.ts';
import { runInWorker, WorkerError } from '../../src/system/worker-process.ts';
import { configFile } from '../support/config-file.ts';

const LIMITS = { timeMs: 60_000, bytes: 10_000 };
const ANSWER = `const answer = (value, version) => process.stdout.write(require('v8').serialize({ version, value }));`;

/** What a program makes of some work: its answer, or why there is none. */
async function outcome(body: string, limits = LIMITS): Promise<unknown> {
  using program = configFile(`${ANSWER}\n${body}`);
  using work = runInWorker(program.path, 'load', new Map([['a', 1]]), limits);
  return await work.result.catch((error: WorkerError) => ({
    reason: error.message,
    notStarted: error.notStarted,
  }));
}

test('the other process is sent plain data with Maps, and its answer is the result', async () => {
  const echo = `answer(require('v8').deserialize(require('fs').readFileSync(0)), '${version}')`;
  expect(await outcome(echo)).toEqual(new Map([['a', 1]]));
});

test.each([
  ['a process that ends with 3', 'process.exit(3)', 'its process ended with 3'],
  ['a process that is killed', `process.kill(process.pid, 'SIGKILL')`, 'its process ended with SIGKILL'],
])(
  '%s is an error that names its end, and the work is not done in this process',
  async (_title, body, reason) => {
    expect(await outcome(body)).toEqual({ reason, notStarted: false });
  },
);

test('a process that never ends is killed when its time is up', async () => {
  const reason = 'took longer than 0.5 s';
  expect(await outcome('setInterval(() => {}, 1000)', { ...LIMITS, timeMs: 500 })).toEqual({
    reason,
    notStarted: false,
  });
});

test('a process that answers too much is killed', async () => {
  const body = 'setInterval(() => process.stdout.write(Buffer.alloc(10_000)), 1)';
  expect(await outcome(body)).toEqual({ reason: 'answered with more than 10000 bytes', notStarted: false });
});

test.each([
  ['of another version', `answer(1, '0.0.0-other')`],
  ['that is none', `process.stdout.write('garbage')`],
  ['that is nothing', ''],
])('an answer %s is not used, and the work may be done here', async (_title, body) => {
  expect(await outcome(body)).toMatchObject({ notStarted: true });
});

test('disposing a worker rejects its result and ends its process', async () => {
  using file = configFile('');
  const started = `${file.path}.started`;
  const body = `require('fs').writeFileSync('${started}', String(process.pid)); setInterval(() => {}, 1000)`;
  using program = configFile(body);
  const work = runInWorker(program.path, 'load', null, LIMITS);
  const refused = expect(work.result).rejects.toThrowError(WorkerError);
  await until('the process to run', () => existsSync(started));
  work[Symbol.dispose]();
  await refused;
});

const signal = new AbortController().signal;
const large = `groups: {g: {sources: [a], destinations: [b]}}\n${'# nothing\n'.repeat(1000)}`;
const nowhere = fileURLToPath(new URL('./no-such-program.cjs', import.meta.url));

test('a small file is read here', async () => {
  using file = configFile('groups: {g: {sources: [a], destinations: [b]}}\n');
  expect((await loadAside(file.path, nowhere, signal)).destinations.size).toBe(1);
});

test('a large file is refused where the process that reads it ends', async () => {
  using file = configFile(large);
  await expect(loadAside(file.path, nowhere, signal)).rejects.toThrowError(
    `${file.path}: cannot be read: its process ended with 1`,
  );
});

test('a large file is read here where the program on disk is another one', async () => {
  using file = configFile(large);
  using program = configFile(`${ANSWER}\nanswer(null, 'other')`);
  expect((await loadAside(file.path, program.path, signal)).destinations.size).toBe(1);
});

const first = 'groups: {g: {sources: [a], destinations: [b]}}\n';

test.each([
  ['a large file', first + '# nothing\n'.repeat(2000)],
  ['a file that includes others', `${first}include: []\n`],
])('the start: %s is read by another process', async (_title, text) => {
  using file = configFile(text);
  const loaded = `{ file: '/elsewhere', issues: [{ message: 'read elsewhere', line: 1, column: 1 }] }`;
  using program = configFile(`${ANSWER}\nanswer(${loaded}, '${version}')`);
  await expect(loadFirst(file.path, program.path)).rejects.toThrowError(/elsewhere/);
});

test.each([
  ['a small file', first],
  ['a large file, where the other process fails,', first + '# nothing\n'.repeat(2000)],
])('the start: %s is read here', async (_title, text) => {
  using file = configFile(text);
  expect((await loadFirst(file.path, nowhere)).destinations.size).toBe(1);
});

test('the start: a large file that is an open descriptor of this process is read here', async () => {
  using file = configFile(first + '# nothing\n'.repeat(2000));
  const fd = openSync(file.path, 'r');
  onTestFinished(() => closeSync(fd));
  expect((await loadFirst(`/dev/fd/${fd}`, nowhere)).destinations.size).toBe(1);
});
