import { existsSync, type FSWatcher, watch } from 'node:fs';
import { dirname } from 'node:path';
import type { SourceReading } from '@ifdepd/policy';
import type { CheckSettings } from '../settings.ts';

type FileSettings = Extract<CheckSettings, { kind: 'file' }>;

/**
 * Whether a file is there, told by the kernel (inotify on its folder, or on the nearest one above that exists).
 *
 * @param answer called at once, and whenever it changes
 */
export function fileCheck(
  id: string,
  settings: FileSettings,
  answer: (reading: SourceReading) => void,
): Disposable {
  const { path, activeWhen } = settings;
  let watcher: FSWatcher | undefined;
  let watched = '';
  let known: boolean | undefined;
  let closed = false;

  function look(): void {
    if (closed) {
      return;
    }
    // The watch first: what happens between the two is then seen twice, not never.
    follow();
    const present = existsSync(path);
    if (present !== known) {
      known = present;
      const active = present === (activeWhen === 'present');
      answer({
        id,
        health: active ? 'active' : 'failed',
        reason: `${path} is ${present ? 'present' : 'missing'}`,
      });
    }
  }

  function follow(): void {
    let folder = dirname(path);
    while (!existsSync(folder) && folder !== '/') {
      folder = dirname(folder);
    }
    if (folder === watched && watcher !== undefined) {
      return;
    }
    watcher?.close();
    watched = folder;
    try {
      watcher = watch(folder, () => look());
      watcher.on('error', () => {
        watcher?.close();
        watcher = undefined;
        setImmediate(look);
      });
    } catch {
      // Gone since: what is above it will say when it returns.
      watcher = undefined;
      setImmediate(look);
    }
  }

  look();
  return {
    [Symbol.dispose]() {
      closed = true;
      watcher?.close();
    },
  };
}
