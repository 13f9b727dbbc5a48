import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type LedgerRecord, openLedgerFile } from '../../src/state/ledger-file.ts';
import { bsdHost } from '../support/bsd-host.ts';

const config = 'groups: {gateway: {sources: [em0], destinations: [lan0, lan1], raise: owned}}';

/** The ledger in a state directory. */
function ledgerIn(state: string): string {
  return join(state, readdirSync(state).find((name) => name.endsWith('.ledger')) ?? '');
}

test('raise: owned: where the ledger cannot be read, what is down at the start is raised with its sources, and a line says so', async () => {
  const host = await bsdHost('freebsd', { config });
  host.kernel.carrier('em0', 'down');
  host.settle();
  expect(host.up()).toEqual([]);
  await host.crash();
  const ledger = ledgerIn(host.state);
  renameSync(ledger, `${ledger}.aside`);
  mkdirSync(ledger);
  await host.start();
  expect(host.log.map(({ message }) => message)).toContainEqual(
    `what an earlier ifdepd set cannot be read: ${ledger}: ENOTSUP; with raise: owned or on-exit: restore, what is down now counts as set down by ifdepd`,
  );
  host.kernel.carrier('em0', 'up');
  host.settle();
  expect(host.up()).toEqual(['lan0', 'lan1']);
  // From then on, what an administrator lowers is his.
  host.kernel.setAdmin('lan0', 'down');
  host.settle();
  host.kernel.carrier('em0', 'down');
  host.settle();
  host.kernel.carrier('em0', 'up');
  host.settle();
  expect(host.up()).toEqual(['lan1']);
});

test('raise: owned: a ledger that can be read again has its records, though a daemon ran meanwhile', async () => {
  const host = await bsdHost('freebsd', { config });
  host.kernel.setAdmin('lan1', 'down');
  host.settle();
  host.kernel.carrier('em0', 'down');
  host.settle();
  await host.crash();
  const ledger = ledgerIn(host.state);
  renameSync(ledger, `${ledger}.aside`);
  mkdirSync(ledger);
  await host.start();
  await host.crash();
  rmSync(ledger, { recursive: true });
  renameSync(`${ledger}.aside`, ledger);
  await host.start();
  host.kernel.carrier('em0', 'up');
  host.settle();
  expect(host.up()).toEqual(['lan0']);
});

test('a ledger of which a half cannot be read is not rotated: that half would be lost', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'ifdepd-ledger-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const old = join(directory, 'cli-1-00000000.ledger.old');
  writeFileSync(join(directory, 'elsewhere'), '');
  symlinkSync('elsewhere', old);
  const said: string[] = [];
  const file = openLedgerFile({
    directory,
    key: 'cli-1-00000000',
    boot: 'boot',
    namespace: 1,
    present: () => [],
    unavailable: (reason) => said.push(reason),
    available: (message) => said.push(message),
  });
  const record: LedgerRecord = { id: 'lan0', was: 'up', last: 'down', at: 1, done: false };
  for (let count = 0; count < 100; count += 1) {
    file.writeNow(new Array(20).fill(record));
  }
  file.write(record);
  await file.close();
  expect(said).toEqual([expect.stringContaining(`${old}: ELOOP`)]);
  expect(lstatSync(old).isSymbolicLink()).toBe(true);
});
