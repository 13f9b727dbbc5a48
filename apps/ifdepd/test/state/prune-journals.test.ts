import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { pruneJournals } from '../../src/state/prune-journals.ts';

const own = 10;
let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ifdepd-prune-'));
  for (const folder of ['state', 'locks', 'proc/self', 'proc/7/ns']) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  symlinkSync('net:[20]', join(root, 'proc/7/ns/net'));
  writeFileSync(
    join(root, 'proc/self/mountinfo'),
    '24 1 0:3 net:[30] /run/netns/blue rw - nsfs nsfs rw\n25 1 0:4 / / rw - ext4 x rw\n',
  );
  writeFileSync(join(root, 'locks/40-carp0'), '1 1');
});
afterEach(() => rmSync(root, { recursive: true }));

const prune = () =>
  pruneJournals(join(root, 'state'), own, { proc: join(root, 'proc'), locks: join(root, 'locks') });

function put(name: string, hours: number): void {
  const path = join(root, 'state', name);
  const time = Date.now() / 1000 - hours * 3600;
  writeFileSync(path, '');
  utimesSync(path, time, time);
}

test.each([
  ['gone, for a day', 'cli-50-0123abcd.journal', 25, true],
  ['gone, the older half', 'file-50-0123abcd.journal.old', 25, true],
  ['gone since an hour', 'cli-50-0123abcd.journal', 1, false],
  ['our own', 'cli-10-0123abcd.journal', 999, false],
  ['one that a process is in', 'cli-20-0123abcd.journal', 999, false],
  ['one with a name of ip-netns(8)', 'cli-30-0123abcd.journal', 999, false],
  ['one in which a daemon holds a destination', 'cli-40-0123abcd.journal', 999, false],
  ['no journal', 'notes', 999, false],
  ['nearly one', 'cli-50-0123abcd.journal.gz', 999, false],
])('%s', (_title, name, hours, gone) => {
  put(name, hours);
  expect(prune()).toEqual(gone ? [name] : []);
  expect(readdirSync(join(root, 'state'))).toEqual(gone ? [] : [name]);
});

test('nothing, where a process cannot be seen', () => {
  put('cli-50-0123abcd.journal', 999);
  // What readlink(2) says of it is no longer ENOENT.
  mkdirSync(join(root, 'proc/8/ns/net'), { recursive: true });
  expect(prune()).toEqual([]);
});

test('nothing, where the mounts cannot be seen; and a process that has just ended is no obstacle', () => {
  put('cli-50-0123abcd.journal', 999);
  mkdirSync(join(root, 'proc/9'));
  rmSync(join(root, 'proc/self/mountinfo'));
  expect(prune()).toEqual([]);
  writeFileSync(join(root, 'proc/self/mountinfo'), '');
  expect(prune()).toEqual(['cli-50-0123abcd.journal']);
});

describe('where it cannot be seen which namespaces there are', () => {
  beforeEach(() => mkdirSync(join(root, 'proc/8/ns/net'), { recursive: true }));

  test('files of 90 days are removed, but for those of this namespace and of a locked one', () => {
    put('cli-50-0123abcd.journal', 90 * 24 - 1);
    put('cli-51-0123abcd.journal', 90 * 24 + 1);
    put('cli-10-0123abcd.journal', 9999);
    put('cli-40-0123abcd.journal', 9999);
    expect(prune()).toEqual(['cli-51-0123abcd.journal']);
  });

  test('the latest 200 files and all younger than a day stay', () => {
    for (let number = 0; number < 250; number += 1) {
      put(`cli-${1000 + number}-0123abcd.journal`, number < 230 ? 2 : 30 + number);
    }
    expect(prune().toSorted()).toEqual(
      Array.from({ length: 20 }, (_, at) => `cli-${1230 + at}-0123abcd.journal`),
    );
    expect(readdirSync(join(root, 'state'))).toHaveLength(230);
  });
});
