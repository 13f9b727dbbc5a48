import { ExitError } from '../../system/errors.ts';
import { onOutput } from './print.ts';

/** How often a live view is painted. */
const PERIOD_MS = 500;

/**
 * Paints lines over and over until the terminal's interrupt ends it. Without a terminal each picture follows the one
 * before, where it differs.
 */
export async function repaint(picture: () => Promise<readonly string[]>): Promise<number> {
  const terminal = process.stdout.isTTY === true;
  let last = '';
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort());
  process.once('SIGTERM', () => controller.abort());
  if (terminal) {
    // The other screen: what was there before comes back at the end.
    process.stdout.write('\u001b[?1049h\u001b[?25l');
  }
  try {
    while (!controller.signal.aborted) {
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
      await pause(controller.signal);
    }
  } finally {
    if (terminal) {
      process.stdout.write('\u001b[?25h\u001b[?1049l');
    }
  }
  return 0;
}

/** As many lines as there are rows; where they are not all, the last row says how many more there are. */
export function fitted(lines: readonly string[], rows: number): readonly string[] {
  const shown = Math.max(0, rows - 1);
  return lines.length <= rows ? lines : [...lines.slice(0, shown), `… ${lines.length - shown} more`];
}

function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, PERIOD_MS);
    signal.addEventListener('abort', done);
  });
}
