import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openRotatingFile } from '../../src/state/rotating-file.ts';
import { fileRequests } from '../support/file-requests.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ifdepd-ring-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('the lines of one decision are one write', async () => {
  const path = join(folder, 'ring');
  const file = openRotatingFile(path, 1000, () => 'first');
  using writes = fileRequests();
  for (const line of ['one', 'two', 'three']) {
    file.write(line);
  }
  await file.close();
  expect(writes.count).toBe(1);
  expect(readFileSync(path, 'utf8')).toBe('one\ntwo\nthree\n');
});

test('a file whose first line is longer than its limit rotates once for each line beyond the limit, not for ever', async () => {
  const path = join(folder, 'ring');
  const file = openRotatingFile(path, 10, () => 'every present record');
  using writes = fileRequests();
  file.write('longer than the limit');
  await file.close();
  expect(writes.count).toBe(2);
  expect(readFileSync(`${path}.old`, 'utf8')).toBe('longer than the limit\n');
  expect(readFileSync(path, 'utf8')).toBe('every present record\n');
});
