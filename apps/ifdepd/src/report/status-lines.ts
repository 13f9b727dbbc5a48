import type { Explained } from '../engine/explain-parts.ts';
import type { LogEntry } from '../log/index.ts';

/** The state as log lines: one for each group and each destination. */
export function statusLines({ groups, destinations }: Explained): readonly LogEntry[] {
  return [...groups, ...destinations].map(({ sentence }) => ({
    event: 'status',
    level: 'notice',
    message: sentence,
  }));
}
