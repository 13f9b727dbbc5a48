import { fileURLToPath } from 'node:url';
import { packageFaults } from '@ifdepd/packed';
import { expect, test } from 'vitest';

test('publint and are-the-types-wrong find nothing in the tarball', async () => {
  expect(await packageFaults(fileURLToPath(new URL('..', import.meta.url)))).toEqual([]);
});
