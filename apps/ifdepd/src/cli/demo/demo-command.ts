import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hostTarget } from '@ifdepd/libc';
import { refusalOf } from '../../system/directories.ts';
import { ExitCode, ExitError } from '../../system/errors.ts';
import { SEALED } from '../../system/inspector.ts';
import { networkNamespaceId } from '../../system/network-namespace.ts';
import { codeOfSignal, onInterruption } from './interruption.ts';
import { showDemo } from './show-demo.ts';

/** Set in the process inside the namespace: the pid and the namespace of the process that made it. */
const INSIDE_VARIABLE = 'IFDEPD_DEMO_INSIDE';

/**
 * `ifdepd demo`: the manual page's example in a network namespace that goes away with the process. Needs neither root
 * nor any interface of this host.
 *
 * @param program the file of this program
 * @returns 0 only where every expected change was seen
 * @throws {ExitError} naming what this machine lacks
 */
export function demoCommand(program: string): number | Promise<number> {
  if (isInside(process.env[INSIDE_VARIABLE])) {
    return showDemo(program);
  }
  if (hostTarget().platform !== 'linux') {
    throw new ExitError(ExitCode.unavailable, 'the demo needs the network namespaces of Linux');
  }
  needProgram('ip', ['-V'], 'iproute2');
  needProgram('unshare', ['--version'], 'util-linux');
  const args = [...namespaceArguments(), process.execPath, ...process.execArgv, SEALED, program, 'demo'];
  return runInTemporaryFolder(args);
}

/** True in a namespace that our parent made, and in no other: the demo makes interfaces and cuts them. */
function isInside(value: string | undefined): boolean {
  const [parent, outside] = (value ?? '').split(' ').map(Number);
  return parent === process.ppid && outside !== networkNamespaceId();
}

/** The daemon of the demo leaves no journal, locks or compiled code among those of this host. */
async function runInTemporaryFolder(args: readonly string[]): Promise<number> {
  let child: ChildProcess | undefined;
  // A terminal signals the child, too, kill(1) does not. The folder is removed after the child has ended.
  using _passedOn = onInterruption((signal) => child?.kill(signal));
  const folder = temporaryFolder();
  const [RUNTIME_DIRECTORY, STATE_DIRECTORY] = [join(folder, 'run'), join(folder, 'state')];
  try {
    const started = spawn('unshare', args, {
      stdio: 'inherit',
      env: {
        ...process.env,
        RUNTIME_DIRECTORY,
        STATE_DIRECTORY,
        NODE_DISABLE_COMPILE_CACHE: '1',
        [INSIDE_VARIABLE]: `${process.pid} ${networkNamespaceId()}`,
      },
    });
    child = started;
    return await new Promise((resolve, reject) => {
      started.once('error', reject);
      started.once('close', (code, signal) =>
        resolve(signal === null ? (code ?? ExitCode.internal) : codeOfSignal(signal)),
      );
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function temporaryFolder(): string {
  try {
    return mkdtempSync(join(tmpdir(), 'ifdepd-demo-'));
  } catch (error) {
    throw refusalOf(
      error,
      (code) => `the demo needs a temporary directory, and ${tmpdir()} is none (${code}): set TMPDIR to one`,
    );
  }
}

function needProgram(name: string, args: readonly string[], packageName: string): void {
  if (spawnSync(name, args, { stdio: 'ignore' }).status !== 0) {
    throw new ExitError(
      ExitCode.unavailable,
      `the demo needs ${name}(8) of ${packageName}: apt-get install ${packageName} (or dnf, apk, pacman)`,
    );
  }
}

/** The arguments of unshare(1) for a network namespace: as root, or through a user namespace. */
function namespaceArguments(): readonly string[] {
  const choices = [['--net'], ['--user', '--map-root-user', '--net']];
  const usable = choices.find(
    (args) => spawnSync('unshare', [...args, 'true'], { stdio: 'ignore' }).status === 0,
  );
  if (usable === undefined) {
    throw new ExitError(
      ExitCode.notPermitted,
      'this system gives ordinary users no network namespace. Run the demo as root, or allow it: ' +
        'sysctl kernel.unprivileged_userns_clone=1 (Debian), kernel.apparmor_restrict_unprivileged_userns=0 (Ubuntu), ' +
        'user.max_user_namespaces>0',
    );
  }
  return usable;
}
