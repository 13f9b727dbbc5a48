import { closeSync, openSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readAtMost } from '../../src/system/read-at-most.ts';
import { configFile } from '../support/config-file.ts';

test('a file of as many bytes as may be read is read whole, and a longer one is refused', () => {
  using file = configFile('');
  for (const [text, read] of [
    ['', ''],
    ['abcd', 'abcd'],
    ['abcde', undefined],
  ] as const) {
    writeFileSync(file.path, text);
    const fd = openSync(file.path, 'r');
    expect(readAtMost(fd, 4)?.toString()).toBe(read);
    closeSync(fd);
  }
});

test('what never ends is refused as soon as it has more bytes than may be read', () => {
  const fd = openSync('/dev/zero', 'r');
  expect(readAtMost(fd, 1024 * 1024)).toBe(null);
  closeSync(fd);
});
