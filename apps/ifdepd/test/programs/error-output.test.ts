import { writeSync } from 'node:fs';
import { type Libc, loadLibc } from '@ifdepd/libc';
import { expect, test } from 'vitest';
import { errorOutput } from '../../src/programs/error-output.ts';

test('a pipe of errors that cannot be watched at first is watched later: nothing is thrown, and no output is lost', async () => {
  const real = loadLibc();
  let refused = 0;
  let heard = () => {};
  const read = new Promise<void>((resolve) => (heard = resolve));
  const libc: Libc = {
    ...real,
    readable(fd, callback) {
      refused += 1;
      if (refused <= 2) {
        throw Object.assign(new Error('made up'), { code: 'ENOMEM' });
      }
      return real.readable(fd, () => {
        callback();
        heard();
      });
    },
  };
  const output = errorOutput(libc);
  writeSync(output.fd ?? -1, 'one\n');
  await read;
  writeSync(output.fd ?? -1, 'two\n');
  expect(output.end()).toBe('two');
});
