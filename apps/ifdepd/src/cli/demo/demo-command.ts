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

/** Set in the process that runs inside the namespace: who made that, and in which namespace that one is. */
const INSIDE_VARIABLE = 'IFDEPD_DEMO_INSIDE';

/**
 * `ifdepd demo`: the manual page's example in a network namespace that goes away with the process. Needs neither root
 * nor any interface of this host.
 *
 * @param program the file of this program
 * @returns 0 only where everything was seen to happen
 * @throws {ExitError} that says what this machine lacks
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
  const words = [...namespaceWords(), process.execPath, ...process.execArgv, SEALED, program, 'demo'];
  return inFolderOfItsOwn(words);
}

/** True in a namespace that our parent made, and in no other: the demo makes interfaces and cuts them. */
function isInside(value: string | undefined): boolean {
  const [parent, outside] = (value ?? '').split(' ').map(Number);
  return parent === process.ppid && outside !== networkNamespaceId();
}

/** The daemon of the demo leaves no journal, locks or compiled code among those of this host. */
async function inFolderOfItsOwn(words: readonly string[]): Promise<number> {
  let child: ChildProcess | undefined;
  // A terminal tells the child, too, kill(1) does not. Either way the folder is taken away when nobody uses it any more.
  using _passedOn = onInterruption((signal) => child?.kill(signal));
  const folder = temporaryFolder();
  const [RUNTIME_DIRECTORY, STATE_DIRECTORY] = [join(folder, 'run'), join(folder, 'state')];
  try {
    const started = spawn('unshare', words, {
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

function needProgram(name: string, words: readonly string[], packageName: string): void {
  if (spawnSync(name, words, { stdio: 'ignore' }).status !== 0) {
    throw new ExitError(
      ExitCode.unavailable,
      `the demo needs ${name}(8) of ${packageName}: apt-get install ${packageName} (or dnf, apk, pacman)`,
    );
  }
}

/** How unshare(1) gets a network namespace here: as root, or through a user namespace. */
function namespaceWords(): readonly string[] {
  const ways = [['--net'], ['--user', '--map-root-user', '--net']];
  const way = ways.find(
    (words) => spawnSync('unshare', [...words, 'true'], { stdio: 'ignore' }).status === 0,
  );
  if (way === undefined) {
    throw new ExitError(
      ExitCode.notPermitted,
      'this system gives ordinary users no network namespace. Run the demo as root, or allow it: ' +
        'sysctl kernel.unprivileged_userns_clone=1 (Debian), kernel.apparmor_restrict_unprivileged_userns=0 (Ubuntu), ' +
        'user.max_user_namespaces>0',
    );
  }
  return way;
}
