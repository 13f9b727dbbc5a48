import { rm } from 'node:fs/promises';

/**
 * Removes the folder of a daemon that ran in this process. A daemon that stops waits 300 ms for a slow disk and no longer: on a
 * busy machine its last file may appear while the folder is being emptied, so this goes on until the folder is gone.
 */
export function removeFolder(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true, maxRetries: 100, retryDelay: 5 });
}
