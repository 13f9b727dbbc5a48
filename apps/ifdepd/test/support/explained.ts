import { runToEnd } from './program.ts';

/** Waits until `ifdepd explain` of the group of a command line says this of kernel failover: calls are armed in a later turn. */
export async function explained(socket: string, line: string): Promise<void> {
  let text = '';
  while (!text.includes(`\n    kernel failover: ${line}\n`)) {
    text = (await runToEnd(['explain', '-s', socket, 'cli'])).stdout;
  }
}
