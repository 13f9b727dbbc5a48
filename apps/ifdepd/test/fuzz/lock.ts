import assert from 'node:assert';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { holderIn } from '../../src/state/lock-file.ts';
import { identityOf } from '../../src/system/process-identity.ts';

const folder = mkdtempSync(join(tmpdir(), 'ifdepd-fuzz-'));
const file = join(folder, 'lock');

/** Takes away what it has written. */
export const end = (): void => rmSync(folder, { recursive: true, force: true });
process.once('exit', end);

const ours = identityOf(process.pid);

/** The lock of a living process, of one that is gone, and of one whose number is used again. */
export const seeds: readonly Uint8Array[] = [
  ours.padEnd(64),
  identityOf(spawnSync('true').pid),
  `${process.pid} 1`,
  `${process.ppid} 0\n`,
].map((text) => new TextEncoder().encode(text));

/** A lock file: it names a living process, or none. */
export function fuzz(input: Uint8Array): void {
  writeFileSync(file, input);
  const pid = holderIn(file);
  assert(pid === null || (Number.isSafeInteger(pid) && pid > 0));
  const text = Buffer.from(input).toString('latin1', 0, 64);
  assert(pid === null || [identityOf(pid), `${pid} 0`].includes(text.trim()));
  assert((pid === process.pid) === (text.trim() === ours || text.trim() === `${process.pid} 0`));
}
