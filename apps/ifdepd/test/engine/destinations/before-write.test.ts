import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { fileDestination } from '../../../src/engine/destinations/file.ts';
import { killableHost } from '../../support/killed-at.ts';

const rule = (knobs: string) => `groups: {g: {sources: [em0], destinations: [lan0, lan1]${knobs}}}`;

test('a file is announced before it is written, and not where it says so already', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ifdepd-before-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'track');
  writeFileSync(path, '0\n');
  const driver = fileDestination({ path, up: '0', down: '1' });
  const seen: string[] = [];
  const before = () => void seen.push(readFileSync(path, 'utf8').trim());
  driver.set('down', before);
  driver.set('down', before);
  driver.set('up', before);
  expect(seen).toEqual(['0', '1']);
});

/** What is recorded of destinations. */
function ledgerOf(state: string): string {
  const name = readdirSync(state).find((file) => file.endsWith('.ledger')) ?? '';
  return readFileSync(join(state, name), 'utf8');
}

test.each([
  ['', false],
  [', raise: owned', true],
  [', on-exit: restore', true],
])('with "%s" the intent is recorded before the act: %s', async (knobs, recorded) => {
  const host = await killableHost('freebsd', { config: rule(knobs) });
  host.killAt('before');
  host.kernel.carrier('em0', 'down');
  host.settle();
  expect(ledgerOf(`${host.state}.then`).includes('"done":false')).toBe(recorded);
});

test('where the ledger cannot be written, that is said once, and destinations are set', async () => {
  const host = await killableHost('freebsd', { config: rule(', raise: owned') });
  await host.stop();
  const path = join(host.state, readdirSync(host.state).find((file) => file.endsWith('.ledger')) ?? '');
  rmSync(path);
  mkdirSync(path);
  await host.start();
  host.kernel.carrier('em0', 'down');
  host.settle();
  expect(host.up()).toEqual([]);
  host.kernel.carrier('em0', 'up');
  host.settle();
  expect(host.up()).toEqual(['lan0', 'lan1']);
  const said = host.log.filter(({ message }) => message.startsWith('changes cannot be recorded: '));
  expect(said.map(({ level }) => level)).toEqual(['warning']);
});
