import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openRotatingFile } from '../../src/state/rotating-file.ts';

test('a rotating file that was closed is written to no more, and its number may be that of another file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ifdepd-ring-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const ring = openRotatingFile(join(folder, 'ring'), 1000, () => 'first');
  ring.write('one');
  await ring.close();
  const other = join(folder, 'other');
  writeFileSync(other, '');
  const fd = openSync(other, 'a');
  ring.write('two');
  await ring.close();
  await new Promise(setImmediate);
  expect(readFileSync(other, 'utf8')).toBe('');
  expect(() => closeSync(fd)).not.toThrow();
  expect(readFileSync(join(folder, 'ring'), 'utf8')).toMatch(/one\n$/);
});
