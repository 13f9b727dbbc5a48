import { chmodSync, chownSync, lchownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A user of this host who is neither root nor the one that runs the tests. */
export const STRANGER = 12_345;

/** Why nothing can be given to {@link STRANGER} here; null where it can. */
export function otherUserFault(): string | null {
  const folder = mkdtempSync(join(tmpdir(), 'ifdepd-stranger-'));
  try {
    chownSync(folder, STRANGER, STRANGER);
    return null;
  } catch {
    return 'only root can give files to somebody else';
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Gives a file, a directory or a symbolic link itself to {@link STRANGER}. */
export function giveAway(path: string): void {
  lchownSync(path, STRANGER, STRANGER);
}

/** A directory such as /tmp, with things of everybody in it. */
export interface SharedFolder extends Disposable {
  readonly path: string;
}

export function sharedFolder(): SharedFolder {
  const path = mkdtempSync(join(tmpdir(), 'ifdepd-shared-'));
  chmodSync(path, 0o1777);
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}
