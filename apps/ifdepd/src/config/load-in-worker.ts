import type { Policy } from '@ifdepd/policy';
import { type ExitCode, ExitError } from '../system/errors.ts';
import { compiled } from './compiled-policy.ts';
import { ConfigError, type ConfigIssue } from './config-error.ts';
import { loadSettings } from './load-settings.ts';
import type { Settings } from './settings.ts';

/** What has become of reading a configuration. Errors do not pass from one process to another as they are. */
export type Loaded =
  | { readonly settings: Settings; readonly policy: Policy }
  | { readonly file: string; readonly issues: readonly ConfigIssue[] }
  | { readonly exitCode: ExitCode; readonly message: string };

/** Reads a configuration for our parent, a daemon. */
export function load(file: string): Loaded {
  try {
    const settings = loadSettings(file);
    return { settings, policy: compiled(settings.policy) };
  } catch (error) {
    if (error instanceof ConfigError) {
      return { file: error.file, issues: error.issues };
    }
    if (error instanceof ExitError) {
      return { exitCode: error.exitCode, message: error.message };
    }
    throw error;
  }
}
