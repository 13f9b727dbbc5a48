#!/usr/bin/env node
import { fileURLToPath } from 'node:url';
import { readArguments } from './cli/arguments.ts';
import { synopsis } from './cli/usage.ts';
import { compileEarly } from './compile-early.ts';
import { ExitCode, ExitError, UsageError } from './exit-code.ts';

/** argv → command → exit code. What a command needs is loaded with it. */
async function main(words: readonly string[]): Promise<number> {
  if (words.length === 0) {
    process.stderr.write(`${synopsis}\n`);
    return ExitCode.usage;
  }
  const invocation = readArguments(words);
  const program = fileURLToPath(import.meta.url);
  if (invocation.command === 'daemon') {
    compileEarly();
    const { daemonCommand } = await import('./cli/daemon.ts');
    return daemonCommand(invocation.arguments, program, words);
  }
  const { runCommandLine } = await import('./cli/run-command-line.ts');
  return runCommandLine(invocation, program);
}

/** -q means nothing at all, but for a command line that could not be read. */
function complain(error: unknown, words: readonly string[]): number {
  const known = error instanceof ExitError ? error : undefined;
  const quiet = words.some((word) => word === '--quiet' || /^-[a-zA-Z]*q/.test(word));
  if (known instanceof UsageError) {
    process.stderr.write(`ifdepd: ${known.message}\n`);
  } else if (!quiet) {
    const text = known?.message ?? (error instanceof Error ? error.stack : undefined) ?? String(error);
    for (const line of known === undefined ? [text] : text.split('\n')) {
      process.stderr.write(`ifdepd: ${line}\n`);
    }
  }
  return known?.exitCode ?? (isSystemError(error) ? ExitCode.system : ExitCode.internal);
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && error.name === 'SystemError';
}

const words = process.argv.slice(2);
process.exitCode = await main(words).catch((error: unknown) => complain(error, words));
