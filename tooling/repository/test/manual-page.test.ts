import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { files, root, text } from './repository.ts';

const pages = files('apps/ifdepd/man/*');
const page = text('apps/ifdepd/man/ifdepd.8');

test('there is one for the daemon', () => {
  expect(pages).toContain('apps/ifdepd/man/ifdepd.8');
});

test.for(pages)('%s passes mandoc without a warning', (path, { skip }) => {
  const { error, stdout, status } = spawnSync('mandoc', ['-T', 'lint', '-W', 'warning', join(root, path)], {
    encoding: 'utf8',
  });
  skip(error !== undefined, 'mandoc is not installed');
  expect(stdout).toBe('');
  expect(status).toBe(0);
});

describe('it knows what the program knows', () => {
  test('every exit code', () => {
    const codes = [...text('apps/ifdepd/src/system/errors.ts').matchAll(/^ {2}\w+: (\d+),$/gm)].map(
      ([, code]) => code,
    );
    expect(codes.length).toBeGreaterThan(5);
    expect(codes.filter((code) => !new RegExp(`^\\.It ${code}$`, 'm').test(page))).toEqual([]);
  });
});
