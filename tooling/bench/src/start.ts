import { spawnSync } from 'node:child_process';

/** How long a command takes from its start to its end, in microseconds. */
export function duration(command: readonly [string, ...string[]]): number {
  const [program, ...words] = command;
  const began = process.hrtime.bigint();
  const { status, stderr } = spawnSync(program, words, {
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const took = Number(process.hrtime.bigint() - began) / 1000;
  if (status !== 0) {
    throw new Error(`${command.join(' ')}: exit ${status}: ${stderr}`);
  }
  return took;
}
