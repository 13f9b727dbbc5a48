import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { LogEntry } from '../../src/log/index.ts';
import { openJournal } from '../../src/state/journal.ts';
import { type Ledger, ledger } from '../../src/state/ledger.ts';
import { openLedgerFile } from '../../src/state/ledger-file.ts';
import { realLoop } from '../../src/system/loop.ts';

const KEY = 'cli-1-00000000';

let folder: string;
/** On a disk that is mounted later. */
let directory: string;
let said: string[];
/** Milliseconds, and the timers that run. */
let at: number;
let timers: { readonly due: number; readonly callback: () => void }[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ifdepd-late-'));
  directory = join(folder, 'mounted-later', 'state');
  said = [];
  at = 1000;
  timers = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

const loop = {
  ...realLoop,
  now: () => at,
  setTimer(callback: () => void, ms: number) {
    const timer = { due: at + ms, callback, unref: () => timer };
    timers.push(timer);
    return timer;
  },
  clearTimer(timer: unknown) {
    timers = timers.filter((one) => one !== timer);
  },
};

const options = () => ({
  directory,
  key: KEY,
  boot: 'boot',
  unavailable: (reason: string) => said.push(reason),
  available: (message: string) => said.push(message),
});

function mountDisk(): void {
  mkdirSync(join(folder, 'mounted-later'));
}

/** Lets time pass until the one timer is due. @returns after how many milliseconds */
function untilAttempt(): number {
  expect(timers).toHaveLength(1);
  const { due, callback } = timers.splice(0)[0] as (typeof timers)[number];
  const ms = due - at;
  at = due;
  callback();
  return ms;
}

const line = (message: string): LogEntry => ({ event: 'notice', level: 'info', message });

function openLedger(): { readonly noted: Ledger; readonly file: ReturnType<typeof openLedgerFile> } {
  const file = openLedgerFile({ ...options(), namespace: 1, present: () => noted.present() }, loop);
  const noted: Ledger = ledger(file, () => at);
  return { noted, file };
}

test('a journal whose directory cannot be made at the start: what was logged meanwhile is in the file later', async () => {
  const journal = openJournal(options(), loop);
  journal.write(line('first'));
  journal.write(line('second'));
  expect(journal.path).toBeNull();
  mountDisk();
  untilAttempt();
  journal.write(line('third'));
  await journal.close();
  const path = join(directory, `${KEY}.journal`);
  expect(journal.path).toBe(path);
  expect(readFileSync(path, 'utf8').match(/first|second|third/g)).toEqual(['first', 'second', 'third']);
  expect(said).toEqual([
    `the journal is kept in memory only: ${path}: ENOENT`,
    `the journal is written to its file from now on: ${path}`,
  ]);
});

test('a journal that opens late and has entries of an earlier process: those are not written again', async () => {
  mountDisk();
  const earlier = openJournal(options(), loop);
  earlier.write(line('earlier'));
  await earlier.close();
  // It may be read, and is not trusted.
  chmodSync(directory, 0o777);
  const journal = openJournal(options(), loop);
  journal.write(line('later'));
  chmodSync(directory, 0o750);
  untilAttempt();
  await journal.close();
  const text = readFileSync(join(directory, `${KEY}.journal`), 'utf8');
  expect(text.match(/earlier|later/g)).toEqual(['earlier', 'later']);
});

test('raise: owned: a ledger that opens late has what was set before, also after a kill', () => {
  const { noted, file } = openLedger();
  noted.intend('lan0', 'down');
  noted.noteSet('lan0', 'down');
  noted.intend('lan1', 'down');
  mountDisk();
  untilAttempt();
  const next = openLedger();
  expect(next.noted.owned('lan0')).toBe(true);
  expect([...next.noted.intents.keys()]).toEqual(['lan1']);
  expect(said).toEqual([
    expect.stringContaining('changes cannot be recorded'),
    `changes are recorded from now on: ${join(directory, `${KEY}.ledger`)}`,
  ]);
  return Promise.all([file.close(), next.file.close()]);
});

test('a ledger that opens late behind a line that a crash has cut off: that line alone is lost', async () => {
  const { noted, file } = openLedger();
  noted.intend('lan0', 'down');
  mountDisk();
  mkdirSync(directory);
  writeFileSync(join(directory, `${KEY}.ledger`), '{"id":"lan');
  untilAttempt();
  const next = openLedger();
  expect([...next.noted.intents.keys()]).toEqual(['lan0']);
  await Promise.all([file.close(), next.file.close()]);
});

test('a file that cannot be opened: one attempt a second where there is something to write, one a minute otherwise', async () => {
  const { noted, file } = openLedger();
  expect(untilAttempt()).toBe(60_000);
  for (const id of ['lan0', 'lan1', 'lan2']) {
    noted.intend(id, 'down');
  }
  expect(untilAttempt()).toBe(1000);
  expect(untilAttempt()).toBe(60_000);
  at += 5000;
  noted.intend('lan0', 'up');
  expect(untilAttempt()).toBe(0);
  expect(said).toHaveLength(1);
  await file.close();
  expect(timers).toEqual([]);
  noted.intend('lan0', 'down');
  expect(timers).toEqual([]);
});
