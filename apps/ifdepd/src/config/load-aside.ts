import type { Policy } from '@ifdepd/policy';
import { runInWorker, WorkerError, type WorkerRun } from '../system/worker-process.ts';
import { compiled, knowCompiled } from './compiled-policy.ts';
import { ConfigError, type ConfigIssue, fileError } from './config-error.ts';
import { isSmall, loadSettings } from './load-settings.ts';
import type { Settings } from './settings.ts';

/** Bytes of a file that this process reads sooner than another one would start. */
const SMALL_FILE = 4096;

/** The largest file takes seconds, and the worker has the lowest priority. */
const LIMITS = { timeMs: 60_000, bytes: 256 * 1024 * 1024 };

/** Nothing is decided meanwhile. */
const LIMITS_AT_START = { ...LIMITS, timeMs: 10_000 };

/**
 * Reads a configuration as `loadSettings` does, and a large one in another process: the daemon goes on meanwhile.
 *
 * @param program the file of this program
 * @param signal ends the reading; the promise is rejected then
 * @throws {ConfigError} with what is wrong with it
 */
export async function loadAside(file: string, program: string, signal: AbortSignal): Promise<Settings> {
  if (isSmall(file, SMALL_FILE)) {
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
    throw fileError(file, `cannot be read: ${error.message}`);
  } finally {
    signal.removeEventListener('abort', end);
  }
}

/**
 * Reads the configuration of a start in another process, with the priority of this one. Where that process fails, this one
 * reads it.
 *
 * @throws {ConfigError} with what is wrong with it
 */
export async function loadFirstAside(file: string, program: string): Promise<Settings> {
  using work: WorkerRun<Loaded> = runInWorker(program, 'load-first', file, LIMITS_AT_START);
  const loaded = await work.result.catch((error: unknown) => {
    if (error instanceof WorkerError) {
      return null;
    }
    throw error;
  });
  return loaded === null ? loadSettings(file) : settingsIn(loaded);
}

/** The settings that the worker has read, compiled. @throws {ConfigError} with what is wrong with the file */
export function settingsIn(loaded: Loaded): Settings {
  if ('issues' in loaded) {
    throw new ConfigError(loaded.file, loaded.issues);
  }
  knowCompiled(loaded.policy);
  return loaded.settings;
}

/** The result of reading a configuration. Errors cannot be serialized as they are. */
export type Loaded =
  | { readonly settings: Settings; readonly policy: Policy }
  | { readonly file: string; readonly issues: readonly ConfigIssue[] };

/** Reads a configuration in a worker, for the daemon that started it. */
export function load(file: string): Loaded {
  try {
    const settings = loadSettings(file);
    return { settings, policy: compiled(settings.policy) };
  } catch (error) {
    if (error instanceof ConfigError) {
      return { file: error.file, issues: error.issues };
    }
    throw error;
  }
}
