import type { Explanation } from '@ifdepd/policy';
import type { LogEntry } from '../log/index.ts';

/** The state as log lines: one for each group and each destination. */
export function statusLines({ groups, destinations }: Explanation): readonly LogEntry[] {
  return [...groups, ...destinations].map(({ sentence }) => ({
    event: 'status',
    level: 'notice',
    message: sentence,
  }));
}
