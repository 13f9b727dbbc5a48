import type { SnapshotCause } from '@ifdepd/linkwatch';
import type { LogEntry } from '../log/index.ts';

/** For whoever reads the log; those that are not here say it themselves. */
const WORDS: Partial<Record<SnapshotCause, string>> = {
  unreadable: 'a message of the kernel did not fit, or made no sense',
};

/** `interfaces read again (overrun)` */
export function resyncLine(cause: SnapshotCause): LogEntry {
  return {
    event: 'resync',
    level: cause === 'overrun' ? 'warning' : 'info',
    message: `interfaces read again (${WORDS[cause] ?? cause})`,
    fields: { cause },
  };
}
