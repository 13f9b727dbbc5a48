import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { release } from 'node:os';
import { delimiter, join } from 'node:path';
import { enginePath, nodeLines, nodePath, otherEngines } from '@ifdepd/node-lines';

/**
 * A hash of what a unit test may depend on besides the files of the repository: Node, the kernel, the user, the other
 * interpreters that are installed, and each program on PATH by size and time. It is part of the key under which turbo
 * remembers that unit tests passed.
 *
 * @returns {string} in hexadecimal
 */
export function machine() {
  const { version, platform, arch, getuid } = process;
  const others = [...nodeLines.map(nodePath), ...otherEngines.map(enginePath)];
  const hash = createHash('sha256');
  hash.update(JSON.stringify([version, platform, arch, release(), getuid?.() ?? null, others]));
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    for (const name of namesIn(folder)) {
      const { size, mtimeMs } = statSync(join(folder, name), { throwIfNoEntry: false }) ?? {};
      hash.update(JSON.stringify([folder, name, size, mtimeMs]));
    }
  }
  return hash.digest('hex');
}

/** @param {string} folder @returns {string[]} sorted; none of a folder that cannot be read */
function namesIn(folder) {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
