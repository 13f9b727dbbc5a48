import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Gives a test run its own temporary directory, and fails the run if a file is left in it at the end. Tests must remove the
 * files they make.
 *
 * @returns {() => void} a function that ends it
 */
export default function temporaryFiles() {
  const outer = process.env['TMPDIR'];
  const folder = mkdtempSync(join(tmpdir(), 'ifdepd-tests-'));
  // As the mode of /tmp: some tests run programs as another user.
  chmodSync(folder, 0o1777);
  process.env['TMPDIR'] = folder;
  return () => {
    if (outer === undefined) {
      delete process.env['TMPDIR'];
    } else {
      process.env['TMPDIR'] = outer;
    }
    // npm and tsc keep compiled code there by themselves, since Node 22.
    const left = readdirSync(folder).filter((name) => name !== 'node-compile-cache');
    rmSync(folder, { recursive: true, force: true });
    if (left.length > 0) {
      console.error(`the tests left temporary files: ${left.sort().join(', ')}`);
      // vitest prints an error thrown here, and still exits with 0.
      process.exitCode = 1;
    }
  };
}
