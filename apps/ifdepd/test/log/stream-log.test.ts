import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '@ifdepd/netlab';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Log, streamLog } from '../../src/log/index.ts';
import { fileRequests } from '../support/file-requests.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ifdepd-log-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Closes a log and its file when this line is in it: `close` itself waits for a slow disk no longer than a stop may take. */
async function closed(log: Log, fd: number, path: string, last: string): Promise<string> {
  await log.close();
  await until('the last line to be written', () => readFileSync(path, 'utf8').endsWith(last));
  closeSync(fd);
  return readFileSync(path, 'utf8');
}

test('lines arrive in order, with the program and the process before them', async () => {
  const path = join(folder, 'log');
  const fd = openSync(path, 'w');
  const log = streamLog(fd);
  const wanted = Array.from({ length: 500 }, (_, number) => `line ${number}`);
  for (const message of wanted) {
    log.write({ event: 'source', level: 'info', message });
  }
  await log.close();
  closeSync(fd);
  expect(readFileSync(path, 'utf8')).toBe(wanted.map((line) => `ifdepd[${process.pid}]: ${line}\n`).join(''));
});

test('the lines of one decision are one write', async () => {
  const path = join(folder, 'log');
  const fd = openSync(path, 'w');
  const log = streamLog(fd, ({ message }) => message);
  using writes = fileRequests();
  for (const message of ['em0: failed', 'carp0: set down', 'carp1: set down']) {
    log.write({ event: 'source', level: 'info', message });
  }
  expect(writes.count).toBe(0);
  await log.close();
  expect(writes.count).toBe(1);
  closeSync(fd);
  expect(readFileSync(path, 'utf8')).toBe('em0: failed\ncarp0: set down\ncarp1: set down\n');
});

test.each([
  ['a full disk', '/dev/full', 'w'],
  ['a descriptor that cannot be written', '/dev/null', 'r'],
])('%s loses lines and nothing else', async (_title, path, mode) => {
  const fd = openSync(path, mode);
  const log = streamLog(fd);
  log.write({ event: 'source', level: 'info', message: 'one' });
  log.write({ event: 'source', level: 'info', message: 'two' });
  await expect(log.close()).resolves.toBeUndefined();
  closeSync(fd);
});

test('20,000 lines at once arrive, all of them, and no line blames the reader', async () => {
  const path = join(folder, 'log');
  const fd = openSync(path, 'w');
  const log = streamLog(fd, ({ message }) => message);
  const wanted = Array.from(
    { length: 20_000 },
    (_, number) => `g${number}: starting -> up (s${number} active)`,
  );
  for (const message of wanted) {
    log.write({ event: 'transition', level: 'info', message });
  }
  const text = await closed(log, fd, path, `${wanted.at(-1)}\n`);
  expect(text.split('\n').slice(0, -1)).toEqual(wanted);
});

test('lines beyond four megabytes at once are counted, and the next line gives the count', async () => {
  const path = join(folder, 'log');
  const fd = openSync(path, 'w');
  const log = streamLog(fd, ({ message }) => message);
  const line = 'x'.repeat(1023);
  for (let number = 0; number < 4096 + 3; number += 1) {
    log.write({ event: 'source', level: 'info', message: line });
  }
  await new Promise((resolve) => setImmediate(resolve));
  log.write({ event: 'source', level: 'info', message: 'next' });
  const lines = (await closed(log, fd, path, 'next\n')).split('\n');
  expect(lines.length).toBe(4096 + 3);
  expect(lines.slice(-3)).toEqual(['3 log lines were lost: the reader did not keep up', 'next', '']);
});
