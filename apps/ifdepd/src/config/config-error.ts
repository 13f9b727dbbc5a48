import { ExitCode, ExitError } from '../system/errors.ts';

/** Mistakes that are reported at most. */
export const MOST_ISSUES = 50;

/** One thing that is wrong with a configuration. Lines and columns count from 1; 0 where it is the file as a whole. */
export interface ConfigIssue {
  readonly line: number;
  readonly column: number;
  /** The path of the key: `groups.gateway.sources.0`; empty for the whole file. */
  readonly key: string;
  readonly message: string;
  /** The included file that it is in; left out for the configuration itself. */
  readonly file?: string;
}

/** Everything that is wrong with a configuration, at once: exit 65. */
export class ConfigError extends ExitError {
  readonly file: string;
  readonly issues: readonly ConfigIssue[];

  /** @param issues at least one */
  constructor(file: string, issues: readonly ConfigIssue[]) {
    super(ExitCode.config, issues.map((issue) => issueLine(file, issue)).join('\n'));
    this.name = 'ConfigError';
    this.file = file;
    this.issues = issues;
  }
}

/** The error of a file as a whole. */
export function fileError(file: string, message: string): ConfigError {
  return new ConfigError(file, [{ line: 0, column: 0, key: '', message }]);
}

/** `/etc/ifdepd.conf:3:5: groups.gateway.up-dealy: …`, the form that editors jump to. */
function issueLine(main: string, { file = main, line, column, key, message }: ConfigIssue): string {
  const position = line === 0 ? '' : `:${line}:${column}`;
  return `${file}${position}: ${key === '' ? '' : `${key}: `}${message}`;
}
