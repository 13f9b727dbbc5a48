import { UnsupportedSystemError } from '@ifdepd/libc';
import { printable, printableLines } from '../log/printable.ts';
import { type Program, WORKER } from '../system/early-signals.ts';
import { ExitCode, ExitError, traceOf, UsageError } from '../system/errors.ts';
import { readArguments } from './arguments/arguments.ts';
import { synopsis } from './arguments/synopsis.ts';
import { daemonCommand } from './commands/daemon.ts';

/**
 * argv → command → exit code. The daemon is at hand; what another command needs is loaded with it.
 *
 * @param words without the interpreter and the program
 */
export async function run(words: readonly string[], program: Program): Promise<void> {
  try {
    process.exitCode = await invoke(words, program);
  } catch (error) {
    // Files opened before the fault may still be open, and would keep alive a program that heeds no signal any more.
    process.exit(complain(error, words));
  }
}

async function invoke(words: readonly string[], program: Program): Promise<number> {
  if (words.length === 0) {
    process.stderr.write(`${synopsis}\n`);
    return ExitCode.usage;
  }
  if (words[0] === WORKER) {
    const { runWorker } = await import('../service/run-worker.ts');
    return runWorker(words.slice(1), program.signals);
  }
  const invocation = readArguments(words);
  if (invocation.command === 'daemon') {
    return daemonCommand(invocation.arguments, program, words);
  }
  await program.signals.release();
  const { runCommandLine } = await import('./run-command-line.ts');
  return runCommandLine(invocation, program.file);
}

/** -q means nothing at all, but for a command line that could not be read. */
function complain(error: unknown, words: readonly string[]): number {
  const known = error instanceof ExitError ? error : refusalOfSystem(error);
  const quiet = words.some((word) => word === '--quiet' || /^-[a-zA-Z]*q/.test(word));
  if (known instanceof UsageError) {
    process.stderr.write(`ifdepd: ${printable(known.message)}\n`);
  } else if (!quiet) {
    const text = known?.message ?? traceOf(error);
    for (const line of known === undefined ? [text] : text.split('\n')) {
      process.stderr.write(`ifdepd: ${printableLines(line)}\n`);
    }
  }
  return known?.exitCode ?? ExitCode.internal;
}

/** A refusal by the system is not a fault of the program: it gets no trace. */
function refusalOfSystem(error: unknown): ExitError | undefined {
  if (error instanceof UnsupportedSystemError) {
    return new ExitError(ExitCode.system, `this system is not supported: ${error.message}`);
  }
  if (!(error instanceof Error)) {
    return undefined;
  }
  const limit = 'code' in error ? LIMITS.get(error.code) : undefined;
  return error.name === 'SystemError' || limit !== undefined
    ? new ExitError(ExitCode.system, [error.message, ...(limit === undefined ? [] : [limit])].join(': '))
    : undefined;
}

/** Limits that any call may meet, also one that loads a part of this program, each with the way out. */
const LIMITS: ReadonlyMap<unknown, string> = new Map([
  ['EMFILE', 'let this process open more files (LimitNOFILE= in a systemd unit, ulimit -n)'],
  ['ENFILE', 'let this system open more files (fs.file-max on Linux, kern.maxfiles on BSD)'],
  ['ENOMEM', 'this system has too little memory'],
]);
