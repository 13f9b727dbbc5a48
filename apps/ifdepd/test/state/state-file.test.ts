import { mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compile, type PolicyEvent, serialize, start, step } from '@ifdepd/policy';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openStateFile, type StateFile } from '../../src/state/state-file.ts';
import { realLoop } from '../../src/system/loop.ts';

const policy = compile({ groups: { cli: { require: { all: ['em0'] }, destinations: ['carp0'] } } });
const source = (health: 'active' | 'failed'): PolicyEvent => ({
  type: 'source',
  source: { id: 'em0', health, reason: health },
});

let directory: string;
let path: string;
/** What was said of a disk that fails, and works again. */
const said: string[] = [];
let file: StateFile;
let state: ReturnType<typeof start>['state'];
/** Milliseconds, and the one timer of the file. */
let at: number;
let timer: { readonly due: number; readonly callback: () => void } | null;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ifdepd-state-'));
  path = join(directory, 'cli-1.state');
  at = 1000;
  timer = null;
  state = start(policy, at).state;
  take({
    type: 'sources',
    complete: true,
    sources: [{ id: 'em0', health: 'active', reason: 'up' }],
    destinations: [{ id: 'carp0', is: 'up' }],
  });
  file = opened(directory);
});
afterEach(async () => {
  await file.close();
  rmSync(directory, { recursive: true });
});

function opened(directory: string): StateFile {
  return openStateFile(
    {
      directory,
      key: 'cli-1',
      boot: 'boot',
      text: () => serialize(policy, state),
      refused: () => {},
      unavailable: (reason) => said.push(reason),
      available: (message) => said.push(message),
    },
    {
      ...realLoop,
      now: () => at,
      setTimer(callback, ms) {
        timer = { due: at + ms, callback };
        return { unref: () => ({}) as never };
      },
      clearTimer: () => {
        timer = null;
      },
    },
  );
}

function take(event: PolicyEvent): void {
  state = step(policy, state, event, at).state;
}

/** Reports a change. A saving that is under way ends first. @returns the timer of the next one */
async function scheduled(): Promise<NonNullable<typeof timer>> {
  file.changed();
  return await vi.waitUntil(() => timer);
}

/** Reports a change, and lets the time of the saving come. @returns after how many milliseconds */
async function savedAfter(): Promise<number> {
  const before = at;
  const { due, callback } = await scheduled();
  timer = null;
  at = due;
  callback();
  return at - before;
}

test('a change after none: saved one millisecond later', async () => {
  expect(await savedAfter()).toBe(1);
  at += 1000;
  take(source('failed'));
  expect(await savedAfter()).toBe(1);
});

test('a second change follows 2 ms after a saving: saved 5 ms after that', async () => {
  await savedAfter();
  at += 2;
  take(source('failed'));
  expect(await savedAfter()).toBe(3);
});

test('the state differs only by its clock and its count of events: the file is not written again', async () => {
  await savedAfter();
  at += 1000;
  take({ type: 'destination', id: 'carp0', is: 'up' });
  const { callback } = await scheduled();
  writeFileSync(path, 'another');
  callback();
  await file.close();
  expect(readFileSync(path, 'utf8')).toBe('another');
});

test('a directory that cannot be made at the start: a saving makes it once that is possible', async () => {
  await file.close();
  const parent = join(directory, 'mounted-later');
  file = opened(join(parent, 'state'));
  await savedAfter();
  mkdirSync(parent);
  await savedAfter();
  await file.close();
  expect(readFileSync(join(parent, 'state', 'cli-1.state'), 'utf8')).toContain('"em0"');
});

test('a disk that fails, and works again: one message for each, and the state is saved', async () => {
  said.length = 0;
  // Not even root can write a file in the place of a directory.
  mkdirSync(`${path}.new`);
  const failed = `the state cannot be saved: ${path}: EEXIST; after a restart, delays and pauses begin anew`;
  for (const health of ['failed', 'active'] as const) {
    at += 1000;
    take(source(health));
    await savedAfter();
  }
  at += 1000;
  take(source('failed'));
  // By then both have failed.
  const { callback } = await scheduled();
  rmdirSync(`${path}.new`);
  callback();
  await vi.waitUntil(() => said.length > 1);
  expect(said).toEqual([failed, `the state is saved from now on: ${path}`]);
  expect(readFileSync(path, 'utf8')).toContain('"failed"');
});
