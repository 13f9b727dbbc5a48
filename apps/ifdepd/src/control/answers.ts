import type { ConfigIssue } from '../config/config-error.ts';
import type { SettingsChanges } from '../config/settings-changes.ts';

/** The answer to a request that is refused or has failed: a public format. */
export interface ErrorReport {
  readonly error: string;
  /** Of the command that sends this request. */
  readonly exitCode?: number;
  /** The configuration with mistakes. */
  readonly file?: string;
  readonly issues?: readonly ConfigIssue[];
}

/** The answer to `POST /v1/reload`: what has changed. */
export interface ReloadReport extends SettingsChanges {
  readonly reloaded: true;
  /** Keys that take effect at the next start. Left out where there are none. */
  readonly restart?: readonly string[];
}

/** The answer to an operation on a group: the key of the operation is false where it changed nothing. */
export interface OperationReport {
  readonly group: string;
  readonly paused?: true;
  readonly resumed?: boolean;
  readonly drained?: true;
  readonly up?: boolean;
  readonly restored?: boolean;
  /** The group was paused or drained before; a new end takes effect. Left out where it was not. */
  readonly already?: true;
}
