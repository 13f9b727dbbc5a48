import { plainJson, printable, printableLines } from '../../log/printable.ts';
import { ExitCode } from '../../system/errors.ts';

/** Writes lines to standard output. Only our colours remain as control characters. */
export function print(...lines: readonly string[]): void {
  process.stdout.write(onOutput(lines.map((line) => `${line}\n`).join('')));
}

/** Writes a value as JSON: indented on a terminal, otherwise on one line. */
export function printJson(value: unknown): void {
  print(plainJson(value, process.stdout.isTTY === true ? 2 : undefined));
}

/** Prints a value as JSON with --json, and otherwise as lines for a person. */
export function printAs(json: boolean | undefined, value: unknown, lines: () => readonly string[]): void {
  if (json === true) {
    printJson(value);
  } else {
    print(...lines());
  }
}

/** A text that is safe on standard output. */
export function onOutput(text: string): string {
  return printableLines(text, process.stdout.isTTY === true);
}

/** A name without control characters. */
export const shown = printable;

/** Ends without a message when the reader of the output has closed it (`| head`); with 71 and the reason on any other failure. */
export function endWithReader(): void {
  process.stdout.on('error', (error) => {
    if ('code' in error && error.code === 'EPIPE') {
      process.exit();
    }
    process.stderr.write(`ifdepd: cannot write to standard output: ${error.message}\n`);
    process.exit(ExitCode.system);
  });
}
