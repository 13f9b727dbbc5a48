/**
 * The parts that every daemon needs after its first decision. They are one file of the program: each file that Node finds and
 * reads takes time and memory.
 */
export { onClockStep } from '@ifdepd/libc/linux';
export { serviceManager } from './notify.ts';
export { reload } from './reload.ts';
export { reportFindings } from './report-findings.ts';
export { openDefaultSocket, openMetrics, openSocket } from './serve.ts';
