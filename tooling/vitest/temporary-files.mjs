import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Gives a run of tests a temporary directory of its own, and fails the run where something is left in it at the end:
 * whatever its tests have made, they have to take away.
 *
 * @returns {() => void} what ends it
 */
export default function temporaryFiles() {
  const outer = process.env['TMPDIR'];
  const folder = mkdtempSync(join(tmpdir(), 'ifdepd-tests-'));
  // As the one it stands for: some tests do things as another user.
  chmodSync(folder, 0o1777);
  process.env['TMPDIR'] = folder;
  return () => {
    if (outer === undefined) {
      delete process.env['TMPDIR'];
    } else {
      process.env['TMPDIR'] = outer;
    }
    const left = readdirSync(folder);
    rmSync(folder, { recursive: true, force: true });
    if (left.length > 0) {
      console.error(`the tests have left files behind: ${left.sort().join(', ')}`);
      // An error thrown here is told as well, and changes nothing about how the run ends.
      process.exitCode = 1;
    }
  };
}
