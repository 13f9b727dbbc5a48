import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { configSchema } from '../../src/config/schema.ts';

test('the file that is shipped is what the command prints', () => {
  const file = readFileSync(new URL('../../schema/ifdepd.schema.json', import.meta.url), 'utf8');
  expect(JSON.parse(file)).toEqual(configSchema);
});

test('every reference leads somewhere', () => {
  const text = JSON.stringify(configSchema);
  const names = [...text.matchAll(/"#\/\$defs\/(\w+)"/g)].map(([, name]) => name);
  expect(names.length).toBeGreaterThan(3);
  expect(configSchema).toHaveProperty('$defs');
  for (const name of names) {
    expect(configSchema).toHaveProperty(['$defs', name ?? '']);
  }
});
