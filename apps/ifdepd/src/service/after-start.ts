/**
 * The parts that every daemon needs after its first decision. They are one file of the program: each file that Node finds and
 * reads takes time and memory.
 */
export { onClockStep } from '@ifdepd/libc/linux';
export { openDefaultSocket, openMetrics, openSocket } from './serve.ts';
export { serveUntilStopped } from './serve-until-stopped.ts';
