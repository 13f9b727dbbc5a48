import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { modulesFor } from '../src/root/modules.ts';

let folder: string;

/** The part of .modinfo that is read, among other bytes. */
function module(path: string, needs: string): void {
  writeFileSync(join(folder, path), `\x7fELF\0license=GPL\0depends=${needs}\0name=x\0`);
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'modules-'));
  mkdirSync(join(folder, 'kernel/net'), { recursive: true });
  writeFileSync(join(folder, 'modules.builtin'), 'kernel/net/core/sock-diag.ko\n');
});
afterEach(() => rmSync(folder, { recursive: true }));

test('what a module needs comes before it, once, and names with dashes are names with underscores', () => {
  module('kernel/net/team.ko', '');
  module('kernel/net/team-mode-a.ko', 'team,sock_diag');
  module('kernel/net/team-mode-b.ko', 'team');
  const { modules, missing } = modulesFor(folder, ['team_mode_a', 'team_mode_b', 'team']);
  expect(modules.map(({ name }) => name)).toEqual(['team', 'team_mode_a', 'team_mode_b']);
  expect(missing).toEqual([]);
});

test('a module that the kernel lacks is reported as missing, and one that is built in is not', () => {
  expect(modulesFor(folder, ['sock_diag', 'team'])).toEqual({ modules: [], missing: ['team'] });
});
