import { readSysfsLinks } from '../sysfs/read-links.ts';
import type { LinkDecoder } from '../wire/link-decoder.ts';
import type { LinkBackend, Received } from './backend.ts';

const NOTHING: Received = Object.freeze({ type: 'nothing' });

/** Never called: polling returns links, no bytes. */
const noDecoder: LinkDecoder = Object.freeze({ decode: () => undefined });

/** Options of {@link openPolling}. */
export interface PollingOptions {
  /** The directory of the links, normally `/sys/class/net`. */
  readonly directory: string;
  /** Milliseconds between two reads. */
  readonly intervalMs: number;
}

/**
 * Reads all links at an interval, where there are no messages. A change that is undone between two reads shows only in the carrier
 * counters.
 */
export function openPolling({ directory, intervalMs }: PollingOptions): LinkBackend {
  let due = false;
  return {
    name: 'polling',
    decoder: noDecoder,
    receive(): Received {
      if (!due) {
        return NOTHING;
      }
      due = false;
      try {
        return { type: 'links', links: readSysfsLinks(directory) };
      } catch (error) {
        return { type: 'refused', errno: errnoOf(error) };
      }
    },
    requestSnapshot() {
      due = true;
      return 0;
    },
    onReadable(callback) {
      const timer = setInterval(() => {
        due = true;
        callback();
      }, intervalMs);
      return {
        ref: () => void timer.ref(),
        unref: () => void timer.unref(),
        [Symbol.dispose]: () => clearInterval(timer),
      };
    },
    [Symbol.dispose]: () => undefined,
  };
}

/** The positive errno of an error of node:fs, which has it negated. Throws any other error again. */
function errnoOf(error: unknown): number {
  if (error instanceof Error && 'errno' in error && typeof error.errno === 'number') {
    return -error.errno;
  }
  throw error;
}
