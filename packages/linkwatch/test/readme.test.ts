import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { LinkWatcher } from '../src/link-watcher.ts';

test('the README lists every member of a LinkWatch', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const [, table = ''] = readme.split('\n## Members of a watch\n');
  /** `abort`, `onClose` and `refusal` belong to the class alone. */
  const inner = new Set(['constructor', 'abort', 'onClose', 'refusal']);
  const members = [
    'backendReason',
    ...Object.getOwnPropertyNames(LinkWatcher.prototype).filter((name) => !inner.has(name)),
  ];
  expect(members.length).toBeGreaterThan(10);
  const section = table.split('\n## ')[0] ?? '';
  expect(members.filter((name) => !new RegExp(`\`${name}\\b`).test(section))).toEqual([]);
});
