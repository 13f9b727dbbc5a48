import { createRequire } from 'node:module';
import type { default as Koffi } from 'koffi';

/**
 * koffi, by its CommonJS door: the same functions, in half the time. Its other one is read in turns of the event loop
 * while a program waits for its start.
 */
export const koffi: typeof Koffi = createRequire(import.meta.url)('koffi');
