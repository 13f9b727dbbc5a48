import { printable } from '../log/log.ts';

/** Writes lines to standard output. */
export function print(...lines: readonly string[]): void {
  process.stdout.write(lines.map((line) => `${line}\n`).join(''));
}

/** Writes a value as JSON: indented for a person at a terminal, one line for a program. */
export function printJson(value: unknown): void {
  print(process.stdout.isTTY === true ? JSON.stringify(value, null, 2) : JSON.stringify(value));
}

/** A name as it may be shown: no control characters reach the terminal. */
export const shown = printable;

/**
 * Ends quietly when whoever reads our output has had enough (`| head`).
 */
export function endWithReader(): void {
  process.stdout.on('error', (error) => {
    if ('code' in error && error.code === 'EPIPE') {
      process.exit();
    }
    throw error;
  });
}
