import type { Log } from '../../src/log/index.ts';

/** A log that nobody reads. */
export const quietLog: Log = { write: () => undefined, close: () => Promise.resolve() };
