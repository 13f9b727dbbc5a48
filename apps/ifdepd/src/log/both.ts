import type { Log } from './log.ts';

/** A log that writes to two. */
export function both(one: Log, other: Log): Log {
  return {
    write(entry) {
      one.write(entry);
      other.write(entry);
    },
    async close() {
      await Promise.all([one.close(), other.close()]);
    },
  };
}
