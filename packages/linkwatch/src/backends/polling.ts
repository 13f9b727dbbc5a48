import { readSysfsLinks } from '../sysfs/read-links.ts';
import type { LinkBackend, LinkDecoder, Received } from './backend.ts';

const NOTHING: Received = Object.freeze({ type: 'nothing' });

/** It hands over links, no bytes. */
const noDecoder: LinkDecoder = Object.freeze({ decode: () => undefined });

/** How to poll. */
export interface PollingOptions {
  /** Where the kernel shows its links; normally `/sys/class/net`. */
  readonly directory: string;
  /** Milliseconds between two reads. */
  readonly intervalMs: number;
}

/**
 * Reads all links at an interval, for where there are no messages. What changes and changes back between two reads
 * shows in the carrier counters alone.
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
      return { [Symbol.dispose]: () => clearInterval(timer) };
    },
    [Symbol.dispose]: () => undefined,
  };
}

/** The positive errno of an error of node:fs, which carries it negated; other errors are not ours to hide. */
function errnoOf(error: unknown): number {
  if (error instanceof Error && 'errno' in error && typeof error.errno === 'number') {
    return -error.errno;
  }
  throw error;
}
