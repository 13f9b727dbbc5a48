import { spawnSync } from 'node:child_process';
import { ExitCode, ExitError } from '../../system/errors.ts';

/** The end of a cable that is plugged into the switch: set down, the interface has no carrier. */
export function farEnd(name: string): string {
  return `${name}-x`;
}

/**
 * Interfaces with a cable in each, up at both ends, in the namespace of this process.
 *
 * @throws {ExitError} with what ip(8) said
 */
export function buildLab(names: readonly string[]): void {
  const lines = names.flatMap((name) => [
    `link add ${name} type veth peer name ${farEnd(name)}`,
    `link set ${farEnd(name)} up`,
    `link set ${name} up`,
  ]);
  const { status, stderr } = spawnSync('ip', ['-batch', '-'], {
    input: `${lines.join('\n')}\n`,
    encoding: 'utf8',
  });
  if (status !== 0) {
    throw new ExitError(
      ExitCode.system,
      `cannot make interfaces for the demo: ${stderr.trim()} (is the kernel's veth driver there? modprobe veth)`,
    );
  }
}
