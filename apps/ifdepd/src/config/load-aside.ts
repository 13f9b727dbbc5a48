import { statSync } from 'node:fs';
import { ExitError } from '../system/errors.ts';
import { runInWorker, WorkerError, type WorkerRun } from '../system/worker-process.ts';
import { knowCompiled } from './compiled-policy.ts';
import { ConfigError } from './config-error.ts';
import type { Loaded } from './load-in-worker.ts';
import { loadSettings } from './load-settings.ts';
import type { Settings } from './settings.ts';

/** Bytes of a file that is read in less time than another process takes to start. */
const SMALL_FILE = 4096;

/** The largest file takes seconds, and the process that reads it yields to all others. */
const LIMITS = { timeMs: 60_000, bytes: 256 * 1024 * 1024 };

/**
 * Reads a configuration as `loadSettings` does, and a large one in another process: the daemon goes on meanwhile.
 *
 * @param program the file of this program
 * @param signal ends the reading; the promise is rejected then
 * @throws {ConfigError} with what is wrong with it
 */
export async function loadAside(file: string, program: string, signal: AbortSignal): Promise<Settings> {
  if (isSmall(file)) {
    return loadSettings(file);
  }
  using work: WorkerRun<Loaded> = runInWorker(program, 'load', file, LIMITS);
  const end = () => work[Symbol.dispose]();
  signal.addEventListener('abort', end);
  try {
    return settingsIn(await work.result);
  } catch (error) {
    if (!(error instanceof WorkerError)) {
      throw error;
    }
    if (error.notStarted) {
      return loadSettings(file);
    }
    throw new ConfigError(file, [
      { line: 0, column: 0, key: '', message: `cannot be read: ${error.message}` },
    ]);
  } finally {
    signal.removeEventListener('abort', end);
  }
}

/** What cannot be looked at is an error that `loadSettings` puts into words. */
function isSmall(file: string): boolean {
  return (statSync(file, { throwIfNoEntry: false })?.size ?? 0) <= SMALL_FILE;
}

/** The settings that the worker has read, compiled. @throws {ExitError} that it has thrown */
export function settingsIn(loaded: Loaded): Settings {
  if ('issues' in loaded) {
    throw new ConfigError(loaded.file, loaded.issues);
  }
  if ('exitCode' in loaded) {
    throw new ExitError(loaded.exitCode, loaded.message);
  }
  knowCompiled(loaded.policy);
  return loaded.settings;
}
