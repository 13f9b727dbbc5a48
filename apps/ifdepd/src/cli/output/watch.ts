import { ExitError } from '../../system/errors.ts';
import { realLoop } from '../../system/loop.ts';
import { onOutput } from './print.ts';

/** Milliseconds between two pictures of a live view. */
const PERIOD_MS = 500;

/**
 * Paints lines again and again until an interrupt. Without a terminal it prints each picture that differs from the one before.
 */
export async function repaint(picture: () => Promise<readonly string[]>): Promise<number> {
  const terminal = process.stdout.isTTY === true;
  let last = '';
  let ended = false;
  let wake = () => {};
  const end = () => {
    ended = true;
    wake();
  };
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
  if (terminal) {
    // The alternate screen: the former content comes back at the end.
    process.stdout.write('\u001b[?1049h\u001b[?25l');
  }
  try {
    while (!ended) {
      const lines = await picture().catch((error: unknown) => {
        if (error instanceof ExitError) {
          return [error.message];
        }
        throw error;
      });
      const text = onOutput((terminal ? fitted(lines, process.stdout.rows - 1) : lines).join('\n'));
      if (text !== last) {
        process.stdout.write(terminal ? `\u001b[H\u001b[J${text}\n` : `${text}\n\n`);
        last = text;
      }
      await new Promise<void>((resolve) => {
        const timer = realLoop.setTimer(resolve, ended ? 0 : PERIOD_MS);
        wake = () => {
          realLoop.clearTimer(timer);
          resolve();
        };
      });
    }
  } finally {
    if (terminal) {
      process.stdout.write('\u001b[?25h\u001b[?1049l');
    }
  }
  return 0;
}

/** The lines that fit into the rows; the last row says how many do not. */
export function fitted(lines: readonly string[], rows: number): readonly string[] {
  const shown = Math.max(0, rows - 1);
  return lines.length <= rows ? lines : [...lines.slice(0, shown), `… ${lines.length - shown} more`];
}
