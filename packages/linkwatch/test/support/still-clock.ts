import { processLoop, type ReadingLoop } from '../../src/reading-loop.ts';

/**
 * The event loop of this process, with a clock that stands still: one read empties a queue however busy the machine is. By the real
 * clock a read stops after 5 ms, which a process that waits for a processor may spend without reading.
 */
export const stillClock: ReadingLoop = { ...processLoop, now: () => 0 };
