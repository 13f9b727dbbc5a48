import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { keepCode, takeCode } from '../../src/tuning/code-cache.ts';

const folder = mkdtempSync(join(tmpdir(), 'ifdepd-code-'));
const directory = join(folder, 'cache');
const file = join(directory, 'core.code');
const source = Buffer.from('exports.answer = 42;');
const code = Buffer.from(Array.from({ length: 1000 }, (_, at) => at % 251));

afterEach(() => rmSync(directory, { recursive: true, force: true }));
afterAll(() => rmSync(folder, { recursive: true }));

/** What a process that starts now finds. */
const found = () => takeCode(directory, source)?.code ?? null;

test('what one process keeps, the next one finds', async () => {
  await keepCode(directory, source, code);
  const taken = takeCode(directory, source);
  expect(taken?.code.equals(code)).toBe(true);
  taken?.putBack();
  expect(found()?.equals(code)).toBe(true);
});

test('only this user can read and write it', async () => {
  await keepCode(directory, source, code);
  expect([directory, file].map((path) => statSync(path).mode & 0o777)).toEqual([0o700, 0o600]);
  expect(readdirSync(directory)).toEqual(['core.code']);
});

test('it is gone until it is put back: one that ends the process ends it once', async () => {
  await keepCode(directory, source, code);
  expect(found()).not.toBeNull();
  expect(found()).toBeNull();
});

test.for([
  ['another source', (kept: Buffer) => kept, Buffer.from('exports.answer = 43;')],
  ['a longer source', (kept: Buffer) => kept, Buffer.from('exports.answer = 42; ')],
  ['a bit that fell over', (kept: Buffer) => flipped(kept, 500), source],
  ['one in its second half', (kept: Buffer) => flipped(kept, 1500), source],
  ['one in the source', (kept: Buffer) => flipped(kept, 2010), source],
  ['another interpreter', (kept: Buffer) => flipped(kept, kept.length - 4), source],
  ['a lost end', (kept: Buffer) => kept.subarray(0, -1), source],
  ['nothing', () => Buffer.alloc(0), source],
  ['no code', (kept: Buffer) => kept.subarray(2 * code.length), source],
  ['nothing but zeros', (kept: Buffer) => Buffer.alloc(kept.length), source],
] as const)('it is not used for, or with, %s', async ([, change, wanted]) => {
  await keepCode(directory, source, code);
  writeFileSync(file, change(readFileSync(file)));
  expect(takeCode(directory, wanted)).toBeNull();
});

function flipped(bytes: Buffer, at: number): Buffer {
  const changed = Buffer.from(bytes);
  changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
  return changed;
}

const spoilt: readonly (readonly [string, () => void])[] = [
  ['a directory that others may write to', () => chmodSync(directory, 0o777)],
  ['one that a group may write to', () => chmodSync(directory, 0o770)],
  ['a file that others may write to', () => chmodSync(file, 0o602)],
  [
    'a link',
    () => {
      renameSync(file, join(directory, 'elsewhere'));
      symlinkSync('elsewhere', file);
    },
  ],
];

test.for(spoilt)('it is not taken from %s', async ([, spoil]) => {
  await keepCode(directory, source, code);
  spoil();
  expect(found()).toBeNull();
});

test.for(['directory', 'file'] as const)(
  'it is not taken from a %s of another user',
  async (which, { skip }) => {
    skip(process.getuid?.() !== 0, 'only root can give files away');
    await keepCode(directory, source, code);
    chownSync(which === 'file' ? file : directory, 12345, 12345);
    expect(found()).toBeNull();
  },
);

test('it is not kept where others may write, in a file, or below what is not there', async () => {
  mkdirSync(directory, { mode: 0o700 });
  chmodSync(directory, 0o777);
  await keepCode(directory, source, code);
  expect(readdirSync(directory)).toEqual([]);
  await keepCode(join(directory, 'not/there'), source, code);
  expect(readdirSync(directory)).toEqual([]);
  const plain = join(directory, 'file');
  writeFileSync(plain, 'mine');
  await keepCode(plain, source, code);
  expect(readFileSync(plain, 'utf8')).toBe('mine');
});

test('one that is being written is left alone; one that was left behind is not in the way', async () => {
  mkdirSync(directory, { mode: 0o700 });
  const unfinished = join(directory, 'core.new');
  writeFileSync(unfinished, 'half');
  await keepCode(directory, source, code);
  expect(existsSync(file)).toBe(false);
  const before = Date.now() / 1000 - 3600;
  utimesSync(unfinished, before, before);
  await keepCode(directory, source, code);
  expect(readdirSync(directory)).toEqual(['core.code']);
});
