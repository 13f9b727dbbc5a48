import { existsSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { default as Koffi } from 'koffi';
import { hostMachine } from './target.ts';

/**
 * koffi, by its shortest door: the package of machine code for this system, which koffi's own code would find after
 * looking for others and wrapping its functions for those who still call them by older names. The same functions, 5 ms
 * and 1.3 MB for less. Where there is no such package (koffi was built here, from source), koffi finds what there is.
 */
export const koffi: typeof Koffi = load();

function load(): typeof Koffi {
  const require = createRequire(import.meta.filename);
  try {
    // A dependency of koffi's, of the same version: it can be found from where koffi is, and need not from here.
    return createRequire(whereKoffiIs(require))(`@koromix/koffi-${hostMachine()}`);
  } catch {
    return require('koffi');
  }
}

/**
 * Node itself would look at the `exports` of koffi's package as well, with patterns that take 3 ms to compile: it is asked
 * where packages are not in folders.
 */
function whereKoffiIs(require: NodeJS.Require): string {
  const folders = require.resolve.paths('koffi') ?? [];
  const manifest = folders
    .map((folder) => join(folder, 'koffi/package.json'))
    .find((path) => existsSync(path));
  // Some installers link packages to where their dependencies are beside them.
  return manifest === undefined ? require.resolve('koffi') : realpathSync(manifest);
}
