import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadLibc } from '@ifdepd/libc';
import { beforeEach, expect, test } from 'vitest';
import { showsOtherNamespace } from '../../src/sysfs/other-namespace.ts';

let directory: string;
let own: readonly string[];

beforeEach(({ skip }) => {
  skip(!existsSync('/proc/thread-self/net/dev'), 'this system has no proc_net(5)');
  const links = loadLibc().if_nameindex();
  own = typeof links === 'number' ? [] : links.map(({ name }) => name);
  directory = mkdtempSync(join(tmpdir(), 'class-net-'));
  return () => rmSync(directory, { recursive: true });
});

function show(names: readonly string[]): void {
  for (const name of names) {
    symlinkSync('/nowhere', join(directory, name));
  }
}

test('a directory with the links of this thread shows no other namespace, whatever files are beside them', () => {
  show(own);
  // Files that the bonding driver makes.
  writeFileSync(join(directory, 'bonding_masters'), '');
  mkdirSync(join(directory, 'folder'));
  expect(showsOtherNamespace(directory)).toBe(false);
});

test('a directory with a link that this thread does not have shows another namespace', () => {
  show([...own, 'never0']);
  expect(showsOtherNamespace(directory)).toBe(true);
});

test('a directory without a link of this thread shows another namespace', () => {
  show(own.slice(1));
  expect(showsOtherNamespace(directory)).toBe(own.length > 0);
});

test('a directory that cannot be read shows no other namespace', () => {
  expect(showsOtherNamespace(join(directory, 'missing'))).toBe(false);
});
