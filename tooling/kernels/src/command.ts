import { spawnSync } from 'node:child_process';

/** Large enough for an archive that a program writes to its standard output. */
const MOST_OUTPUT_BYTES = 1 << 30;

/** How to run a program. */
export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string | Uint8Array;
}

/**
 * Runs a program and waits for it.
 *
 * @returns what it printed
 * @throws {Error} with the package that has the program, or with what it wrote to its standard error
 */
export function command(
  program: string,
  words: readonly string[],
  { cwd, env, input }: CommandOptions = {},
): Buffer {
  const { error, status, stdout, stderr } = spawnSync(program, words, {
    maxBuffer: MOST_OUTPUT_BYTES,
    ...(cwd === undefined ? {} : { cwd }),
    ...(env === undefined ? {} : { env: { ...process.env, ...env } }),
    ...(input === undefined ? {} : { input }),
  });
  if (error !== undefined) {
    throw new Error(`cannot run ${program}: ${error.message}. ${wayOut(program)}`, { cause: error });
  }
  if (status !== 0) {
    throw new Error(`${program} ${words.join(' ')}: exit ${status}: ${stderr.toString().trim()}`);
  }
  return stdout;
}

const packages: Readonly<Record<string, string>> = {
  'qemu-system-x86_64': 'qemu-system-x86',
  'qemu-system-aarch64': 'qemu-system-arm',
  busybox: 'busybox-static',
  ip: 'iproute2',
  xz: 'xz-utils',
  'x86_64-linux-gnu-gcc': 'gcc libc6-dev',
  'aarch64-linux-gnu-gcc': 'gcc-aarch64-linux-gnu libc6-dev-arm64-cross',
};

/** The command that installs a program on Debian, as a sentence. */
export function wayOut(program: string): string {
  return /^(?:apt|dpkg)/.test(program)
    ? 'The kernels are packages of Debian: run this on Debian, or in a container of it.'
    : `On Debian: apt-get install ${packages[program] ?? program}`;
}
