import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A configuration in a folder of its own. */
export interface ConfigFile extends Disposable {
  readonly folder: string;
  readonly path: string;
  write(text: string | Uint8Array, mode?: number): void;
}

export function configFile(text: string | Uint8Array, mode = 0o644): ConfigFile {
  const folder = mkdtempSync(join(tmpdir(), 'ifdepd-config-'));
  const path = join(folder, 'ifdepd.conf');
  const file: ConfigFile = {
    folder,
    path,
    write(next, nextMode = 0o644) {
      writeFileSync(path, next);
      chmodSync(path, nextMode);
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
  file.write(text, mode);
  return file;
}
