/**
 * The exit codes of the program, from sysexits(3) where it has one. The manual page lists them.
 */
export const ExitCode = {
  ok: 0,
  /** An interface is missing, or with --once a destination could not be set. */
  failed: 1,
  /** EX_USAGE: the command line. */
  usage: 64,
  /** EX_DATAERR: the configuration. */
  config: 65,
  /** EX_UNAVAILABLE: no daemon answers. */
  unavailable: 69,
  /** EX_SOFTWARE: a bug of ifdepd. */
  internal: 70,
  /** EX_OSERR: a system call failed. */
  system: 71,
  /** EX_TEMPFAIL: another daemon runs. */
  conflict: 75,
  /** EX_NOPERM. */
  notPermitted: 77,
} as const;

/** One of {@link ExitCode}. */
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** An error that ends the program with an exit code and one sentence: what failed, and the remedy. */
export class ExitError extends Error {
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ExitError';
    this.exitCode = exitCode;
  }
}

/** An error of the command line: exit 64. */
export class UsageError extends ExitError {
  constructor(message: string) {
    super(ExitCode.usage, message);
    this.name = 'UsageError';
  }
}

/** The message of an error; the text of any other thrown value. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The trace of an error; the text of any other thrown value. */
export function traceOf(thrown: unknown): string {
  return (thrown instanceof Error ? thrown.stack : undefined) ?? String(thrown);
}
